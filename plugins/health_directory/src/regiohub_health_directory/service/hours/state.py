"""Open now, and until when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import islice

from opening_hours import State

from .regional import Calendar

HORIZON = timedelta(days=400)
_MOST_STEPS = 60
_APPOINTMENT = re.compile(r"vereinbar|termin|anmeld|absprache|appointment|arrangement", re.IGNORECASE)


class HoursStatus(StrEnum):
    """What a visitor meets at the door; `BY_APPOINTMENT` is a state of its own, neither open nor closed."""

    OPEN = "open"
    CLOSED = "closed"
    BY_APPOINTMENT = "by_appointment"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class HoursState:
    """Status at one moment, its comment, and when the status changes next (`None`: not within 400 days)."""

    status: HoursStatus
    comment: str = ""
    next_change: datetime | None = None


def status_at(text: str | None, calendar: Calendar, moment: datetime) -> HoursState:
    """The status of `text` at `moment` (with offset); no text means unknown. Raises `HoursSyntaxError`."""
    if not text:
        return HoursState(HoursStatus.UNKNOWN)
    local = moment.astimezone(calendar.timezone)
    intervals = calendar.evaluator(text, local).intervals(local, local + HORIZON)
    first = next(intervals, None)
    if first is None:
        return HoursState(HoursStatus.UNKNOWN)
    now = door_status(first[2], first[3])
    end = first[1]
    # Touching intervals that differ in their comment only are no change for a visitor.
    for start, until, state, comment in islice(intervals, _MOST_STEPS):
        if door_status(state, comment) is not now:
            return HoursState(now, first[3], start)
        end = until
    return HoursState(now, first[3], end if end < local + HORIZON else None)


def next_status_change(texts: Iterable[str | None], calendar: Calendar, moment: datetime) -> HoursState:
    """The combined status of several places: open as soon as one of them is open; then by appointment, then closed."""
    chosen = [text for text in texts if text]
    if not chosen:
        return HoursState(HoursStatus.UNKNOWN)
    now, comment = _combined(chosen, calendar, moment)
    at = moment
    for _ in range(_MOST_STEPS):
        changes = [state.next_change for text in chosen if (state := status_at(text, calendar, at)).next_change]
        upcoming = [change for change in changes if change]
        if not upcoming or min(upcoming) - moment > HORIZON:
            break
        at = min(upcoming)
        if _combined(chosen, calendar, at)[0] is not now:
            return HoursState(now, comment, at)
    return HoursState(now, comment)


_ORDER = (HoursStatus.OPEN, HoursStatus.BY_APPOINTMENT, HoursStatus.UNKNOWN, HoursStatus.CLOSED)


def _combined(texts: list[str], calendar: Calendar, moment: datetime) -> tuple[HoursStatus, str]:
    states = [status_at(text, calendar, moment) for text in texts]
    best = min(states, key=lambda state: _ORDER.index(state.status))
    return best.status, best.comment


def door_status(state: State, comment: str) -> HoursStatus:
    """The visitor's view of one evaluated interval."""
    if state == State.CLOSED:
        return HoursStatus.CLOSED
    if _APPOINTMENT.search(comment):
        return HoursStatus.BY_APPOINTMENT
    return HoursStatus.OPEN if state == State.OPEN else HoursStatus.UNKNOWN
