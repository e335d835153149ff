"""The status of a procedure follows from its phases.

The whole course of a procedure is worked out once, as spans of days with one status each, and stored. A query for the
status on any day is then a look-up, and this module stays the only place where the rule is written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from regiohub_atlas.models.enums import PhaseKind, ProcedureStatus

FIRST_DAY = date(1, 1, 1)
LAST_DAY = date(9999, 12, 31)
"""Ends of the calendar: a course always covers every day."""

_STATUS_OF = {
    PhaseKind.PREPARATION: ProcedureStatus.PLANNED,
    PhaseKind.PARTICIPATION: ProcedureStatus.RUNNING,
    PhaseKind.PAUSE: ProcedureStatus.PAUSED,
    PhaseKind.EVALUATION: ProcedureStatus.EVALUATING,
}


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase with its first and last day (inclusive); ``last`` is ``None`` while its end is open."""

    kind: PhaseKind
    first: date
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether the phase lasts on a day."""
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class StatusSpan:
    """Days from ``first`` to ``last`` (inclusive) with one status."""

    first: date
    last: date
    status: ProcedureStatus


def course(
    phases: Sequence[PhaseSpan],
    first_day: date | None,
    last_day: date | None,
    override: ProcedureStatus | None = None,
    since: date | None = None,
) -> list[StatusSpan]:
    """The status on every day, as spans without gap or overlap, neighbours differing.

    ``first_day`` and ``last_day`` are the bounds of the term (``None`` where open) and count only without phases.
    An override by staff holds from ``since`` on, and on all days without it: what was before stays true.
    """
    derived = _derived(phases, first_day, last_day)
    if override is None:
        return derived
    from_day = since or FIRST_DAY
    kept = [span for span in derived if span.first < from_day]
    if kept and kept[-1].status is override:
        return [*kept[:-1], StatusSpan(kept[-1].first, LAST_DAY, override)]
    if kept:
        kept[-1] = StatusSpan(kept[-1].first, from_day - timedelta(days=1), kept[-1].status)
    return [*kept, StatusSpan(from_day, LAST_DAY, override)]


def _derived(phases: Sequence[PhaseSpan], first_day: date | None, last_day: date | None) -> list[StatusSpan]:
    starts = {FIRST_DAY}
    for first, last in [(phase.first, phase.last) for phase in phases] or [(first_day, last_day)]:
        if first is not None:
            starts.add(first)
        if last is not None and last < LAST_DAY:
            starts.add(last + timedelta(days=1))
    spans: list[StatusSpan] = []
    for day in sorted(starts):
        status = _by_phases(phases, day) if phases else _by_term(first_day, last_day, day)
        if spans and spans[-1].status is status:
            continue
        if spans:
            spans[-1] = StatusSpan(spans[-1].first, day - timedelta(days=1), spans[-1].status)
        spans.append(StatusSpan(day, LAST_DAY, status))
    return spans


def status_on(spans: Sequence[StatusSpan], day: date) -> ProcedureStatus:
    """The status of a course on a day."""
    return next(span.status for span in reversed(spans) if span.first <= day)


def _by_term(first: date | None, last: date | None, day: date) -> ProcedureStatus:
    if last is not None and day > last:
        return ProcedureStatus.FINISHED
    if first is None or day < first:
        # A procedure without a known beginning is announced, not running.
        return ProcedureStatus.PLANNED
    return ProcedureStatus.RUNNING


def _by_phases(phases: Sequence[PhaseSpan], day: date) -> ProcedureStatus:
    lasting = [phase for phase in phases if phase.covers(day)]
    if lasting:
        # Of overlapping phases the one that began last speaks: a summer break inside a long participation pauses it.
        return _STATUS_OF[max(enumerate(lasting), key=lambda item: (item[1].first, item[0]))[1].kind]
    ahead = {phase.kind for phase in phases if phase.first > day}
    if not ahead:
        return ProcedureStatus.FINISHED
    begun = any(phase.first <= day and phase.kind is not PhaseKind.PREPARATION for phase in phases)
    if not begun:
        return ProcedureStatus.PLANNED
    if PhaseKind.PARTICIPATION not in ahead and PhaseKind.EVALUATION in ahead:
        return ProcedureStatus.EVALUATING
    return ProcedureStatus.PAUSED
