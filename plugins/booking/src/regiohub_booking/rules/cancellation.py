"""Until when a booker may cancel or move a booking."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from regiohub_booking.errors import CancellationTooLate
from regiohub_booking.rules.clock import wall_time


def last_moment(starts_at: datetime, notice: timedelta) -> datetime:
    """The latest instant for a cancellation by the booker."""
    return starts_at - notice


def check_cancellation(starts_at: datetime, notice: timedelta, now: datetime, zone: ZoneInfo) -> None:
    """Raises CancellationTooLate after the last moment, and in any case once the booking has begun."""
    until = min(last_moment(starts_at, notice), starts_at)
    if now > until:
        raise CancellationTooLate(wall_time(until, zone))
