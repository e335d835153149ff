"""When a time is over: whole days of the town's calendar, at every boundary and in every zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.privacy.retention.periods import beginning_of, due_on, limit_of

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = st.sampled_from(
    [ZoneInfo(n) for n in ("Europe/Berlin", "UTC", "Pacific/Kiritimati", "America/Sao_Paulo", "Asia/Kathmandu")]
)
MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - bounds
DAYS = st.integers(1, 4000).map(lambda days: timedelta(days=days))


@given(MOMENTS, MOMENTS, ZONES, DAYS)
def test_an_event_is_past_its_time_exactly_from_the_day_it_is_due_on(
    event: datetime, now: datetime, zone: ZoneInfo, kept: timedelta
) -> None:
    past = event < limit_of(now, zone, kept).moment
    assert past == (now.astimezone(zone).date() >= due_on(event, zone, kept))
    day = event.astimezone(zone).date()
    assert (day < limit_of(now, zone, kept).day) == past


@given(MOMENTS, ZONES, DAYS)
def test_it_is_kept_for_all_of_its_days_and_less_than_one_more(
    event: datetime, zone: ZoneInfo, kept: timedelta
) -> None:
    first = beginning_of(due_on(event, zone, kept), zone)
    assert event >= limit_of(first - timedelta(microseconds=1), zone, kept).moment
    assert event < limit_of(first, zone, kept).moment
    slack = first - event - kept
    # A day of the calendar has 23 to 25 hours, and clocks may have been changed by two.
    assert timedelta(hours=-2) < slack < timedelta(hours=26)


@given(MOMENTS, MOMENTS, ZONES, st.integers(1, 23).map(lambda hours: timedelta(hours=hours)))
def test_a_time_of_hours_counts_from_the_moment(
    event: datetime, now: datetime, zone: ZoneInfo, kept: timedelta
) -> None:
    assert (event < limit_of(now, zone, kept).moment) == (now - event > kept)


@pytest.mark.parametrize(
    ("event", "now", "past"),
    [
        # Summer: midnight in Berlin is 22:00 UTC; the 30 days end with 1 July.
        ("2026-06-01T00:00:00+02:00", "2026-07-01T23:59:59+02:00", False),
        ("2026-06-01T23:59:59+02:00", "2026-07-02T00:00:00+02:00", True),
        ("2026-06-02T00:00:00+02:00", "2026-07-02T23:59:59+02:00", False),
        # The clock goes back on 25 October, and the day has 25 hours.
        ("2026-10-01T12:00:00+02:00", "2026-10-31T23:59:59+01:00", False),
        ("2026-10-01T12:00:00+02:00", "2026-11-01T00:00:00+01:00", True),
    ],
)
def test_the_last_day_counts_to_its_end(event: str, now: str, past: bool) -> None:
    limit = limit_of(datetime.fromisoformat(now), BERLIN, timedelta(days=30))
    assert (datetime.fromisoformat(event) < limit.moment) is past


def test_where_the_clock_leaps_over_midnight_the_day_begins_with_the_leap() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    assert beginning_of(date(2018, 11, 4), zone).astimezone(zone).isoformat() == "2018-11-04T01:00:00-02:00"
