"""Rows in one canonical form: equal values have equal bytes, and every value comes back."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from regiohub.archive.canonical import decoder_of, encoder_of, kind_of, line
from regiohub.db.geometry import GeoJson
from regiohub.db.types import Guid, Json, UtcDateTime

DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(-1e15, 1e15)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


def written(type_: Any, value: Any) -> bytes:
    encode = encoder_of(type_)
    return line({"x": value if value is None or encode is None else encode(value)})


def read(type_: Any, text: bytes) -> Any:
    value, decode = orjson.loads(text)["x"], decoder_of(type_)
    return value if value is None or decode is None else decode(value)


@pytest.mark.parametrize(
    ("type_", "value", "text"),
    [
        (UtcDateTime(), datetime(2026, 5, 1, 12, 0, 0, 1, tzinfo=UTC), '"2026-05-01T12:00:00.000001Z"'),
        (UtcDateTime(), datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))), None),
        (sa.Date(), date(1990, 10, 3), '"1990-10-03"'),
        (sa.Numeric(18, 6), Decimal("12.500000"), '"12.500000"'),
        (sa.Numeric(18, 6), Decimal("1E+3"), '"1000"'),
        (sa.Double(), 0.1 + 0.2, "0.30000000000000004"),
        (sa.Double(), 5e-324, "5e-324"),
        (sa.Double(), math.inf, '"inf"'),
        (sa.LargeBinary(), bytes(range(4)) + b"\xff", '"AAECA/8="'),
        (Guid(), UUID("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"), '"0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"'),
        (Json, {"b": 1, "a": {"d": 1.0, "c": None}}, '{"a":{"c":null,"d":1.0},"b":1}'),
        (Json, {"x": 1e22, "y": 1e16, "z": -0.0}, '{"x":10000000000000000000000,"y":10000000000000000,"z":0.0}'),
        (GeoJson(), {"type": "Point", "coordinates": [13, 52.123456789]},
         '{"coordinates":[13.0,52.1234568],"type":"Point"}'),
        (sa.Boolean(), True, "true"),
        (sa.BigInteger(), 2**63 - 1, "9223372036854775807"),
        (sa.Text(), "Straße\u2028\t\"x\"", None),
    ],
)  # fmt: skip
def test_each_type_has_one_form_and_comes_back(type_: Any, value: Any, text: str | None) -> None:
    found = written(type_, value)
    if text is not None:
        assert found.decode() == f'{{"x":{text}}}\n'
    if not isinstance(type_, (sa.JSON, GeoJson)):
        assert read(type_, found) == value
    assert written(type_, read(type_, found)) == found


@given(DOCUMENTS)
def test_a_document_is_equal_after_it_has_been_written_and_read_however_often(document: Any) -> None:
    found = written(Json, {"d": document})
    assert written(Json, read(Json, found)) == found
    assert json.loads(found)["x"]["d"] == document


@given(st.floats(1e16, 1e300))
def test_a_large_number_in_a_document_has_the_digits_that_postgresql_gives_it(number: float) -> None:
    found = written(Json, [number, -number])
    assert found.decode() == f'{{"x":[{Decimal(repr(number)):f},-{Decimal(repr(number)):f}]}}\n'
    assert written(Json, read(Json, found)) == found


@given(DOCUMENTS)
def test_the_order_of_keys_does_not_matter(document: Any) -> None:
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(list(value))}
        return [turned(part) for part in value] if isinstance(value, list) else value

    assert written(Json, {"d": document}) == written(Json, {"d": turned(document)})


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_a_moment_is_the_same_in_every_zone(moment: datetime, hours: int) -> None:
    here = moment.replace(tzinfo=UTC)
    there = here.astimezone(timezone(timedelta(hours=hours)))
    assert written(UtcDateTime(), here) == written(UtcDateTime(), there)
    assert read(UtcDateTime(), written(UtcDateTime(), there)) == here


@given(st.floats(allow_nan=False))
def test_a_number_comes_back_bit_by_bit(value: float) -> None:
    found = read(sa.Double(), written(sa.Double(), value))
    assert (found, math.copysign(1, found)) == (value, math.copysign(1, value))


def test_a_type_that_an_archive_cannot_hold_is_said() -> None:
    with pytest.raises(TypeError, match="an archive cannot hold"):
        kind_of(sa.Interval())
