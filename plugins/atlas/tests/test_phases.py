"""The status follows from the phases, on every day of the calendar."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_atlas.models import PhaseKind, ProcedureStatus
from regiohub_atlas.service.phases import FIRST_DAY, LAST_DAY, PhaseSpan, course, status_on

PREPARATION = PhaseSpan(PhaseKind.PREPARATION, date(2026, 1, 1), date(2026, 1, 31))
PARTICIPATION = PhaseSpan(PhaseKind.PARTICIPATION, date(2026, 3, 1), date(2026, 4, 30))
PAUSE = PhaseSpan(PhaseKind.PAUSE, date(2026, 4, 1), date(2026, 4, 14))
SECOND = PhaseSpan(PhaseKind.PARTICIPATION, date(2026, 6, 1), date(2026, 6, 30))
EVALUATION = PhaseSpan(PhaseKind.EVALUATION, date(2026, 8, 1), date(2026, 9, 30))
ALL = [PREPARATION, PARTICIPATION, PAUSE, SECOND, EVALUATION]


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (date(2025, 12, 31), "planned"),
        (date(2026, 1, 15), "planned"),
        (date(2026, 2, 15), "planned"),
        (date(2026, 3, 1), "running"),
        (date(2026, 4, 1), "paused"),
        (date(2026, 4, 14), "paused"),
        (date(2026, 4, 15), "running"),
        (date(2026, 4, 30), "running"),
        (date(2026, 5, 1), "paused"),
        (date(2026, 6, 30), "running"),
        (date(2026, 7, 15), "evaluating"),
        (date(2026, 9, 30), "evaluating"),
        (date(2026, 10, 1), "finished"),
    ],
)
def test_each_phase_and_each_gap_gives_its_status(day: date, status: str) -> None:
    assert status_on(course(ALL, None, None), day) == status


def test_a_phase_without_end_lasts_for_ever() -> None:
    spans = course([PhaseSpan(PhaseKind.PARTICIPATION, date(2026, 3, 1))], None, None)
    assert status_on(spans, date(2026, 2, 28)) is ProcedureStatus.PLANNED
    assert status_on(spans, LAST_DAY) is ProcedureStatus.RUNNING


@pytest.mark.parametrize(
    ("first", "last", "day", "status"),
    [
        (None, None, date(2026, 5, 1), "planned"),
        (date(2026, 5, 2), None, date(2026, 5, 1), "planned"),
        (date(2026, 5, 1), None, date(2030, 5, 1), "running"),
        (date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 1), "running"),
        (date(2026, 5, 1), date(2026, 5, 1), date(2026, 5, 2), "finished"),
        (None, date(2026, 5, 1), date(2026, 4, 1), "planned"),
        (None, date(2026, 5, 1), date(2026, 5, 2), "finished"),
    ],
)
def test_without_phases_the_term_decides(first: date | None, last: date | None, day: date, status: str) -> None:
    assert status_on(course([], first, last), day) == status


def test_an_override_holds_from_its_day_on_and_leaves_the_past_as_it_was() -> None:
    spans = course(ALL, None, None, ProcedureStatus.CANCELLED, date(2026, 4, 20))
    days = (date(2026, 3, 5), date(2026, 4, 5), date(2026, 4, 19), date(2026, 4, 20), date(2027, 1, 1))
    assert [status_on(spans, day) for day in days] == ["running", "paused", "running", "cancelled", "cancelled"]


def test_an_override_without_a_day_holds_always() -> None:
    spans = course(ALL, None, None, ProcedureStatus.CANCELLED)
    assert [(span.first, span.last, span.status) for span in spans] == [(FIRST_DAY, LAST_DAY, "cancelled")]


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@st.composite
def phases(draw: st.DrawFn) -> PhaseSpan:
    first = draw(days)
    length = draw(st.none() | st.integers(0, 400))
    return PhaseSpan(draw(st.sampled_from(PhaseKind)), first, None if length is None else first + timedelta(length))


@given(
    st.lists(phases(), max_size=6),
    st.none() | days,
    st.none() | days,
    st.none() | st.sampled_from(ProcedureStatus),
    st.none() | days,
)
def test_a_course_covers_every_day_once_and_neighbours_differ(
    given_phases: list[PhaseSpan],
    first: date | None,
    last: date | None,
    override: ProcedureStatus | None,
    since: date | None,
) -> None:
    spans = course(given_phases, first, last, override, since)
    assert spans[0].first == FIRST_DAY
    assert spans[-1].last == LAST_DAY
    for before, after in itertools.pairwise(spans):
        assert after.first == before.last + timedelta(days=1)
        assert before.status is not after.status


@given(st.lists(phases(), min_size=1, max_size=6), days)
def test_a_single_lasting_phase_always_speaks(given_phases: list[PhaseSpan], day: date) -> None:
    lasting = [phase for phase in given_phases if phase.covers(day)]
    status = status_on(course(given_phases, None, None), day)
    expected = {"preparation": "planned", "participation": "running", "pause": "paused", "evaluation": "evaluating"}
    if lasting:
        assert status in {expected[phase.kind] for phase in lasting}
    if len(lasting) == 1:
        assert status == expected[lasting[0].kind]
    if all(phase.last is not None and phase.last < day for phase in given_phases):
        assert status is ProcedureStatus.FINISHED
