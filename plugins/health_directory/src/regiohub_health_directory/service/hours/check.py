"""The check that staff meet when they type hours: refused with a position, or accepted with warnings."""

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from .rules import WEEKDAYS, Rule, split_rules
from .syntax import canonical

_RANGE = re.compile(r"(\d{2}):(\d{2})-(\d{2}):(\d{2})")


class HoursWarning(StrEnum):
    """What is valid but probably not meant."""

    OVERRIDDEN = "overridden"
    """A later rule after ``;`` takes away times of an earlier one on the same weekday."""
    OVER_MIDNIGHT = "over_midnight"
    """An end before its start reaches into the next day."""
    SCHOOL_HOLIDAYS = "school_holidays"
    """School holidays are accepted as text and not evaluated."""
    SPELLING = "spelling"
    """Accepted in an unusual spelling."""


@dataclass(frozen=True)
class HoursCheck:
    """`text` in canonical spelling, the warnings, and the weekdays whose times were taken away (English, ``Mo``)."""

    text: str
    warnings: tuple[HoursWarning, ...] = ()
    overridden_days: tuple[str, ...] = ()


def check_hours(text: str) -> HoursCheck:
    """Checks the syntax and looks for the usual slips; raises `HoursSyntaxError`."""
    spelled, remarks = canonical(text)
    rules = split_rules(spelled)
    lost = _overridden(rules)
    warnings = [
        warning
        for warning, present in (
            (HoursWarning.OVERRIDDEN, bool(lost)),
            (HoursWarning.OVER_MIDNIGHT, any(_over_midnight(rule) for rule in rules)),
            (HoursWarning.SCHOOL_HOLIDAYS, any(rule.names("SH") for rule in rules)),
            (HoursWarning.SPELLING, bool(remarks)),
        )
        if present
    ]
    return HoursCheck(spelled, tuple(warnings), tuple(WEEKDAYS[day] for day in sorted(lost)))


def _overridden(rules: tuple[Rule, ...]) -> set[int]:
    lost: set[int] = set()
    for (_, earlier), (place, later) in combinations(enumerate(rules), 2):
        # Dates and closures override on purpose; overlapping times look like a deliberate shorter day.
        if earlier.dates or later.dates or earlier.closes or later.closes or not _overrides(rules, place):
            continue
        if _ranges(earlier) and _ranges(later) and not _overlap(_ranges(earlier), _ranges(later)):
            lost |= earlier.weekdays & later.weekdays
    return lost


def _overrides(rules: tuple[Rule, ...], place: int) -> bool:
    return rules[place].separator == "; "


def _ranges(rule: Rule) -> list[tuple[int, int]]:
    found = [tuple(map(int, match.groups())) for match in _RANGE.finditer(rule.rest)]
    return [(hour * 60 + minute, end * 60 + last) for hour, minute, end, last in found]


def _overlap(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> bool:
    return any(a < d and c < b for a, b in left for c, d in right)


def _over_midnight(rule: Rule) -> bool:
    return any(end < start for start, end in _ranges(rule))
