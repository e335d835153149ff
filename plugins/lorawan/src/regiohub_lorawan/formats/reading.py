"""Reading untyped JSON: each function takes what a field promises or says which field breaks the promise.

Both network servers leave out fields that hold their default (0, false, empty text), so absence is never an error
here unless the caller asks for it.
"""

import base64
import binascii
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeAlias, cast

import orjson

from regiohub_lorawan.errors import malformed

JsonValue: TypeAlias = "str | int | float | bool | Mapping[str, JsonValue] | Sequence[JsonValue] | None"
JsonObject: TypeAlias = Mapping[str, JsonValue]

_EUI = re.compile(r"[0-9a-f]{16}")
_SEPARATORS = re.compile(r"[\s:.-]")
_FRACTION = re.compile(r"(\.\d{6})\d+")


def parse_object(body: bytes) -> JsonObject:
    """Parse a JSON body that must be an object. NaN and Infinity are not JSON and are refused."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise malformed(
            f"Der Inhalt ist kein gültiges JSON (Zeile {error.lineno}, Spalte {error.colno}).",
            f"The body is not valid JSON (line {error.lineno}, column {error.colno}).",
        ) from error
    if not isinstance(value, dict):
        raise malformed("Der Inhalt muss ein JSON-Objekt sein.", "The body must be a JSON object.")
    return cast(JsonObject, value)


def child(data: JsonObject, key: str) -> JsonObject:
    """The object under ``key``; an empty one when it is absent."""
    value = data.get(key)
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise malformed(f"„{key}“ muss ein Objekt sein.", f'"{key}" must be an object.', key)
    return value


def children(data: JsonObject, key: str) -> list[JsonObject]:
    """The list of objects under ``key``; other members of the list are left out."""
    value = data.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise malformed(f"„{key}“ muss eine Liste sein.", f'"{key}" must be a list.', key)
    return [item for item in value if isinstance(item, Mapping)]


def text(data: JsonObject, key: str) -> str | None:
    """The text under ``key``, or None when it is absent or empty."""
    value = data.get(key)
    if value is None or value == "":
        return None
    # A NUL cannot be stored in every database, and one such message would take its whole batch down.
    if not isinstance(value, str) or "\0" in value:
        raise malformed(f"„{key}“ muss Text sein.", f'"{key}" must be text.', key)
    return value


def printable(value: str, most: int = 500) -> str:
    """Foreign words for showing to people: control characters and halves of surrogate pairs are replaced."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in value[:most])


def integer(data: JsonObject, key: str, *, maximum: int = 2**32 - 1) -> int:
    """The number under ``key`` (0 when absent); 64-bit numbers arrive as text."""
    value = data.get(key, 0)
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= maximum:
        raise malformed(
            f"„{key}“ muss eine ganze Zahl von 0 bis {maximum} sein.",
            f'"{key}" must be an integer between 0 and {maximum}.',
            key,
        )
    return value


def number(data: JsonObject, key: str) -> float | None:
    """The finite number under ``key``, or None."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    result = float(value)
    return result if math.isfinite(result) else None


def eui(data: JsonObject, key: str) -> str:
    """A required 64-bit identifier as 16 lower-case hexadecimal digits, whatever separators it came with."""
    return normalise_eui(text(data, key) or "", key)


def normalise_eui(value: str, field: str = "devEui") -> str:
    """16 lower-case hexadecimal digits; raises MalformedMessage naming ``field`` when it is anything else."""
    found = _SEPARATORS.sub("", value).lower()
    if not _EUI.fullmatch(found):
        raise malformed(
            f"„{field}“ muss aus 16 hexadezimalen Ziffern bestehen.",
            f'"{field}" must be 16 hexadecimal digits.',
            field,
        )
    return found


def base64_bytes(data: JsonObject, key: str, *, maximum: int = 512) -> bytes:
    """The bytes under ``key`` (base64; empty when absent). LoRaWAN payloads never exceed 242 bytes."""
    value = text(data, key)
    if value is None:
        return b""
    try:
        found = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError) as error:
        raise malformed(f"„{key}“ ist kein gültiges Base64.", f'"{key}" is not valid base64.', key) from error
    if len(found) > maximum:
        raise malformed(f"„{key}“ ist länger als {maximum} Bytes.", f'"{key}" is longer than {maximum} bytes.', key)
    return found


def instant(data: JsonObject, key: str) -> datetime | None:
    """The RFC 3339 time under ``key`` in UTC, or None. Fractions beyond microseconds are cut off."""
    value = text(data, key)
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(_FRACTION.sub(r"\1", value))
        if found.tzinfo is None:
            raise ValueError(value)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise malformed(
            f"„{key}“ ist keine Zeitangabe nach RFC 3339 mit Zeitzone.",
            f'"{key}" is not an RFC 3339 time with an offset.',
            key,
        ) from error
