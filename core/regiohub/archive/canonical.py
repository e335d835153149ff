"""Values of a row as canonical JSON: the same bytes on every database for what is equal.

Keys are sorted, floats have their shortest exact form, moments are UTC in RFC 3339, bytes are Base64, decimals are text
with their places, and geometries have 7 decimals. docs/reference/archive-format.md says so to strangers.
"""

from __future__ import annotations

import base64
import enum
import math
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any, Final, cast
from uuid import UUID

import orjson
import sqlalchemy as sa

from regiohub.db.geometry import GeoJson, rounded
from regiohub.db.types import Guid

Change = Callable[[Any], Any]

_LINE: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS
_LARGE: Final = 1e16
"""From here on the shortest form of a float has an exponent; PostgreSQL writes such a number in JSON without one."""


def line(values: dict[str, Any]) -> bytes:
    """One row as a line of NDJSON. `values` have been through the encoders of their columns.

    :raises TypeError: a value has no form in JSON.
    """
    return orjson.dumps(values, option=_LINE | orjson.OPT_APPEND_NEWLINE)


def kind_of(type_: sa.types.TypeEngine[Any]) -> str:
    """What a column holds, in the words of the manifest.

    :raises TypeError: a type that an archive cannot hold.
    """
    if isinstance(type_, GeoJson):
        return "geometry"
    if isinstance(type_, sa.JSON):
        return "json"
    if isinstance(type_, (Guid, sa.Uuid)):
        return "uuid"
    if isinstance(type_, sa.Enum):
        return "text"
    python = type_.python_type
    if python is object and isinstance(type_, sa.types.TypeDecorator):
        python = type_.impl_instance.python_type
    for known, name in _KINDS:
        if issubclass(python, known):
            return name
    raise TypeError(f"an archive cannot hold values of the type {type_!r}")


_KINDS: Final[tuple[tuple[type[Any], str], ...]] = (
    (bool, "boolean"), (datetime, "moment"), (date, "date"), (time, "time"), (int, "integer"), (float, "number"),
    (Decimal, "decimal"), (bytes, "bytes"), (UUID, "uuid"), (str, "text"),
)  # fmt: skip


def encoder_of(type_: sa.types.TypeEngine[Any]) -> Change | None:
    """What makes a Python value of a column ready for `line`; None where it is so already."""
    return _ENCODERS.get(kind_of(type_))


def decoder_of(type_: sa.types.TypeEngine[Any]) -> Change | None:
    """What makes the value of a column from what stands in the line; None where nothing is to be done."""
    if isinstance(type_, sa.Enum) and type_.enum_class is not None:
        return cast("Change", type_.enum_class)
    return _DECODERS.get(kind_of(type_))


def _plain(value: Any) -> Any:
    """A JSON document whose equal numbers have equal forms, whichever database it comes from."""
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"JSON has no number {value}")
        if value == 0.0:
            return 0.0  # PostgreSQL knows no -0 in documents.
        return value if abs(value) < _LARGE else _whole(value)
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in cast("dict[Any, Any]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(part) for part in cast("list[Any]", value)]
    return value


def _whole(value: float) -> Any:
    # orjson writes whole numbers up to 64 bits; larger ones are put in as they stand.
    return orjson.Fragment(str(int(Decimal(repr(value)))))


def _shape(value: dict[str, Any]) -> dict[str, Any]:
    return _plain(rounded(value))


def _number(value: float) -> float | str:
    """Infinity and the like, which JSON lacks, become words."""
    value = float(value)
    return value if math.isfinite(value) else str(value)


def _text(value: Any) -> str:
    return str(value.value) if isinstance(value, enum.Enum) else value


def _moment(text: str) -> datetime:
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    # Raises OverflowError at the ends of time.
    return value.astimezone(UTC)


_ENCODERS: Final[dict[str, Change]] = {
    "geometry": _shape,
    "json": _plain,
    "number": _number,
    "decimal": lambda value: format(value, "f"),
    "bytes": lambda value: base64.b64encode(value).decode(),
    "moment": lambda value: value.astimezone(UTC),
    "text": _text,
    # The driver has a class of its own for it.
    "uuid": str,
}
_DECODERS: Final[dict[str, Change]] = {
    "moment": _moment,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "number": float,
    "decimal": Decimal,
    "bytes": lambda value: base64.b64decode(value, validate=True),
    "uuid": UUID,
}
