"""Hours as people write them become OSM text where their meaning is certain, and are refused where it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_health_directory.service.hours import HoursSyntaxError, WeekBlock, check_hours, hours_from_form
from regiohub_health_directory.service.hours.words import hours_from_words


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Mo-Fr 8-12 Uhr, Di 14-18", "Mo-Fr 08:00-12:00, Tu 14:00-18:00"),
        ("Montag bis Freitag von 8.00 bis 12.00 Uhr", "Mo-Fr 08:00-12:00"),
        ("Mo–Fr 8–12; Dienstag und Donnerstag 14–18 Uhr", "Mo-Fr 08:00-12:00, Tu,Th 14:00-18:00"),
        ("Mo, Di, Do 8–12 und 14–18 Uhr\nFr geschlossen", "Mo,Tu,Th 08:00-12:00,14:00-18:00; Fr closed"),
        ("täglich 8-20 Uhr", "Mo-Su 08:00-20:00"),
        ("Mo nach Vereinbarung", 'Mo "nach Vereinbarung"'),
        ("Mo: 8-12; Mi 9-11; Feiertage geschlossen", "Mo 08:00-12:00, We 09:00-11:00; PH closed"),
        ("Mon-Fri 8:30 to 12", "Mo-Fr 08:30-12:00"),
        ("Mo-Fr 08:00-12:00; PH off", "Mo-Fr 08:00-12:00; PH closed"),
    ],
)
def test_everyday_words_are_understood(typed: str, meant: str) -> None:
    assert hours_from_words(typed).text == meant


@pytest.mark.parametrize(
    "typed", ["jeden zweiten Dienstag", "Mo-Fr 8 Uhr", "nach Vereinbarung", "8-12", "Mo 25-30", ""]
)
def test_what_is_not_certain_is_refused_as_it_was_typed(typed: str) -> None:
    with pytest.raises(HoursSyntaxError) as refused:
        hours_from_words(typed)
    assert refused.value.text == typed


@given(st.text(max_size=60))
def test_any_text_is_either_valid_hours_or_refused(text: str) -> None:
    try:
        found = hours_from_words(text)
    except HoursSyntaxError:
        return
    assert check_hours(found.text).text == found.text


@given(st.sets(st.integers(0, 6), min_size=1), st.times(), st.times())
def test_what_the_form_writes_stays_as_it_is(days: set[int], opens: object, closes: object) -> None:
    text = hours_from_form([WeekBlock(frozenset(days), opens, closes)])  # type: ignore[arg-type]
    assert hours_from_words(text).text == check_hours(text).text
