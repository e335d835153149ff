"""Entries that come later than their time says, and what is held back for it.

A transaction that takes long commits its entry after entries with higher ids have been sealed. Within `TOLERANCE`
that is ordinary, and the entry is sealed with the next round. What comes later than any transaction lasts is not
sealed by itself: somebody may have put it there, and a seal would vouch for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from regiohub.db.types import iso_utc

if TYPE_CHECKING:
    from .rows import SealRow

TOLERANCE: Final = timedelta(minutes=20)
"""Longer than any unit of work: requests end after seconds, jobs after 15 minutes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on an unsealed entry is ordinary, after a certain seal."""

    floor: bytes
    """Lowest ordinary id."""
    since: Any
    """Earliest ordinary time, as the database hands it over; None: any."""

    def is_ordinary(self, id_: bytes, at: Any) -> bool:
        """Whether an entry that is not sealed yet simply waits for the next round."""
        try:
            return id_ >= self.floor and (self.since is None or at >= self.since)
        except TypeError:
            return False


def limits(highest: bytes | None, complete_until: datetime | None, dialect: str) -> Limits:
    """The limits after the last seal: ``highest`` id of all that is sealed, and when nothing was left."""
    return Limits(floor_of(highest), threshold(complete_until, dialect))


def limits_after(last: SealRow | None, highest: bytes | None, dialect: str) -> Limits:
    """The limits after a seal, or those of a log that was never sealed: everything is ordinary."""
    return limits(highest, last.complete_until if last else None, dialect)


def floor_of(highest: bytes | None) -> bytes:
    """The lowest id that is made within the tolerance before this one (UUIDv7: the first 48 bits are milliseconds)."""
    if highest is None:
        return bytes(16)
    earlier = int.from_bytes(highest[:6]) - int(TOLERANCE.total_seconds() * 1000)
    return max(0, earlier).to_bytes(6) + bytes(10)


def milliseconds(id_: UUID | bytes) -> int:
    """The moment at which an id was made, in milliseconds since 1970."""
    return int.from_bytes((id_ if isinstance(id_, bytes) else id_.bytes)[:6])


def threshold(complete_until: datetime | None, dialect: str) -> Any:
    """The time before which an entry is late, in the form in which the database hands times over."""
    if complete_until is None:
        return None
    limit = complete_until - TOLERANCE
    return iso_utc(limit) if dialect == "sqlite" else limit
