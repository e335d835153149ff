"""Series keep their wall-clock time and say what became of each date."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regiohub_booking.errors import TooManyOccurrences
from regiohub_booking.rules.clock import wall_time
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.recurrence import Frequency, Recurrence, missing_time, occurrences

BERLIN = ZoneInfo("Europe/Berlin")


def evening(text: str, hours: int = 2) -> Interval:
    start = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return Interval(start, start + timedelta(hours=hours))


def test_a_weekly_series_keeps_18_oclock_when_summer_time_begins() -> None:
    dates = occurrences(Recurrence(count=4), evening("2027-03-18T18:00"), BERLIN, limit=60)
    instants = [item.interval.start for item in dates if item.interval]
    assert [moment.hour for moment in instants] == [17, 17, 16, 16]
    assert {wall_time(moment, BERLIN).hour for moment in instants} == {18}


def test_until_includes_the_last_day() -> None:
    rule = Recurrence(until=date(2027, 2, 4))
    days = [item.day for item in occurrences(rule, evening("2027-01-14T18:00"), BERLIN, limit=60)]
    assert days == [date(2027, 1, 14), date(2027, 1, 21), date(2027, 1, 28), date(2027, 2, 4)]


def test_a_monthly_series_keeps_the_second_tuesday() -> None:
    rule = Recurrence(Frequency.MONTHLY, count=3)
    days = [item.day for item in occurrences(rule, evening("2027-01-12T18:00"), BERLIN, limit=60)]
    assert days == [date(2027, 1, 12), date(2027, 2, 9), date(2027, 3, 9)]


def test_a_monthly_series_on_a_fifth_weekday_means_the_last_one() -> None:
    rule = Recurrence(Frequency.MONTHLY, count=3)
    days = [item.day for item in occurrences(rule, evening("2027-01-29T18:00"), BERLIN, limit=60)]
    assert days == [date(2027, 1, 29), date(2027, 2, 26), date(2027, 3, 26)]


def test_every_other_week() -> None:
    rule = Recurrence(interval=2, count=3)
    days = [item.day for item in occurrences(rule, evening("2027-01-14T18:00"), BERLIN, limit=60)]
    assert days == [date(2027, 1, 14), date(2027, 1, 28), date(2027, 2, 11)]


def test_a_date_in_the_skipped_hour_has_no_instant_but_a_reason() -> None:
    first = Interval(datetime(2027, 3, 27, 1, 30, tzinfo=UTC), datetime(2027, 3, 27, 4, tzinfo=UTC))
    dates = occurrences(Recurrence(Frequency.DAILY, count=3), first, BERLIN, limit=60)
    assert [item.interval is None for item in dates] == [False, True, False]
    assert missing_time(dates[1], BERLIN).code == "LOCAL_TIME_DOES_NOT_EXIST"


def test_the_first_date_stays_exact_inside_the_repeated_hour() -> None:
    first = Interval(datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 0, 45, tzinfo=UTC))
    assert occurrences(Recurrence(count=2), first, BERLIN, limit=60)[0].interval == first


@pytest.mark.parametrize(
    "rule",
    [
        Recurrence(),
        Recurrence(count=0),
        Recurrence(count=61),
        Recurrence(interval=0, count=3),
        Recurrence(until=date(2026, 1, 1)),
        Recurrence(Frequency.DAILY, until=date(2099, 1, 1)),
    ],
)
def test_a_series_needs_an_end_and_a_sensible_number_of_dates(rule: Recurrence) -> None:
    with pytest.raises(TooManyOccurrences) as caught:
        occurrences(rule, evening("2027-01-14T18:00"), BERLIN, limit=60)
    assert caught.value.code == "TOO_MANY_OCCURRENCES"
