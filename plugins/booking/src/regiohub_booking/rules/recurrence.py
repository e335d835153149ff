"""Series: the dates a rule gives, and what becomes of each."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule

from regiohub.api import DomainError
from regiohub_booking.errors import NonexistentLocalTime, TooManyOccurrences
from regiohub_booking.rules.clock import edge, is_missing, wall_time
from regiohub_booking.rules.interval import Interval


class Frequency(StrEnum):
    """How often a series repeats."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class OnConflict(StrEnum):
    """What happens when a date of a series is not possible."""

    ALL_OR_NOTHING = "all_or_nothing"
    SKIP = "skip"


_FREQ: dict[Frequency, Literal[1, 2, 3]] = {
    Frequency.DAILY: DAILY,
    Frequency.WEEKLY: WEEKLY,
    Frequency.MONTHLY: MONTHLY,
}


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Every ``interval`` days, weeks or months, ``count`` times or until the day ``until`` (included).

    A monthly series keeps the weekday and its position (each second Tuesday), the way clubs meet.
    """

    frequency: Frequency = Frequency.WEEKLY
    interval: int = 1
    count: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One date of a series: wall-clock start and end, and the instants unless that time does not exist."""

    starts: datetime
    ends: datetime
    interval: Interval | None

    @property
    def day(self) -> date:
        """The calendar day the date begins on."""
        return self.starts.date()


@dataclass(frozen=True, slots=True)
class Rejection:
    """A date that is not possible, with the reason."""

    day: date
    error: DomainError


def occurrences(rule: Recurrence, first: Interval, zone: ZoneInfo, *, limit: int) -> list[Occurrence]:
    """The dates of a series whose first one is ``first``, at the same wall-clock time on each day.

    Raises TooManyOccurrences without an end, without any date, or beyond ``limit``.
    """
    if rule.interval < 1 or (rule.count is None and rule.until is None):
        raise TooManyOccurrences(limit)
    start, end = wall_time(first.start, zone), wall_time(first.end, zone)
    days = list(islice(_starts(rule, start), limit + 1))
    if not days or len(days) > limit:
        raise TooManyOccurrences(limit)
    dates = [_occurrence(day, day + (end - start), zone) for day in days]
    if dates[0].starts == start:
        # The first date is known as instants: exact even inside the repeated hour.
        dates[0] = Occurrence(start, end, first)
    return dates


def _starts(rule: Recurrence, start: datetime) -> Iterator[datetime]:
    until = datetime.combine(rule.until, start.time()) if rule.until is not None else None
    position = (start.day - 1) // 7 + 1
    weekday = start.weekday() if rule.frequency is Frequency.MONTHLY else None
    dates = rrule(
        _FREQ[rule.frequency],
        dtstart=start,
        interval=rule.interval,
        until=until,
        byweekday=weekday,
        # The fifth Tuesday does not exist in most months: a series that begins on one means the last Tuesday.
        bysetpos=(-1 if position == 5 else position) if weekday is not None else None,
    )
    return islice(iter(dates), rule.count)


def _occurrence(start: datetime, end: datetime, zone: ZoneInfo) -> Occurrence:
    if is_missing(start, zone) or is_missing(end, zone):
        return Occurrence(start, end, None)
    # In the repeated hour a date takes the whole of it, from the first start to the second end.
    return Occurrence(start, end, Interval(edge(start, zone), edge(end, zone, closing=True)))


def missing_time(occurrence: Occurrence, zone: ZoneInfo) -> DomainError:
    """The reason for a date whose wall-clock time is skipped that night."""
    wall = occurrence.starts if is_missing(occurrence.starts, zone) else occurrence.ends
    return NonexistentLocalTime(wall)
