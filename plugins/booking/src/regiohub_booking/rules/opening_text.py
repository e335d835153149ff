"""Opening hours as people write them: ``{"mon": [["08:00", "22:00"]]}``, read into windows and checked."""

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import cast

from regiohub.api import InvalidInput, t
from regiohub_booking.rules.clock import DAY_MINUTES
from regiohub_booking.rules.hours import Window

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLOCK = re.compile(r"([01]\d|2[0-4]):([0-5]\d)")


def _refuse(detail: str) -> InvalidInput:
    return InvalidInput(
        t(f"Öffnungszeiten nicht lesbar: {detail}", f"Opening hours cannot be read: {detail}"), field="opening"
    )


def _minutes(text: object) -> int:
    match = _CLOCK.fullmatch(text) if isinstance(text, str) else None
    if match is None or (match[1] == "24" and match[2] != "00"):
        raise _refuse(f"{text!r} ≠ HH:MM")
    return int(match[1]) * 60 + int(match[2])


def read_window(pair: object) -> Window:
    """One ``["18:00", "02:00"]``; a closing time at or below the opening time belongs to the next day.

    Raises InvalidInput for anything else.
    """
    if not isinstance(pair, Sequence) or isinstance(pair, str) or len(pair) != 2:
        raise _refuse('["HH:MM", "HH:MM"]')
    opens, closes = _minutes(pair[0]), _minutes(pair[1])
    if opens >= DAY_MINUTES:
        raise _refuse(f"{pair[0]!r}")
    if closes <= opens:
        closes += DAY_MINUTES
    return Window(opens, closes)


def read_windows(pairs: object) -> tuple[Window, ...]:
    """The windows of one day, sorted. Raises InvalidInput when two of them overlap."""
    if not isinstance(pairs, Sequence) or isinstance(pairs, str):
        raise _refuse("[[…]]")
    windows = tuple(sorted(read_window(pair) for pair in pairs))
    for first, second in itertools.pairwise(windows):
        if second.opens < first.closes:
            raise _refuse("Zeiten überschneiden sich / times overlap")
    return windows


def read_week(week: object) -> tuple[tuple[Window, ...], ...]:
    """Seven days, Monday first; a weekday that is not named is closed. An empty mapping means always open.

    Raises InvalidInput for unknown weekdays and unreadable times.
    """
    if not isinstance(week, Mapping):
        raise _refuse('{"mon": [["HH:MM", "HH:MM"]]}')
    week = cast("Mapping[str, object]", week)
    unknown = sorted(set(week) - set(WEEKDAYS))
    if unknown:
        raise _refuse(f"{unknown[0]!r} ({', '.join(WEEKDAYS)})")
    if not week:
        return ((Window(0, DAY_MINUTES),),) * 7
    return tuple(read_windows(week.get(day, [])) for day in WEEKDAYS)
