"""Opening hours, exceptions and regional holidays."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from regiohub.api import t
from regiohub_booking.rules.holiday import holiday_name
from regiohub_booking.rules.hours import HolidayNames, HolidayRule, OpeningPlan, SpecialDays, Window
from regiohub_booking.rules.interval import Interval

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = (Window(9 * 60, 17 * 60),)
WEEKDAYS = (NINE_TO_FIVE,) * 5 + ((), ())
brandenburg = partial(holiday_name, country="DE", subdivision="BB")
berlin = partial(holiday_name, country="DE", subdivision="BE")
REFORMATION_DAY = date(2028, 10, 31)


def day_of(day: date) -> tuple[datetime, datetime]:
    start = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    return start, start + timedelta(days=1)


def test_reformation_day_is_a_holiday_in_brandenburg_and_not_in_berlin() -> None:
    name = brandenburg(REFORMATION_DAY)
    assert name is not None
    assert (name.de, name.en) == ("Reformationstag", "Reformation Day")
    assert berlin(REFORMATION_DAY) is None
    assert berlin(date(2028, 3, 8)) is not None


def test_an_unknown_subdivision_means_the_holidays_of_the_country() -> None:
    assert holiday_name(date(2028, 12, 25), subdivision="??") is not None
    assert holiday_name(REFORMATION_DAY, subdivision="??") is None


@pytest.mark.parametrize(
    ("rule", "names", "open_day"),
    [
        (HolidayRule.CLOSED, brandenburg, False),
        (HolidayRule.CLOSED, berlin, True),
        (HolidayRule.OPEN, brandenburg, True),
        (HolidayRule.AS_SUNDAY, brandenburg, False),
    ],
)
def test_the_holiday_rule_decides_on_a_regional_holiday(rule: HolidayRule, names: HolidayNames, open_day: bool) -> None:
    plan = OpeningPlan(WEEKDAYS, holiday_rule=rule, holiday_names=names)
    assert plan.is_open_day(REFORMATION_DAY) is open_day


def test_an_exception_beats_the_holiday_and_the_narrowest_one_wins() -> None:
    summer = SpecialDays(date(2028, 10, 1), date(2028, 11, 30), (), t("Umbau", "Works"))
    feast = SpecialDays(REFORMATION_DAY, REFORMATION_DAY, (Window(600, 720),), t("Fest", "Feast"))
    plan = OpeningPlan(WEEKDAYS, (summer, feast), HolidayRule.CLOSED, brandenburg)
    assert plan.on(REFORMATION_DAY).windows == (Window(600, 720),)
    other = plan.on(date(2028, 11, 2))
    assert other.windows == ()
    assert other.reason == t("Umbau", "Works")


def test_a_hall_open_past_midnight_is_one_interval_into_the_next_day() -> None:
    late = (Window(18 * 60, 26 * 60),)
    plan = OpeningPlan(((), (), (), (), (), late, ()))
    sunday = date(2027, 1, 10)
    assert plan.open_between(*day_of(sunday), BERLIN) == [
        Interval(datetime(2027, 1, 9, 17, tzinfo=UTC), datetime(2027, 1, 10, 1, tzinfo=UTC))
    ]


def test_days_open_round_the_clock_join_without_a_seam() -> None:
    plan = OpeningPlan(((Window(0, 1440),),) * 7)
    found = plan.open_between(datetime(2027, 3, 27, tzinfo=BERLIN), datetime(2027, 3, 30, tzinfo=BERLIN), BERLIN)
    assert len(found) == 1


def test_the_short_night_has_an_hour_less() -> None:
    plan = OpeningPlan(((Window(0, 6 * 60),),) * 7)
    found = plan.open_between(*day_of(date(2027, 3, 28)), BERLIN)
    assert found[0].length == timedelta(hours=5)
    longer = plan.open_between(*day_of(date(2027, 10, 31)), BERLIN)
    assert longer[0].length == timedelta(hours=7)


@pytest.mark.parametrize(("opens", "closes"), [(-1, 60), (60, 60), (1440, 1500), (60, 2881)])
def test_impossible_windows_are_refused(opens: int, closes: int) -> None:
    with pytest.raises(ValueError, match="opening hours"):
        Window(opens, closes)
