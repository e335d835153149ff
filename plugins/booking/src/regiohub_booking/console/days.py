"""Windows of calendars: weeks and months of the town's wall clock."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from regiohub.api import Text, t
from regiohub_booking.rules.clock import day_edge
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.wording import day_text

View = Literal["week", "month", "list"]
WEEKDAYS = (
    t("Montag", "Monday"), t("Dienstag", "Tuesday"), t("Mittwoch", "Wednesday"), t("Donnerstag", "Thursday"),
    t("Freitag", "Friday"), t("Samstag", "Saturday"), t("Sonntag", "Sunday"),
)  # fmt: skip
MONTHS = (
    t("Januar", "January"), t("Februar", "February"), t("März", "March"), t("April", "April"), t("Mai", "May"),
    t("Juni", "June"), t("Juli", "July"), t("August", "August"), t("September", "September"),
    t("Oktober", "October"), t("November", "November"), t("Dezember", "December"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Window:
    """Whole days from ``first`` to ``last``, and the days that lead to the window before and the one after."""

    first: date
    last: date
    before: date
    after: date
    title: Text

    @property
    def days(self) -> list[date]:
        """All days."""
        return [self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1)]

    @property
    def weeks(self) -> list[list[date]]:
        """The days in rows of seven."""
        return [self.days[number : number + 7] for number in range(0, len(self.days), 7)]

    def span(self, zone: ZoneInfo) -> Interval:
        """The window as instants."""
        return Interval(day_edge(self.first, 0, zone), day_edge(self.last, 1440, zone))


def day_span(day: date, zone: ZoneInfo) -> Interval:
    """One day as instants; 23 or 25 hours when the clocks change."""
    return Interval(day_edge(day, 0, zone), day_edge(day, 1440, zone))


def week_of(day: date) -> Window:
    """The week, Monday to Sunday, that a day lies in."""
    first = day - timedelta(days=day.weekday())
    last = first + timedelta(days=6)
    number, (begins, ends) = first.isocalendar().week, (day_text(first), day_text(last))
    title = t(f"Woche {number}, {begins.de} bis {ends.de}", f"Week {number}, {begins.en} to {ends.en}")
    return Window(first, last, first - timedelta(days=7), first + timedelta(days=7), title)


def month_of(day: date) -> Window:
    """The month of a day, filled up to whole weeks."""
    begins = day.replace(day=1)
    after = (begins + timedelta(days=32)).replace(day=1)
    ends = after - timedelta(days=1)
    name = MONTHS[begins.month - 1]
    return Window(
        begins - timedelta(days=begins.weekday()),
        ends + timedelta(days=6 - ends.weekday()),
        (begins - timedelta(days=1)).replace(day=1),
        after,
        t(f"{name.de} {begins.year}", f"{name.en} {begins.year}"),
    )
