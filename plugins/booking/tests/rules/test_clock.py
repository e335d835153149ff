"""The two nights a year on which the clocks change, and every other one."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_booking.errors import AmbiguousLocalTime, EndBeforeStart, NonexistentLocalTime, TimesMissing
from regiohub_booking.rules.clock import day_edge, edge, instant, is_ambiguous, is_missing, wall_time
from regiohub_booking.rules.wish import between, on_day, one_wish, whole_days

BERLIN = ZoneInfo("Europe/Berlin")
SPRING = date(2027, 3, 28)
AUTUMN = date(2027, 10, 31)
walls = st.datetimes(min_value=datetime.fromisoformat("2024-01-01"), max_value=datetime.fromisoformat("2030-12-31"))


def test_a_time_in_the_skipped_hour_is_refused_with_its_field() -> None:
    with pytest.raises(NonexistentLocalTime) as caught:
        on_day(SPRING, time(2, 30), time(5), BERLIN)
    assert caught.value.code == "LOCAL_TIME_DOES_NOT_EXIST"
    assert caught.value.field == "startTime"
    assert "28.03.2027, 02:30 Uhr" in caught.value.message.de


def test_a_time_in_the_repeated_hour_is_refused_as_ambiguous() -> None:
    with pytest.raises(AmbiguousLocalTime) as caught:
        on_day(AUTUMN, time(1), time(2, 30), BERLIN)
    assert caught.value.field == "endTime"


def test_the_repeated_hour_can_be_named_by_its_offset() -> None:
    first = datetime.fromisoformat("2027-10-31T02:30:00+02:00")
    second = datetime.fromisoformat("2027-10-31T02:30:00+01:00")
    assert between(first, second, BERLIN).length == timedelta(hours=1)


def test_the_skipped_hour_written_with_a_local_offset_is_refused_but_utc_passes() -> None:
    with pytest.raises(NonexistentLocalTime):
        between(
            datetime.fromisoformat("2027-03-28T02:30:00+01:00"),
            datetime.fromisoformat("2027-03-28T05:00:00+02:00"),
            BERLIN,
        )
    exact = between(datetime(2027, 3, 28, 2, 30, tzinfo=UTC), datetime(2027, 3, 28, 3, tzinfo=UTC), BERLIN)
    assert exact.length == timedelta(minutes=30)


def test_a_span_over_the_change_lasts_its_elapsed_time() -> None:
    assert on_day(SPRING, time(1), time(4), BERLIN).length == timedelta(hours=2)
    assert on_day(AUTUMN, time(1), time(4), BERLIN).length == timedelta(hours=4)


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2027, 6, 1), 24)])
def test_a_whole_day_has_the_hours_of_that_day(day: date, hours: int) -> None:
    assert whole_days(day, day, BERLIN).length == timedelta(hours=hours)


def test_an_evening_may_end_at_midnight() -> None:
    assert on_day(date(2027, 1, 9), time(20), time(0), BERLIN).end == datetime(2027, 1, 9, 23, tzinfo=UTC)


@pytest.mark.parametrize(("start", "end"), [(time(18), time(18)), (time(18), time(17))])
def test_end_before_start_is_refused(start: time, end: time) -> None:
    with pytest.raises(EndBeforeStart):
        on_day(date(2027, 1, 9), start, end, BERLIN)


def test_last_day_before_first_day_is_refused() -> None:
    with pytest.raises(EndBeforeStart) as caught:
        whole_days(date(2027, 1, 9), date(2027, 1, 8), BERLIN)
    assert caught.value.field == "lastDay"


def test_the_time_must_be_given_in_exactly_one_way() -> None:
    start, end = datetime(2027, 1, 9, 12, tzinfo=UTC), datetime(2027, 1, 9, 13, tzinfo=UTC)
    assert one_wish(BERLIN, starts_at=start, ends_at=end).start == start
    with pytest.raises(TimesMissing):
        one_wish(BERLIN)
    with pytest.raises(TimesMissing):
        one_wish(BERLIN, starts_at=start)
    with pytest.raises(TimesMissing):
        one_wish(BERLIN, starts_at=start, ends_at=end, first_day=date(2027, 1, 9))


def test_an_opening_time_in_the_skipped_hour_is_the_moment_of_the_change() -> None:
    change = datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert edge(datetime.fromisoformat("2027-03-28T02:30"), BERLIN) == change
    assert edge(datetime.fromisoformat("2027-03-28T02:30"), BERLIN, closing=True) == change


def test_the_doubled_hour_counts_as_open() -> None:
    opens, closes = day_edge(AUTUMN, 120, BERLIN), day_edge(AUTUMN, 180, BERLIN, closing=True)
    assert closes - opens == timedelta(hours=2)


@given(walls)
def test_an_instant_reads_back_as_the_same_wall_clock_time(wall: datetime) -> None:
    if is_missing(wall, BERLIN):
        with pytest.raises(NonexistentLocalTime):
            instant(wall, BERLIN)
    elif is_ambiguous(wall, BERLIN):
        with pytest.raises(AmbiguousLocalTime):
            instant(wall, BERLIN)
    else:
        assert wall_time(instant(wall, BERLIN), BERLIN) == wall


@given(walls, st.integers(min_value=0, max_value=600))
def test_edges_never_run_backwards(wall: datetime, minutes: int) -> None:
    later = wall + timedelta(minutes=minutes)
    assert edge(wall, BERLIN) <= edge(later, BERLIN, closing=True)
