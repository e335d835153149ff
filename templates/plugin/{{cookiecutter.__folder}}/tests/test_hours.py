"""Weekly opening hours: how they are read and written, and what is open when."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regiohub.api import InvalidInput
from regiohub_{{ cookiecutter.id }}.service.hours import ALWAYS, DAY, Span, hours_text, is_open, parse_hours, wall_time

BERLIN = ZoneInfo("Europe/Berlin")


@st.composite
def plans(draw: st.DrawFn) -> tuple[Span, ...]:
    """A week of stretches that neither touch nor overlap."""
    found: list[Span] = []
    for weekday in range(1, 8):
        moments = sorted(draw(st.sets(st.integers(0, DAY), max_size=6)))
        found += [Span(weekday, opens, closes) for opens, closes in zip(moments[::2], moments[1::2], strict=False)]
    return tuple(found)


@given(plans())
def test_what_is_written_is_read_again_in_both_languages(plan: tuple[Span, ...]) -> None:
    assert parse_hours(hours_text(plan, "en")) == plan
    assert parse_hours(hours_text(plan, "de")) == plan


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Mo-Fr 9:00-17:00", "Mo-Fr 09:00-17:00"),
        ("Mo, Di, Mi 09:00 - 12:00; Do 10:00-12:00,14:00-18:00", "Mo-We 09:00-12:00; Th 10:00-12:00,14:00-18:00"),
        ("Sa-Mo 10:00–12:00", "Mo 10:00-12:00; Sa-Su 10:00-12:00"),
        ("Mo 09:00-12:00; Mo 11:00-14:00", "Mo 09:00-14:00"),
        ("24/7", "24/7"),
        ("", ""),
    ],
)
def test_hours_are_put_into_their_shortest_form(text: str, written: str) -> None:
    assert hours_text(parse_hours(text)) == written


def test_a_time_past_midnight_goes_on_into_the_next_day() -> None:
    assert parse_hours("Su 22:00-02:00") == (Span(1, 0, 120), Span(7, 22 * 60, DAY))


@pytest.mark.parametrize("text", ["always", "Mo", "Mo 9-17", "Xx 09:00-10:00", "Mo 25:00-26:00", "Mo 24:00-24:30", "Mo 9"])
def test_hours_that_cannot_be_read_are_refused_with_the_part_at_fault(text: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_hours(f"Tu 10:00-12:00; {text}")
    assert text in refused.value.message.de
    assert refused.value.field == "hours"


@given(st.text("MoTuDiSa 0129:-–,;/\t\n\x00٣ß", max_size=40))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    try:
        plan = parse_hours(text)
    except InvalidInput:
        return
    assert parse_hours(hours_text(plan)) == plan


def test_the_closing_minute_is_closed() -> None:
    plan = parse_hours("Mo 09:00-17:00")
    assert [is_open(plan, 1, minute) for minute in (539, 540, 1019, 1020)] == [False, True, True, False]
    assert not is_open(plan, 2, 600)
    assert all(is_open(ALWAYS, day, minute) for day in range(1, 8) for minute in (0, DAY - 1))


def test_the_town_s_clock_counts_in_summer_and_in_winter() -> None:
    assert wall_time(datetime(2026, 7, 6, 7, 30, tzinfo=UTC), BERLIN) == (1, 9 * 60 + 30)
    assert wall_time(datetime(2026, 1, 4, 23, 30, tzinfo=UTC), BERLIN) == (1, 30)
