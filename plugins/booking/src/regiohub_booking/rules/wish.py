"""From what a caller wrote to one UTC interval: two instants, a day with wall-clock times, or whole days."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from regiohub.api import InvalidInput, t
from regiohub_booking.errors import EndBeforeStart, TimesMissing
from regiohub_booking.rules.clock import day_edge, instant, refuse_skipped_hour
from regiohub_booking.rules.interval import Interval


def between(start: datetime, end: datetime, zone: ZoneInfo) -> Interval:
    """Two instants. Raises EndBeforeStart, or NonexistentLocalTime for a skipped hour written with a local offset."""
    for moment, field in ((start, "startsAt"), (end, "endsAt")):
        if moment.tzinfo is None:
            raise InvalidInput(t("Die Zeitangabe braucht eine Zeitzone.", "The time needs an offset."), field=field)
        refuse_skipped_hour(moment, zone, field=field)
    if end <= start:
        raise EndBeforeStart
    return Interval(start, end)


def on_day(day: date, start: time, end: time, zone: ZoneInfo) -> Interval:
    """Wall-clock times on ``day``; an end at or before the start belongs to the next day only when it is midnight.

    Raises EndBeforeStart, NonexistentLocalTime and AmbiguousLocalTime.
    """
    last = day + timedelta(days=1) if end == time() else day
    starts, ends = datetime.combine(day, start), datetime.combine(last, end)
    if ends <= starts:
        raise EndBeforeStart("endTime")
    return Interval(instant(starts, zone, field="startTime"), instant(ends, zone, field="endTime"))


def whole_days(first: date, last: date, zone: ZoneInfo) -> Interval:
    """From the midnight that begins ``first`` to the one that ends ``last``; 23 or 25 hours when the clocks change."""
    if last < first:
        raise EndBeforeStart("lastDay")
    return Interval(day_edge(first, 0, zone), day_edge(last, 1440, zone))


def one_wish(
    zone: ZoneInfo,
    *,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    day: date | None = None,
    start_time: time | None = None,
    end_time: time | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
) -> Interval:
    """Exactly one of the three ways. Raises TimesMissing for none, a half one, or several at once."""
    ways = [
        (starts_at, ends_at),
        (day, start_time, end_time),
        (first_day, last_day),
    ]
    used = [way for way in ways if any(part is not None for part in way)]
    if len(used) != 1 or any(part is None for part in used[0]):
        raise TimesMissing
    if starts_at is not None and ends_at is not None:
        return between(starts_at, ends_at, zone)
    if day is not None and start_time is not None and end_time is not None:
        return on_day(day, start_time, end_time, zone)
    if first_day is not None and last_day is not None:
        return whole_days(first_day, last_day, zone)
    raise TimesMissing
