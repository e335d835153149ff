"""Opening hours: a plan per weekday, exceptions for single days, and what holds on public holidays."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from regiohub.api import Text, t
from regiohub_booking.rules.clock import DAY_MINUTES, day_edge, local_day
from regiohub_booking.rules.interval import Interval, merged

HolidayNames = Callable[[date], Text | None]
SUNDAY = 6
CLOSED_WEEKDAY = t("an diesem Wochentag geschlossen", "closed on this day of the week")


class HolidayRule(StrEnum):
    """What a public holiday means for a place."""

    OPEN = "open"
    CLOSED = "closed"
    AS_SUNDAY = "as_sunday"


@dataclass(frozen=True, order=True, slots=True)
class Window:
    """Open from ``opens`` to ``closes``, minutes of wall-clock time after midnight.

    ``closes`` may lie beyond 1440: a hall open until two in the morning closes at 1560 of the day it opened.
    """

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < DAY_MINUTES or not self.opens < self.closes <= 2 * DAY_MINUTES:
            raise ValueError("opening hours start within the day and end later, at most at the midnight after next")


ALL_DAY = Window(0, DAY_MINUTES)


@dataclass(frozen=True, slots=True)
class SpecialDays:
    """Other hours, or none, from ``first`` to ``last`` (both included), with the reason told to residents."""

    first: date
    last: date
    windows: tuple[Window, ...] = ()
    reason: Text | None = None

    def covers(self, day: date) -> bool:
        """True when the exception holds on ``day``."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class DayHours:
    """The windows of one day; ``reason`` says why they differ from the ordinary plan."""

    windows: tuple[Window, ...]
    reason: Text | None = None


@dataclass(frozen=True, slots=True)
class OpeningPlan:
    """Seven tuples of windows (Monday first), exceptions, and the rule for public holidays."""

    week: tuple[tuple[Window, ...], ...]
    special: tuple[SpecialDays, ...] = ()
    holiday_rule: HolidayRule = HolidayRule.OPEN
    holiday_names: HolidayNames = field(default=lambda _day: None, compare=False)

    def __post_init__(self) -> None:
        if len(self.week) != 7:
            raise ValueError("an opening plan has seven weekdays")

    def on(self, day: date) -> DayHours:
        """The hours of ``day``: the narrowest exception wins, then the holiday rule, then the weekday."""
        special = min((s for s in self.special if s.covers(day)), key=lambda s: s.last - s.first, default=None)
        if special is not None:
            return DayHours(special.windows, special.reason)
        holiday = self.holiday_names(day)
        if holiday is not None and self.holiday_rule is HolidayRule.CLOSED:
            return DayHours((), holiday)
        if holiday is not None and self.holiday_rule is HolidayRule.AS_SUNDAY:
            return DayHours(self.week[SUNDAY], holiday)
        hours = self.week[day.weekday()]
        return DayHours(hours, None if hours else CLOSED_WEEKDAY)

    def is_open_day(self, day: date) -> bool:
        """True when the place opens at all on ``day``."""
        return bool(self.on(day).windows)

    def open_between(self, start: datetime, end: datetime, zone: ZoneInfo) -> list[Interval]:
        """The open intervals that touch ``[start, end)``, whole (not cut at its edges), merged and in UTC."""
        # The evening before may reach into the first day, see Window.closes.
        day, last = local_day(start, zone) - timedelta(days=1), local_day(end, zone)
        found: list[Interval] = []
        while day <= last:
            for window in self.on(day).windows:
                opens, closes = day_edge(day, window.opens, zone), day_edge(day, window.closes, zone, closing=True)
                if opens < closes:
                    found.append(Interval(opens, closes))
            day += timedelta(days=1)
        asked = Interval(start, end)
        return [item for item in merged(found) if item.overlaps(asked)]


def always_open() -> OpeningPlan:
    """A plan without closing time, for resources that declare no hours."""
    return OpeningPlan(week=((ALL_DAY,),) * 7)
