"""Paths, units and the judgement of values."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub_lorawan.mapping.extract import Target, Value, extract
from regiohub_lorawan.mapping.paths import parse_path, value_at
from regiohub_lorawan.mapping.units import UNITS, unit
from regiohub_lorawan.mapping.values import Quality, judge, to_number

DECODED: dict[str, Any] = {
    "temperature": 21.5,
    "air": {"co2": 415, "text": "21.4"},
    "probes": [{"v": 1}, {"v": None}, [7, 8]],
    "odd key": {"x.y": 3},
}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("temperature", 21.5),
        ("air.co2", 415),
        ("probes[0].v", 1),
        ("probes[1].v", None),
        ("probes[2][1]", 8),
        ("probes[9].v", None),
        ('["odd key"]["x.y"]', 3),
        ("odd key", {"x.y": 3}),
        ("air[0]", None),
        ("temperature.x", None),
        ("air.text[0]", None),
        ("missing", None),
    ],
)
def test_path_finds_its_value_or_nothing(path: str, value: object) -> None:
    assert value_at(DECODED, parse_path(path)) == value


@pytest.mark.parametrize(
    "path", ["", ".", "a.", ".a", "a..b", "a[", "a[x]", "a[-1]", "a]", 'a[""]', "a" * 201, "a[0]b"]
)
def test_invalid_path_is_refused_with_examples(path: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse_path(path)
    assert caught.value.code == "INVALID_PATH"


@given(st.text())
def test_any_text_is_a_path_or_refused(path: str) -> None:
    with suppress(DomainError):
        value_at(DECODED, parse_path(path))


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (5, 5.0), (True, 1.0), (False, 0.0), ("21.40", 21.4), (" -3 ", -3.0), ("", None), ("12 V", None), ("1e5", None),
        ("nan", None), (None, None), ({}, None), ([1], None), (float("nan"), None), (float("inf"), None),
        (10**400, None),
    ],
)  # fmt: skip
def test_numbers_are_finite_or_no_value(value: Any, number: float | None) -> None:
    assert to_number(value) == number


def test_plausible_range_is_inclusive_and_open_where_a_bound_is_absent() -> None:
    assert judge(-40, -40, 60) is judge(60, -40, 60) is judge(1e9, 0, None) is judge(5, None, None) is Quality.GOOD
    assert judge(-40.1, -40, 60) is judge(61, None, 60) is Quality.IMPLAUSIBLE


def test_extract_gives_values_with_their_quality_and_skips_what_is_absent() -> None:
    targets = [
        Target(1, parse_path("temperature"), -40, 60),
        Target(2, parse_path("air.co2"), 0, 400),
        Target(3, parse_path("missing")),
        Target(4, parse_path("air.text")),
    ]
    assert extract(DECODED, targets) == [
        Value(1, 21.5, Quality.GOOD),
        Value(2, 415.0, Quality.IMPLAUSIBLE),
        Value(4, 21.4, Quality.GOOD),
    ]


@pytest.mark.parametrize("symbol", ["Cel", "%", "ug/m3", "dB[SPL]", "{people}", "{vehicles}/h"])
def test_known_units_and_annotations_are_accepted(symbol: str) -> None:
    assert unit(symbol).symbol == symbol


@pytest.mark.parametrize(
    ("symbol", "hint"),
    [("°C", "Cel"), ("CEL", "Cel"), ("µg/m³", "ug/m3"), ("bananas", "hPa"), ("", "%"), ("{}", "Cel")],
)
def test_unknown_unit_is_refused_with_a_hint(symbol: str, hint: str) -> None:
    with pytest.raises(DomainError) as caught:
        unit(symbol)
    assert caught.value.code == "UNKNOWN_UNIT"
    assert hint in str(caught.value)


def test_every_unit_has_both_names() -> None:
    assert all(item.de and item.en for item in UNITS.values())
