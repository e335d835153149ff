"""Weekly opening hours: how they are written, and what is open at a moment of the town's own clock.

They are written as in OpenStreetMap, as far as a week needs it: ``Mo-Fr 09:00-12:30,14:00-18:00; Sa 10:00-13:00``
or ``24/7``. German short names of days are understood too. A time that ends at or before its beginning goes on into the
next day: ``Fr 22:00-02:00``. Nothing at all means that nobody knows.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from regiohub.api import InvalidInput, Language, t

DAY = 24 * 60
_NAMES = {
    "mo": 1, "tu": 2, "di": 2, "we": 3, "mi": 3, "th": 4, "do": 4, "fr": 5, "sa": 6, "su": 7, "so": 7,
}  # fmt: skip
_SHORT: dict[Language, str] = {"de": "Mo Di Mi Do Fr Sa So", "en": "Mo Tu We Th Fr Sa Su"}
_RULE = re.compile(r"(?P<days>[A-Za-z][A-Za-z, \-]*?)\s+(?P<times>\d.*)")
_TIME = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)\s*-\s*([01]?\d|2[0-4]):([0-5]\d)", re.ASCII)


class Span(NamedTuple):
    """A stretch of one weekday in minutes from midnight: 1 is Monday (ISO 8601), ``closes`` is at most 1440."""

    weekday: int
    opens: int
    closes: int


ALWAYS = tuple(Span(day, 0, DAY) for day in range(1, 8))
"""Open day and night."""


def parse_hours(text: str, *, field: str = "hours") -> tuple[Span, ...]:
    """The stretches of a week in their order; those that touch or overlap are one.

    :raises InvalidInput: a part cannot be read; the message quotes it.
    """
    if text.strip() == "24/7":
        return ALWAYS
    spans: list[Span] = []
    for part in filter(None, (part.strip() for part in text.replace("–", "-").split(";"))):
        rule = _RULE.fullmatch(part)
        days = _days(rule["days"]) if rule else []
        times = [_TIME.fullmatch(time.strip()) for time in rule["times"].split(",")] if rule else []
        for time in times:
            for day in days:
                spans += _stretches(day, time, part, field)
        if not days or not times:
            raise _unreadable(part, field)
    return _merged(spans)


def hours_text(spans: Iterable[Span], language: Language = "en") -> str:
    """The hours as they are written, in the shortest form; ``parse_hours`` reads it again."""
    found = tuple(sorted(spans))
    if found == ALWAYS:
        return "24/7"
    names = _SHORT[language].split()
    week = [",".join(f"{_clock(s.opens)}-{_clock(s.closes)}" for s in found if s.weekday == day) for day in range(1, 8)]
    parts: list[str] = []
    day = 0
    while day < 7:
        last = day
        while last < 6 and week[last + 1] == week[day]:
            last += 1
        if week[day]:
            parts.append(f"{names[day]}{f'-{names[last]}' if last > day else ''} {week[day]}")
        day = last + 1
    return "; ".join(parts)


def wall_time(moment: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """Weekday (1 is Monday) and minute of the day that clocks in the zone show at a moment."""
    local = moment.astimezone(zone)
    return local.isoweekday(), local.hour * 60 + local.minute


def is_open(spans: Iterable[Span], weekday: int, minute: int) -> bool:
    """Whether one of the stretches holds the minute; the closing minute itself is closed."""
    return any(span.weekday == weekday and span.opens <= minute < span.closes for span in spans)


def _days(text: str) -> list[int]:
    """Days of a list of days and ranges; none if one of them is unknown. A range may go round the week's end."""
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = (name.strip().lower() for name in part.partition("-"))
        if first not in _NAMES or (dash and last not in _NAMES):
            return []
        start, end = _NAMES[first], _NAMES[last or first]
        found += [(start - 1 + step) % 7 + 1 for step in range((end - start) % 7 + 1)]
    return found


def _stretches(day: int, time: re.Match[str] | None, part: str, field: str) -> list[Span]:
    if time is None:
        raise _unreadable(part, field)
    opens, closes = int(time[1]) * 60 + int(time[2]), int(time[3]) * 60 + int(time[4])
    if opens >= DAY or closes > DAY:
        raise _unreadable(part, field)
    if opens < closes:
        return [Span(day, opens, closes)]
    return [Span(day, opens, DAY), *([Span(day % 7 + 1, 0, closes)] if closes else [])]


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    found: list[Span] = []
    for span in sorted(spans):
        if found and found[-1].weekday == span.weekday and span.opens <= found[-1].closes:
            found[-1] = found[-1]._replace(closes=max(found[-1].closes, span.closes))
        else:
            found.append(span)
    return tuple(found)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _unreadable(part: str, field: str) -> InvalidInput:
    message = t(
        "Diese Öffnungszeit ist nicht zu verstehen: „{part}“. So ginge es: Mo-Fr 09:00-17:00; Sa 10:00-13:00",
        "These opening hours cannot be read: “{part}”. Write them like this: Mo-Fr 09:00-17:00; Sa 10:00-13:00",
    )
    return InvalidInput(message.format(part=part[:60]), field=field)
