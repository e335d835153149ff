"""When scheduled jobs are due: fixed periods since the epoch, shifted a little for each town."""

from datetime import UTC, datetime, timedelta
from zlib import crc32

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOST_SHIFT = timedelta(minutes=5)


def shift_of(tenant_id: int, job: str, every: timedelta) -> timedelta:
    """Deterministic shift of a town's periods, so that hundreds of towns do not start a job in the same second.

    At most a fifth of the period and never more than five minutes; whole seconds.
    """
    span = int(min(every / 5, _MOST_SHIFT).total_seconds())
    return timedelta(seconds=crc32(f"{tenant_id}:{job}".encode()) % (span + 1))


def next_period(now: datetime, every: timedelta, shift: timedelta = timedelta()) -> datetime:
    """Start of the first period that begins after ``now``."""
    passed = (now - _EPOCH - shift) // every
    return _EPOCH + shift + (passed + 1) * every
