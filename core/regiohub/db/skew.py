"""How far this machine's clock is from the database server's.

Workers on several machines compare their claims. By clocks that differ by more than a claim lasts they would take each
other for dead and do the same work twice, so all of them go by the server's clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from regiohub.clock import Clock
from regiohub.db.database import Database

MOST_SKEW = timedelta(seconds=5)
"""Up to here clocks may differ unnoticed: sign-in, bookings' ends and the log's times go by the machine's own."""


class ServersClock(Clock):
    """The database server's time, as far as it was last compared with this machine's."""

    def __init__(self, own: Clock) -> None:
        """``own``: this machine's."""
        self._own = own
        self._ahead = timedelta()

    def now(self) -> datetime:
        """The moment by the server's clock; by the machine's until they are compared."""
        return self._own.now() - self._ahead

    async def compare(self, database: Database) -> timedelta:
        """Go by the server's clock from now on. Returns how far the machine is ahead of it."""
        if self._own.runs:
            self._ahead = await skew(database, self._own)
        return self._ahead


async def skew(database: Database, clock: Clock | None = None) -> timedelta:
    """How far this machine is ahead of the database server (negative: behind); nothing for the embedded database.

    Half of the time that the question took is its error. ``clock``: the system's, unless another one is given.
    """
    if database.dialect != "postgresql":
        return timedelta()
    clock = clock or Clock()
    async with database.reading.connect() as connection:
        await connection.scalar(sa.select(1))  # connecting may take its time
        asked = clock.now()
        there = (await connection.execute(sa.select(sa.func.clock_timestamp()))).scalar_one()
        return asked + (clock.now() - asked) / 2 - there


def skew_text(ahead: timedelta) -> str | None:
    """In words, where it is too much."""
    if abs(ahead) <= MOST_SKEW:
        return None
    side = "ahead of" if ahead > timedelta() else "behind"
    return f"this machine's clock is {abs(ahead).total_seconds():.0f} s {side} the database server's"
