"""The limits of a resource, one broken rule at a time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from regiohub.api import DomainError, t
from regiohub_booking.rules.hours import OpeningPlan, SpecialDays, Window
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.policy import BookingMode, Policy, check_wish
from regiohub_booking.rules.wish import whole_days

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 4, 8, tzinfo=UTC)  # a Monday
DAILY = OpeningPlan(((Window(8 * 60, 22 * 60),),) * 7)
WEEKDAYS = OpeningPlan(((Window(8 * 60, 22 * 60),),) * 5 + ((), ()))
POLICY = Policy(
    raster=30,
    shortest=timedelta(hours=1),
    longest=timedelta(hours=8),
    notice=timedelta(hours=24),
    horizon_days=90,
    buffer_after=timedelta(minutes=30),
)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN)


def refusal(start: str, end: str, *, policy: Policy = POLICY, plan: OpeningPlan = DAILY, staff: bool = False) -> str:
    try:
        check_wish(policy, plan, Interval(local(start), local(end)), now=NOW, zone=BERLIN, staff=staff)
    except DomainError as error:
        return f"{error.code}:{error.field}"
    return "ok"


@pytest.mark.parametrize(
    ("start", "end", "answer"),
    [
        ("2027-01-09T18:00", "2027-01-09T20:00", "ok"),
        ("2027-01-09T20:00", "2027-01-09T22:00", "ok"),
        ("2027-01-03T18:00", "2027-01-03T20:00", "START_IN_PAST:startsAt"),
        ("2027-01-04T12:00", "2027-01-04T14:00", "NOTICE_TOO_SHORT:startsAt"),
        ("2027-06-01T12:00", "2027-06-01T14:00", "OUTSIDE_HORIZON:startsAt"),
        ("2027-01-09T18:10", "2027-01-09T20:00", "OFF_RASTER:startsAt"),
        ("2027-01-09T18:00", "2027-01-09T20:05", "OFF_RASTER:endsAt"),
        ("2027-01-09T18:00", "2027-01-09T18:30", "TOO_SHORT:endsAt"),
        ("2027-01-09T10:00", "2027-01-09T20:00", "TOO_LONG:endsAt"),
        ("2027-01-09T07:00", "2027-01-09T09:00", "CLOSED:startsAt"),
        ("2027-01-09T21:00", "2027-01-09T23:00", "CLOSED:endsAt"),
    ],
)
def test_each_limit_has_its_own_refusal(start: str, end: str, answer: str) -> None:
    assert refusal(start, end) == answer


def test_the_last_bookable_day_is_the_horizon_itself() -> None:
    assert refusal("2027-04-04T12:00", "2027-04-04T14:00") == "ok"
    assert refusal("2027-04-05T12:00", "2027-04-05T14:00") == "OUTSIDE_HORIZON:startsAt"


def test_staff_may_book_at_short_notice_and_far_ahead_but_not_in_the_past_or_when_closed() -> None:
    assert refusal("2027-01-04T12:00", "2027-01-04T14:00", staff=True) == "ok"
    assert refusal("2028-01-04T12:00", "2028-01-04T14:00", staff=True) == "ok"
    assert refusal("2027-01-03T12:00", "2027-01-03T14:00", staff=True) == "START_IN_PAST:startsAt"
    assert refusal("2027-01-09T06:00", "2027-01-09T07:00", staff=True) == "CLOSED:startsAt"


def test_a_closed_day_is_refused_with_its_reason() -> None:
    day = date(2027, 1, 9)
    plan = OpeningPlan(DAILY.week, (SpecialDays(day, day, (), t("Dorffest", "Village feast")),))
    with pytest.raises(DomainError) as caught:
        check_wish(POLICY, plan, Interval(local("2027-01-09T18:00"), local("2027-01-09T20:00")), now=NOW, zone=BERLIN)
    assert caught.value.code == "CLOSED"
    assert caught.value.message.de == "Zu dieser Zeit ist geschlossen (Dorffest)."
    assert caught.value.message.en == "Closed at that time (Village feast)."


def test_opening_hours_are_named_when_the_wish_misses_them() -> None:
    with pytest.raises(DomainError) as caught:
        check_wish(POLICY, DAILY, Interval(local("2027-01-09T06:00"), local("2027-01-09T08:00")), now=NOW, zone=BERLIN)
    assert "geöffnet 08:00–22:00 Uhr" in caught.value.message.de


@pytest.mark.parametrize(
    ("first", "last", "answer"),
    [
        (date(2027, 1, 8), date(2027, 1, 11), "ok"),  # Friday to Monday over a closed weekend
        (date(2027, 1, 9), date(2027, 1, 11), "CLOSED:firstDay"),
        (date(2027, 1, 8), date(2027, 1, 10), "CLOSED:lastDay"),
        (date(2027, 1, 4), date(2027, 1, 5), "ok"),  # picked up today
        (date(2027, 1, 1), date(2027, 1, 5), "START_IN_PAST:startsAt"),
        (date(2027, 1, 5), date(2027, 1, 12), "TOO_LONG:endsAt"),
    ],
)
def test_loans_run_over_closed_days_but_begin_and_end_on_open_ones(first: date, last: date, answer: str) -> None:
    policy = Policy(mode=BookingMode.DAYS, longest=timedelta(days=7))
    wanted = whole_days(first, last, BERLIN)
    try:
        check_wish(policy, WEEKDAYS, wanted, now=NOW, zone=BERLIN)
        found = "ok"
    except DomainError as error:
        found = f"{error.code}:{error.field}"
    assert found == answer


def test_an_item_lent_by_the_day_cannot_be_taken_for_an_hour() -> None:
    assert (
        refusal("2027-01-09T18:00", "2027-01-09T20:00", policy=Policy(mode=BookingMode.DAYS)) == "NOT_OFFERED:startsAt"
    )


def test_the_short_night_counts_elapsed_time() -> None:
    plan = OpeningPlan(((Window(0, 1440),),) * 7)
    assert refusal("2027-03-28T01:00", "2027-03-28T03:00", plan=plan) == "ok"
    strict = Policy(raster=30, shortest=timedelta(hours=2))
    assert refusal("2027-03-28T01:00", "2027-03-28T03:00", plan=plan, policy=strict) == "TOO_SHORT:endsAt"
