"""Opening hours: syntax, the usual slips, regional holidays, open now."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_health_directory.formats.hsds.schedules import schedule_records
from regiohub_health_directory.service.hours import (
    Calendar,
    HoursStatus,
    HoursSyntaxError,
    HoursWarning,
    WeekBlock,
    check_hours,
    describe_hours,
    hours_from_form,
    next_status_change,
    status_at,
    week_plan,
)

BERLIN_TIME = ZoneInfo("Europe/Berlin")
BRANDENBURG = Calendar(BERLIN_TIME, "DE", "BB")
BERLIN = Calendar(BERLIN_TIME, "DE", "BE")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN_TIME)


@pytest.mark.parametrize(
    ("text", "position", "fragment"),
    [
        ("Montag 8-12", 3, "ntag 8-12"),
        ("Mo-Fr 8 Uhr", 7, "8 Uhr"),
        ("Mo-Fr 08-12", 7, "08-12"),
        ("Mo-Fr 08:00–12:00", 12, "–12:00"),
        ("Mo 25:00-26:00", 4, "25:00-26:00"),
        ("   ", 1, "   "),
    ],
)
def test_malformed_hours_are_refused_with_the_position_of_the_fault(text: str, position: int, fragment: str) -> None:
    with pytest.raises(HoursSyntaxError) as caught:
        check_hours(text)
    assert caught.value.position == position
    assert caught.value.fragment == fragment


def test_hours_longer_than_a_thousand_characters_are_refused() -> None:
    with pytest.raises(HoursSyntaxError) as caught:
        check_hours("Mo 08:00-09:00; " * 80)
    assert caught.value.position == 1001


def test_line_breaks_from_pasted_text_are_accepted() -> None:
    assert check_hours("Mo-Fr 08:00-12:00;\nPH off").text == "Mo-Fr 08:00-12:00; PH closed"


def test_a_second_block_after_a_semicolon_warns_that_it_takes_the_morning_away() -> None:
    found = check_hours("Mo-Fr 08:00-12:00; Mo,Tu,Th 14:00-18:00")
    assert found.warnings == (HoursWarning.OVERRIDDEN,)
    assert found.overridden_days == ("Mo", "Tu", "Th")
    assert status_at(found.text, BRANDENBURG, at("2026-11-23T09:00")).status is HoursStatus.CLOSED


@pytest.mark.parametrize(
    "text",
    [
        "Mo-Fr 08:00-12:00, Mo,Tu,Th 14:00-18:00",
        "Mo-Fr 08:00-18:00; We 08:00-12:00",
        "Mo-Fr 08:00-12:00; Jul-Aug Mo-Fr 13:00-15:00",
        "Mo-Fr 08:00-12:00; Dec 24,Dec 31 off; PH off",
        "Mo 08:00-12:00; Tu 14:00-18:00",
    ],
)
def test_deliberate_rules_raise_no_override_warning(text: str) -> None:
    assert HoursWarning.OVERRIDDEN not in check_hours(text).warnings


def test_an_end_before_the_start_warns_that_it_reaches_over_midnight() -> None:
    assert check_hours("Mo-Fr 12:00-08:00").warnings == (HoursWarning.OVER_MIDNIGHT,)


def test_school_holidays_and_odd_spelling_are_named() -> None:
    assert check_hours("mo-fr 08:00-12:00; SH off").warnings == (HoursWarning.SCHOOL_HOLIDAYS, HoursWarning.SPELLING)


def test_a_practice_is_closed_on_reformation_day_in_brandenburg_only() -> None:
    text = "Mo-Sa 08:00-12:00; PH off"
    saturday = at("2026-10-31T09:00")
    assert status_at(text, BRANDENBURG, saturday).status is HoursStatus.CLOSED
    assert status_at(text, BERLIN, saturday).status is HoursStatus.OPEN


def test_a_practice_is_closed_on_womens_day_in_berlin_only() -> None:
    text = "Mo-Fr 08:00-12:00; PH off"
    monday = at("2027-03-08T09:00")
    assert status_at(text, BERLIN, monday).status is HoursStatus.CLOSED
    assert status_at(text, BRANDENBURG, monday).status is HoursStatus.OPEN


def test_easter_sunday_counts_as_a_holiday_in_brandenburg() -> None:
    assert status_at("PH 10:00-11:00", BRANDENBURG, at("2027-03-28T10:30")).status is HoursStatus.OPEN


def test_the_next_opening_leaps_over_regional_holidays() -> None:
    state = status_at("Mo-Sa 08:00-12:00; PH off", BRANDENBURG, at("2026-10-30T13:00"))
    assert state.status is HoursStatus.CLOSED
    assert state.next_change == at("2026-11-02T08:00")


def test_sundays_and_holidays_together_are_open_on_both() -> None:
    for moment in ("2026-11-01T11:00", "2026-10-31T11:00"):
        assert status_at("PH,Su 10:00-12:00", BRANDENBURG, at(moment)).status is HoursStatus.OPEN
    assert status_at("PH,Su 10:00-12:00", BRANDENBURG, at("2026-11-03T11:00")).status is HoursStatus.CLOSED


def test_holidays_of_a_season_hold_in_that_season_only() -> None:
    text = "Apr-Sep PH 10:00-12:00"
    assert status_at(text, BRANDENBURG, at("2026-05-01T11:00")).status is HoursStatus.OPEN
    assert status_at(text, BRANDENBURG, at("2026-10-03T11:00")).status is HoursStatus.CLOSED


def test_the_day_before_a_holiday_can_be_named() -> None:
    assert status_at("PH -1 day 10:00-12:00", BRANDENBURG, at("2026-10-30T11:00")).status is HoursStatus.OPEN


def test_a_comment_that_speaks_of_holidays_stays_untouched() -> None:
    text = 'Mo-Fr 08:00-12:00 "PH, siehe Aushang; PH off"'
    assert check_hours(text).text == text
    assert status_at(text, BRANDENBURG, at("2026-11-23T09:00")).comment == "PH, siehe Aushang; PH off"


def test_a_town_can_add_a_closed_day_of_its_own() -> None:
    calendar = Calendar(BERLIN_TIME, "DE", "BB", frozenset({date(2026, 12, 24)}))
    assert status_at("Mo-Fr 08:00-12:00; PH off", calendar, at("2026-12-24T09:00")).status is HoursStatus.CLOSED


def test_by_appointment_is_a_state_of_its_own_and_not_closed() -> None:
    text = 'Mo,Tu 08:00-12:00; We "nur nach Vereinbarung"'
    state = status_at(text, BRANDENBURG, at("2026-11-25T09:00"))
    assert state.status is HoursStatus.BY_APPOINTMENT
    assert state.comment == "nur nach Vereinbarung"
    assert state.next_change == at("2026-11-26T00:00")


def test_no_hours_are_unknown_and_never_closed() -> None:
    assert status_at(None, BRANDENBURG, at("2026-11-23T09:00")).status is HoursStatus.UNKNOWN


def test_always_open_has_no_next_change() -> None:
    state = status_at("24/7", BRANDENBURG, at("2026-11-23T09:00"))
    assert (state.status, state.next_change) == (HoursStatus.OPEN, None)


def test_the_night_of_the_clock_change_keeps_local_opening_times() -> None:
    state = status_at("Su 08:00-10:00", BRANDENBURG, datetime(2026, 10, 24, 22, tzinfo=UTC))
    assert state.next_change == datetime(2026, 10, 25, 7, tzinfo=UTC)


def test_two_places_are_open_until_the_last_one_closes() -> None:
    state = next_status_change(["Mo 08:00-12:00", "Mo 11:00-18:00"], BRANDENBURG, at("2026-11-23T09:00"))
    assert (state.status, state.next_change) == (HoursStatus.OPEN, at("2026-11-23T18:00"))


def test_form_blocks_of_the_same_day_are_added_up() -> None:
    text = hours_from_form(
        [
            WeekBlock(frozenset(range(5)), time(8), time(12)),
            WeekBlock(frozenset({0, 1, 3}), time(14), time(18)),
        ]
    )
    assert text == "Mo,Tu,Th 08:00-12:00,14:00-18:00; We,Fr 08:00-12:00; PH closed"
    assert status_at(text, BRANDENBURG, at("2026-11-23T09:00")).status is HoursStatus.OPEN
    assert status_at(text, BRANDENBURG, at("2026-11-23T15:00")).status is HoursStatus.OPEN
    assert status_at(text, BRANDENBURG, at("2026-11-25T15:00")).status is HoursStatus.CLOSED


def test_a_form_block_without_times_means_by_appointment() -> None:
    text = hours_from_form([WeekBlock(frozenset({2}))], closed_on_holidays=False)
    assert text == 'We "nach Vereinbarung"'


@pytest.mark.parametrize(
    "block",
    [
        WeekBlock(frozenset(), time(8), time(9)),
        WeekBlock(frozenset({7}), time(8), time(9)),
        WeekBlock(frozenset({1}), time(8), None),
    ],
)
def test_incomplete_form_blocks_are_refused(block: WeekBlock) -> None:
    with pytest.raises(ValueError, match="weekdays"):
        hours_from_form([block])


quarter = st.integers(0, 95).map(lambda n: time(n // 4, n % 4 * 15))
blocks = st.lists(
    st.builds(WeekBlock, st.frozensets(st.integers(0, 6), min_size=1), quarter, quarter), min_size=1, max_size=5
)


@given(blocks, st.integers(0, 7 * 96 - 1))
def test_the_form_s_text_is_open_exactly_in_the_union_of_its_blocks(parts: list[WeekBlock], slot: int) -> None:
    text = hours_from_form(parts, closed_on_holidays=False)
    assert check_hours(text).text == text
    moment = slot * 15
    opened = status_at(
        text,
        BRANDENBURG,
        at("2026-11-16T00:00").replace(day=16 + moment // 1440, hour=moment // 60 % 24, minute=moment % 60),
    )
    assert (opened.status is HoursStatus.OPEN) == any(_covers(block, moment) for block in parts)


@given(blocks, st.integers(0, 7 * 96 - 1))
def test_exported_schedules_are_open_exactly_when_the_hours_are(parts: list[WeekBlock], slot: int) -> None:
    text = hours_from_form(parts, closed_on_holidays=False)
    records = schedule_records(UUID(int=0), text, date(2026, 11, 18))
    moment = slot * 15
    assert any(_scheduled(record, moment) for record in records) == any(_covers(block, moment) for block in parts)


def _scheduled(record: dict[str, Any], moment: int) -> bool:
    opens, closes = (int(record[name][:2]) * 60 + int(record[name][3:]) for name in ("opens_at", "closes_at"))
    length = closes - opens if closes > opens else closes - opens + 1440
    days = [("MO", "TU", "WE", "TH", "FR", "SA", "SU").index(day) for day in record["byday"].split(",")]
    return any((moment - day * 1440 - opens) % (7 * 1440) < length for day in days)


def _covers(block: WeekBlock, moment: int) -> bool:
    assert block.opens is not None
    assert block.closes is not None
    start = block.opens.hour * 60 + block.opens.minute
    end = block.closes.hour * 60 + block.closes.minute
    length = end - start if end > start else end - start + 1440
    return any((moment - day * 1440 - start) % (7 * 1440) < length for day in block.days)


@given(st.text(max_size=60))
def test_any_text_is_either_accepted_or_refused_with_a_position_inside_it(text: str) -> None:
    assert 0 <= _fault(text) <= len(text) + 1


def _fault(text: str) -> int:
    try:
        check_hours(text)
    except HoursSyntaxError as error:
        return error.position
    return 0


def test_hours_are_described_in_german_and_english() -> None:
    text = 'Mo,Tu,Th 08:00-12:00,14:00-18:00; We "nach Vereinbarung"; Fr 08:00-12:00; PH off'
    assert describe_hours(text, "de", date(2026, 11, 23)) == (
        "Mo, Di, Do 08:00–12:00 Uhr und 14:00–18:00 Uhr; Mi nach Vereinbarung; Fr 08:00–12:00 Uhr; "
        "an Feiertagen geschlossen"
    )
    assert describe_hours("24/7", "en", date(2026, 11, 23)) == "open around the clock"
    assert describe_hours("Mo-We 20:00-02:00", "en", date(2026, 11, 23)) == "Mon–Wed 20:00–02:00"


def test_the_ordinary_week_ignores_holidays_and_keeps_numbered_days_apart() -> None:
    plan = week_plan("Mo 08:00-12:00; Th[1] 15:00-17:00; PH off", date(2026, 10, 31))
    assert [(span.day, span.start, span.end) for span in plan.spans] == [(0, 480, 720)]
    assert [rule.text() for rule in plan.numbered] == ["Th[1] 15:00-17:00"]
    assert plan.closed_on_holidays
    assert not plan.seasonal
