"""The one form in which an entry is hashed: JSON as in RFC 8785, the same from either database and from an archive.

Keys in the order of their characters, no spaces, UTF-8, numbers as ECMAScript writes them. Two differences from the
RFC: keys are ordered by code points (the RFC: UTF-16 units), and whole numbers are written in full beyond 2^53.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, cast

import orjson

FIELDS: Final = (
    "id", "at", "actor_kind", "actor", "action", "object_kind", "object_id", "before", "after", "note", "text_de",
    "text_en", "plugin", "plugin_version",
)  # fmt: skip
"""Columns of an entry that are hashed, in the order in which raw rows are read. The town's number is not among them."""

ID_BYTES: Final = 16
HASH_BYTES: Final = 32
RECORD_BYTES: Final = ID_BYTES + HASH_BYTES

_FRACTION = re.compile(r"(?:^|[:\[,])\s*(?:-0|-?\d+[.eE])")
"""Occurs in each JSON text that holds a number with a fraction or an exponent, and in few that do not."""


class Unreadable(ValueError):
    """A row that no entry of the platform can look like: changed by hand."""


def canonical(value: Any) -> bytes:
    """A JSON value in its canonical form. :raises Unreadable: it is no JSON value."""
    try:
        return orjson.dumps(_exact(value), option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError) as error:
        raise Unreadable(str(error)) from error


def moment(value: datetime) -> str:
    """A moment as it is hashed: UTC, six digits of the second."""
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return f"{in_utc.isoformat(timespec='microseconds')[:-6]}Z"


def entry_record(row: Sequence[Any]) -> bytes:
    """48 bytes for an entry as it came from the database (``FIELDS``): its id and the hash of its canonical form.

    Identifier and moment are text on SQLite and objects on PostgreSQL; JSON is text on both.

    :raises Unreadable: the row holds what the platform never writes.
    """
    id_, at, kind, actor, action, object_kind, object_id, before, after, note, de, en, plugin, version = row
    try:
        values = {
            "action": action, "actor": actor, "actor_kind": kind, "after": _parsed(after),
            "at": at if isinstance(at, str) else moment(at), "before": _parsed(before), "id": str(id_),
            "note": note, "object_id": object_id, "object_kind": object_kind, "plugin": plugin,
            "plugin_version": version, "text_de": de, "text_en": en,
        }  # fmt: skip
        digest = sha256(orjson.dumps(values, option=orjson.OPT_SORT_KEYS)).digest()
        return id_bytes(id_) + digest
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        raise Unreadable(str(error)) from error


def id_bytes(id_: Any) -> bytes:
    """The 16 bytes of an identifier. :raises ValueError: it is none."""
    raw = bytes.fromhex(id_.replace("-", "")) if isinstance(id_, str) else cast("bytes", id_.bytes)
    if len(raw) != ID_BYTES:
        raise ValueError(f"no identifier: {id_!r}")
    return raw


def _parsed(text: str | None) -> Any:
    if text is None:
        return None
    value = orjson.loads(text)
    if value is None:
        raise ValueError("JSON null where the platform writes none")
    return _exact(value) if _FRACTION.search(text) else value


def _exact(value: Any) -> Any:
    """The value with its numbers as ECMAScript writes them: 1e17 is a whole number to PostgreSQL, not to SQLite."""
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 2**63 else orjson.Fragment(_shortest(value))
    if isinstance(value, Mapping):
        return {key: _exact(one) for key, one in cast("Mapping[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_exact(one) for one in cast("Sequence[Any]", value)]
    return value


def _shortest(value: float) -> bytes:
    """A number as ECMAScript's Number::toString writes it; its digits are those of Python's repr."""
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) if whole != "0" else int(exponent or 0) - (len(fraction) - len(digits))
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        text = digits + "0" * (point - count)
    elif 0 < point <= 21:
        text = f"{digits[:point]}.{digits[point:]}"
    elif -6 < point <= 0:
        text = f"0.{'0' * -point}{digits}"
    else:
        tail = f".{digits[1:]}" if count > 1 else ""
        text = f"{digits[0]}{tail}e{'+' if point > 0 else '-'}{abs(point - 1)}"
    return f"{'-' if value < 0 else ''}{text}".encode()
