"""The ordinary week behind a text: what a table on a page and the weekly schedules of an export show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from opening_hours import OpeningHours

from .regional import with_dates
from .rules import Rule, join_rules, split_rules
from .state import HoursStatus, door_status
from .syntax import canonical


@dataclass(frozen=True)
class Span:
    """One stretch of one weekday (Monday is 0), minutes from midnight; `end` may exceed 1440 (past midnight)."""

    day: int
    start: int
    end: int
    status: HoursStatus
    comment: str = ""


@dataclass(frozen=True)
class WeekPlan:
    """An ordinary week. `seasonal`: the text depends on dates, so the week is the one around the asked day only."""

    spans: tuple[Span, ...]
    monday: date
    seasonal: bool
    closed_on_holidays: bool
    numbered: tuple[Rule, ...]
    """Rules for numbered weekdays of a month (``Mo[1]``), not part of `spans`."""


def week_plan(text: str, today: date) -> WeekPlan:
    """The week of `today` without public holidays; raises `HoursSyntaxError`."""
    rules = split_rules(canonical(text)[0])
    numbered = tuple(rule for rule in rules if any("[" in day for day in rule.days))
    plain = tuple(rule for rule in rules if rule not in numbered)
    monday = today - timedelta(days=today.weekday())
    evaluator = OpeningHours(
        with_dates(join_rules(plain), ()) if plain else "closed", auto_country=False, auto_timezone=False
    )
    return WeekPlan(
        spans=tuple(_spans(evaluator, monday)),
        monday=monday,
        seasonal=any(rule.dates for rule in plain),
        closed_on_holidays=any(rule.closes and rule.names("PH") for rule in rules),
        numbered=numbered,
    )


def _spans(evaluator: OpeningHours, monday: date) -> Iterable[Span]:
    begin = datetime.combine(monday, time(0))
    end = begin + timedelta(days=7)
    for first, last, state, comment in evaluator.intervals(begin, end):
        status = door_status(state, comment)
        if status is HoursStatus.CLOSED:
            continue
        start, stop = _naive(first), _naive(last)
        yield from _per_day(start, min(stop, end), begin, status, comment)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _per_day(start: datetime, stop: datetime, begin: datetime, status: HoursStatus, comment: str) -> Iterable[Span]:
    """One span per day; the small hours of a night stay with the evening that they belong to."""
    while start < stop:
        midnight = datetime.combine(start.date() + timedelta(days=1), time(0))
        into_night = midnight < stop < midnight + timedelta(hours=8) and start.time() != time(0)
        end = stop if into_night else min(stop, midnight)
        day_begin = datetime.combine(start.date(), time(0))
        yield Span(
            (start - begin).days,
            int((start - day_begin).total_seconds() // 60),
            int((end - day_begin).total_seconds() // 60),
            status,
            comment,
        )
        start = end
