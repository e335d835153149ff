"""Algebra of half-open intervals, checked against sets of minutes."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_booking.rules.interval import Interval, common, merged, without

ZERO = datetime(2027, 1, 1, tzinfo=UTC)


def span(start: int, end: int) -> Interval:
    return Interval(ZERO + timedelta(minutes=start), ZERO + timedelta(minutes=end))


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    start = draw(st.integers(0, 60))
    return span(start, start + draw(st.integers(1, 20)))


lists = st.lists(intervals(), max_size=8)


def minutes(items: list[Interval]) -> set[int]:
    return {
        minute
        for item in items
        for minute in range((item.start - ZERO) // timedelta(minutes=1), (item.end - ZERO) // timedelta(minutes=1))
    }


def test_touching_intervals_do_not_overlap() -> None:
    assert not span(0, 10).overlaps(span(10, 20))
    assert span(0, 11).overlaps(span(10, 20))


def test_an_interval_must_not_be_empty_or_naive() -> None:
    with pytest.raises(ValueError, match="ends after"):
        span(5, 5)
    with pytest.raises(ValueError, match="timezone"):
        Interval(datetime.fromisoformat("2027-01-01"), datetime.fromisoformat("2027-01-02"))


@given(lists)
def test_merging_keeps_every_minute_and_leaves_gaps_between(items: list[Interval]) -> None:
    result = merged(items)
    assert minutes(result) == minutes(items)
    assert all(first.end < second.start for first, second in itertools.pairwise(result))


@given(lists, lists)
def test_without_removes_exactly_what_is_taken(wanted: list[Interval], taken: list[Interval]) -> None:
    assert minutes(without(wanted, taken)) == minutes(wanted) - minutes(taken)


@given(lists, lists)
def test_common_keeps_exactly_what_both_cover(first: list[Interval], second: list[Interval]) -> None:
    assert minutes(common(first, second)) == minutes(first) & minutes(second)


@given(intervals(), intervals())
def test_overlap_means_a_common_minute(first: Interval, second: Interval) -> None:
    assert first.overlaps(second) == second.overlaps(first) == bool(minutes([first]) & minutes([second]))
