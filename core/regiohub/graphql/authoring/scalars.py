"""Scalars with one written form on both databases: RFC 3339 moments, GeoJSON, decimals as text."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NewType

import strawberry
from graphql import GraphQLError, GraphQLScalarType
from pydantic import TypeAdapter, ValidationError
from strawberry.types.scalar import ScalarDefinition

from regiohub.errors import InvalidInput
from regiohub.geojson import check_geometry

GeoJSON = NewType("GeoJSON", dict[str, Any])
"""A geometry as a dict with `type` and `coordinates`."""
JSON = NewType("JSON", object)
"""Any JSON value."""
BigInt = NewType("BigInt", int)
"""A whole number beyond 32 bits, written as text so that no client rounds it."""

_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})")
_SPAN: TypeAdapter[timedelta] = TypeAdapter(timedelta)
# Far enough from the ends of the calendar that whatever is added (zones, buffers, series) stays inside it.
_FIRST_YEAR, _LAST_YEAR = 1000, 8999


def _write_moment(value: Any) -> str:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise GraphQLError("DateTime needs a moment with a time zone.")
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{moment.isoformat(timespec='milliseconds')[:-6]}Z"


def _read_moment(value: Any) -> datetime:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        raise GraphQLError(f"DateTime needs RFC 3339 with an offset, like 2026-11-22T04:36:00Z, not {_short(value)}.")
    try:
        # The caller's own offset is kept: a service may ask which time of day was meant.
        moment = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", value.upper()))
        moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise GraphQLError(f"DateTime: {_short(value)} is no moment.") from error
    _check_year("DateTime", moment)
    return moment


def _check_year(scalar: str, day: date) -> None:
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise GraphQLError(f"{scalar} needs a year from {_FIRST_YEAR} to {_LAST_YEAR}, not {day.year}.")


def _read_date(value: Any) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            pass
        else:
            _check_year("Date", day)
            return day
    raise GraphQLError(f"Date needs YYYY-MM-DD, not {_short(value)}.")


def _read_time(value: Any) -> time:
    if isinstance(value, str) and re.fullmatch(r"\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?", value):
        try:
            return time.fromisoformat(value)
        except ValueError:
            pass
    raise GraphQLError(f"Time needs HH:MM or HH:MM:SS, not {_short(value)}.")


def _read_span(value: Any) -> timedelta:
    if isinstance(value, str) and value.lstrip("-+").upper().startswith("P"):
        try:
            return _SPAN.validate_python(value)
        except ValidationError:
            pass
    raise GraphQLError(f"Duration needs ISO 8601, like PT1H30M, not {_short(value)}.")


def _read_decimal(value: Any) -> Decimal:
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if number.is_finite():
            return number
    raise GraphQLError(f"Decimal needs a number, best written as text, not {_short(value)}.")


def _read_id(value: Any) -> uuid.UUID:
    try:
        return uuid.UUID(value)
    except (ValueError, AttributeError, TypeError) as error:
        raise GraphQLError(f"ID needs an identifier of this platform (a UUID), not {_short(value)}.") from error


def _same(value: Any) -> Any:
    return value


def _write_span(value: Any) -> str:
    return _SPAN.dump_python(value, mode="json")


def _write_big(value: Any) -> str:
    return str(int(value))


def _read_big(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    raise GraphQLError(f"BigInt needs a whole number, not {_short(value)}.")


def _read_geometry(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise GraphQLError("GeoJSON needs an object with type and coordinates (RFC 7946).")
    try:
        check_geometry(value)
    except InvalidInput as error:
        raise GraphQLError(f"GeoJSON: {error.message.en}") from error
    return value


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _scalar(name: str, description: str, write: Any, read: Any, url: str | None = None) -> ScalarDefinition:
    return strawberry.scalar(
        name=name, description=description, serialize=write, parse_value=read, specified_by_url=url
    )


def _identifier() -> ScalarDefinition:
    made = GraphQLScalarType(
        "Identifier",
        serialize=str,
        parse_value=_read_id,
        description="An identifier; its form is not part of the interface.",
    )
    # graphql-core keeps the name ID for its own instance, which reads any text; this one reads UUIDs.
    made.name = "ID"
    return ScalarDefinition(
        name="ID", description=made.description, specified_by_url=None, serialize=str, parse_value=_read_id,
        parse_literal=None, implementation=made, origin=uuid.UUID,
    )  # fmt: skip


SCALARS: dict[object, ScalarDefinition] = {
    datetime: _scalar(
        "DateTime",
        "A moment in RFC 3339, always written in UTC with milliseconds: 2026-11-22T04:36:00.000Z. "
        f"Read with any offset; without one it is refused. Years {_FIRST_YEAR} to {_LAST_YEAR}.",
        _write_moment, _read_moment, "https://www.rfc-editor.org/rfc/rfc3339",
    ),
    date: _scalar(
        "Date", f"A calendar day: 2026-11-22. Years {_FIRST_YEAR} to {_LAST_YEAR}.", date.isoformat, _read_date
    ),
    time: _scalar("Time", "A time of day in the town's zone: 18:30 or 18:30:00.", time.isoformat, _read_time),
    timedelta: _scalar(
        "Duration", "A length of time in ISO 8601: PT1H30M.",
        _write_span, _read_span,
    ),
    Decimal: _scalar("Decimal", "An exact decimal number, written as text.", "{:f}".format, _read_decimal),
    uuid.UUID: _identifier(),
    GeoJSON: _scalar(
        "GeoJSON", "A geometry in WGS 84, longitude before latitude (RFC 7946).",
        _same, _read_geometry, "https://www.rfc-editor.org/rfc/rfc7946",
    ),
    JSON: _scalar("JSON", "Any JSON value.", _same, _same),
    BigInt: _scalar("BigInt", "A whole number beyond 32 bits, written as text.", _write_big, _read_big),
}  # fmt: skip
"""Which Python type is which scalar."""
