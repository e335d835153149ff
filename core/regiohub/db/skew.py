"""How far this machine's clock is from the database server's.

Workers on several machines compare their claims, each by its own clock: clocks that differ by more than a claim lasts
make them take each other for dead, and do the same work twice.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from regiohub.clock import Clock
from regiohub.db.database import Database

MOST_SKEW = timedelta(seconds=5)
"""Up to here clocks may differ: a quarter of a worker's claim."""


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
