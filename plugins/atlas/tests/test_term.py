"""Terms with a precision: their bounds, their words, and what is refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import InvalidInput
from regiohub_atlas.models import TermPrecision
from regiohub_atlas.service.term import Term, bounds


@pytest.mark.parametrize(
    ("precision", "first", "last"),
    [
        (TermPrecision.DAY, date(2024, 2, 10), date(2024, 2, 10)),
        (TermPrecision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        (TermPrecision.QUARTER, date(2024, 1, 1), date(2024, 3, 31)),
        (TermPrecision.YEAR, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_precision_widens_a_date_to_its_span(precision: TermPrecision, first: date, last: date) -> None:
    assert bounds(date(2024, 2, 10), precision) == (first, last)


@given(st.dates(), st.sampled_from(TermPrecision))
def test_every_date_lies_in_its_own_span(day: date, precision: TermPrecision) -> None:
    first, last = bounds(day, precision)
    assert first <= day <= last
    assert bounds(first, precision) == bounds(last, precision) == (first, last)
    assert last == date.max or bounds(last + timedelta(days=1), precision)[0] == last + timedelta(days=1)


@pytest.mark.parametrize(
    ("term", "german", "english"),
    [
        (Term(), "Zeitraum offen", "no dates set"),
        (
            Term(date(2022, 9, 1), TermPrecision.DAY, date(2022, 11, 4), TermPrecision.DAY),
            "1. September 2022 bis 4. November 2022",
            "September 1, 2022 to November 4, 2022",
        ),
        (
            Term(date(2026, 7, 1), TermPrecision.QUARTER),
            "ab 3. Quartal 2026, Ende offen",
            "from 3rd quarter 2026, open end",
        ),
        (Term(end=date(2027, 5, 1), end_precision=TermPrecision.MONTH), "bis Mai 2027", "until May 2027"),
        (Term(date(2026, 1, 1), TermPrecision.YEAR, date(2026, 5, 1), TermPrecision.YEAR), "2026", "2026"),
    ],
)
def test_a_term_is_told_no_more_exactly_than_it_is_known(term: Term, german: str, english: str) -> None:
    assert (term.words.de, term.words.en) == (german, english)


@pytest.mark.parametrize(
    ("start", "start_precision", "end", "end_precision", "field"),
    [
        (date(2026, 1, 1), TermPrecision.OPEN, None, TermPrecision.OPEN, "startPrecision"),
        (None, TermPrecision.DAY, None, TermPrecision.OPEN, "startPrecision"),
        (date(2026, 1, 1), TermPrecision.DAY, None, TermPrecision.MONTH, "endPrecision"),
        (date(2026, 2, 1), TermPrecision.DAY, date(2026, 1, 1), TermPrecision.DAY, "endsOn"),
        (date(2026, 2, 1), TermPrecision.YEAR, date(2025, 12, 31), TermPrecision.YEAR, "endsOn"),
    ],
)
def test_a_term_that_contradicts_itself_is_refused(
    start: date | None, start_precision: TermPrecision, end: date | None, end_precision: TermPrecision, field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        Term(start, start_precision, end, end_precision)
    assert refused.value.field == field


def test_a_day_in_february_may_lie_before_the_year_it_ends_in_is_over() -> None:
    term = Term(date(2026, 2, 10), TermPrecision.DAY, date(2026, 1, 1), TermPrecision.YEAR)
    assert (term.first_day, term.last_day) == (date(2026, 2, 10), date(2026, 12, 31))
