"""Entries that come later than their time says, or before it, and what is held back for it.

A transaction that takes long commits its entry after entries with higher ids have been sealed. Within `TOLERANCE`
that is ordinary, and the entry is sealed with the next round. What comes later than any transaction lasts is not
sealed by itself: somebody may have put it there, and a seal would vouch for it. Nor is what bears a time to come; and
where such an entry, or a clock that ran ahead, has come into a seal, the present counts for those that follow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from regiohub.db.base import uuid7
from regiohub.db.types import iso_utc

if TYPE_CHECKING:
    from .rows import SealRow

TOLERANCE: Final = timedelta(minutes=20)
"""Longer than any unit of work: requests end after seconds, jobs after 15 minutes. Clocks differ by less."""
_TOLERATED: Final = TOLERANCE // timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Limits:
    """Between what bounds an unsealed entry is ordinary, after a certain seal."""

    floor: bytes
    """Lowest ordinary id."""
    ceiling: bytes
    """Highest ordinary id."""
    since: Any
    """Earliest ordinary time, as the database hands it over; None: any."""
    until: Any
    """Latest ordinary time, in the same form."""

    def is_ordinary(self, id_: bytes, at: Any) -> bool:
        """Whether an entry that is not sealed yet simply waits for the next round."""
        try:
            return self.floor <= id_ <= self.ceiling and (self.since is None or at >= self.since) and at <= self.until
        except TypeError:
            return False


def limits_after(last: SealRow | None, highest: bytes | None, now: datetime, dialect: str) -> Limits:
    """The limits at this moment after the last seal, with the ``highest`` id of all that is sealed.

    In a log that was never sealed everything is ordinary that bears no time to come.
    """
    present = uuid7().bytes  # ids bear the machine's time
    complete = last.complete_until if last else None
    return Limits(
        floor=floor_of(min(highest, present)) if highest else bytes(16),
        ceiling=(_milliseconds(present) + _TOLERATED).to_bytes(6) + b"\xff" * 10,
        since=threshold(min(complete, now), dialect) if complete else None,
        # The platform's clock need not be the machine's; no entry is later than both.
        until=_as_stored(max(now, datetime.fromtimestamp(_milliseconds(present) / 1000, UTC)) + TOLERANCE, dialect),
    )


def floor_of(highest: bytes) -> bytes:
    """The lowest id that is made within the tolerance before this one."""
    return max(0, _milliseconds(highest) - _TOLERATED).to_bytes(6) + bytes(10)


def threshold(complete_until: datetime | None, dialect: str) -> Any:
    """The time before which an entry is late, in the form in which the database hands times over."""
    return _as_stored(complete_until - TOLERANCE, dialect) if complete_until else None


def _milliseconds(id_: bytes) -> int:
    """The moment at which an id was made, in milliseconds since 1970 (UUIDv7: its first 48 bits)."""
    return int.from_bytes(id_[:6])


def _as_stored(moment: datetime, dialect: str) -> Any:
    return iso_utc(moment) if dialect == "sqlite" else moment
