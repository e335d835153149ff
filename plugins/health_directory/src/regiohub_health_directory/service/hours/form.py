"""From the staff's form (blocks of days and times) to an unambiguous text."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from .rules import WEEKDAYS
from .syntax import canonical

APPOINTMENT_COMMENT = "nach Vereinbarung"
_MIDNIGHT = 24 * 60


@dataclass(frozen=True)
class WeekBlock:
    """One line of the form: weekdays (Monday is 0) and one span of times, or no times for "by appointment".

    An end not after the start reaches into the next day, so an end of 00:00 means midnight.
    """

    days: frozenset[int]
    opens: time | None = None
    closes: time | None = None


@dataclass
class _Day:
    spans: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    appointment: bool = False


def hours_from_form(blocks: Sequence[WeekBlock], *, closed_on_holidays: bool = True) -> str:
    """The canonical text of the blocks, one rule per group of equal days.

    Blocks of the same day are added up and never override each other, whatever their order; overlapping spans of one
    day become one. Raises `ValueError` for a block without days, with half a time span or with a weekday outside 0-6.
    """
    week = [_Day() for _ in WEEKDAYS]
    for block in blocks:
        if not block.days or not block.days <= set(range(7)) or (block.opens is None) != (block.closes is None):
            raise ValueError("a block needs weekdays from 0 to 6 and either both times or none")
        for day in block.days:
            if block.opens is None or block.closes is None:
                week[day].appointment = True
            else:
                _add(week, day, _minutes(block.opens, block.closes))
    groups: dict[str, list[int]] = {}
    for number, day in enumerate(week):
        for text in _day_texts(day):
            groups.setdefault(text, []).append(number)
    rules = [f"{_days(days)} {text}" for text, days in groups.items()]
    if not rules:
        return "closed"
    return canonical("; ".join([*rules, "PH closed"] if closed_on_holidays else rules))[0]


def _add(week: list[_Day], day: int, span: tuple[int, int]) -> None:
    # Cut at midnight: the evaluator lets a day's own rule wipe out what reaches into it from the day before.
    start, end = span
    week[day].spans.append((start, min(end, _MIDNIGHT)))
    if end > _MIDNIGHT:
        week[(day + 1) % 7].spans.append((0, end - _MIDNIGHT))


def _minutes(opens: time, closes: time) -> tuple[int, int]:
    start, end = opens.hour * 60 + opens.minute, closes.hour * 60 + closes.minute
    return start, end if end > start else end + _MIDNIGHT


def _day_texts(day: _Day) -> list[str]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(day.spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    if merged:
        return [",".join(f"{_clock(start)}-{_clock(end)}" for start, end in merged)]
    return [f'"{APPOINTMENT_COMMENT}"'] if day.appointment else []


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _days(days: list[int]) -> str:
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        if len(run) > 2:
            parts.append(f"{WEEKDAYS[run[0]]}-{WEEKDAYS[run[-1]]}")
        else:
            parts.extend(WEEKDAYS[day] for day in run)
    return ",".join(parts)
