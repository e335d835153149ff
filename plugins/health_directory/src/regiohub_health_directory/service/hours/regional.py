"""Public holidays of the town's own state, written into the hours as dates.

The evaluator knows one calendar per country, in which Reformation Day (Brandenburg) and Women's Day (Berlin) are
ordinary days. So `PH` is replaced by the dates of the right state before the text is evaluated.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours

from .rules import Rule, join_rules, split_rules
from .syntax import canonical


@dataclass(frozen=True)
class Calendar:
    """Where a place lies in time: its zone, its state's public holidays, and days the town adds to them."""

    timezone: ZoneInfo
    country: str = "DE"
    subdivision: str | None = None
    additional: frozenset[date] = frozenset()

    def public_holidays(self, year: int) -> tuple[date, ...]:
        """The public holidays of one year in order."""
        return _holidays(self.country, self.subdivision, year, self.additional)

    def evaluator(self, text: str, moment: datetime) -> OpeningHours:
        """`text` ready for evaluation around `moment` and for the year after it; raises `HoursSyntaxError`."""
        return _evaluator(text, self, moment.astimezone(self.timezone).year)


@lru_cache(maxsize=256)
def _holidays(country: str, subdivision: str | None, year: int, additional: frozenset[date]) -> tuple[date, ...]:
    # The package knows 250 countries: only towns whose calendar is asked for pay for it.
    import holidays

    official = holidays.country_holidays(country, subdiv=subdivision, years=year)
    return tuple(sorted({*official, *(day for day in additional if day.year == year)}))


@lru_cache(maxsize=4096)
def _evaluator(text: str, calendar: Calendar, year: int) -> OpeningHours:
    days = calendar.public_holidays(year) + calendar.public_holidays(year + 1)
    return OpeningHours(
        with_dates(text, days),
        timezone=calendar.timezone,
        auto_country=False,
        auto_timezone=False,
        max_interval_days=400,
    )


def with_dates(text: str, days: tuple[date, ...]) -> str:
    """`text` with each `PH` replaced by the given `days`; texts without holidays come back in canonical spelling."""
    rules: list[Rule] = []
    for rule in split_rules(canonical(text)[0]):
        if not rule.names("PH"):
            rules.append(rule)
            continue
        others = tuple(day for day in rule.days if day != "PH")
        if others:
            rules.append(rule.with_days(*others))
        dates = [_shifted(day, rule.offset) for day in days]
        chosen = [day for day in dates if _inside(rule.dates, day)]
        if chosen:
            # A rule that keeps its own weekdays is followed by the dates as one more rule of the same kind.
            selector = ",".join(f"{day:%Y} {day:%b} {day.day}" for day in chosen)
            rules.append(replace(rule, separator=rule.separator or "; ", dates=selector, days=(), offset=""))
    return join_rules(tuple(rules)) if rules else "closed"


def _shifted(day: date, offset: str) -> date:
    return day + timedelta(days=int(offset.split(" ")[0])) if offset else day


def _inside(dates: str, day: date) -> bool:
    if not dates:
        return True
    return OpeningHours(dates, auto_country=False, auto_timezone=False).is_open(datetime.combine(day, time(12)))
