"""What a codec is asked and what comes back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import cast

from regiohub_lorawan.formats.reading import JsonValue, printable


class Failure(StrEnum):
    """Why a codec gave no data. The values are part of the error codes shown to operators."""

    TIMEOUT = "timeout"
    MEMORY = "memory"
    STACK = "stack"
    EXCEPTION = "exception"
    NO_FUNCTION = "no_function"
    OUTPUT = "output"
    REPORTED = "reported"
    CRASHED = "crashed"
    SUSPENDED = "suspended"


LIMIT_FAILURES = frozenset({Failure.TIMEOUT, Failure.MEMORY, Failure.STACK, Failure.CRASHED})
"""Failures that cost the worker its time or its life; repeated ones suspend the codec for a while."""


@dataclass(frozen=True, slots=True)
class CodecKey:
    """One codec version of one town. Contexts are never shared between two keys."""

    tenant_id: int
    codec: str
    version: int

    def __str__(self) -> str:
        return f"{self.tenant_id}/{self.codec}/{self.version}"


@dataclass(frozen=True, slots=True)
class DecodeInput:
    """One payload: bytes, LoRaWAN port, RFC 3339 time of reception, the device's variables."""

    payload: bytes
    f_port: int
    received_at: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class DecodeResult:
    """Data of a payload, or the failure with a message for the codec's author."""

    data: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    failure: Failure | None = None
    line: int | None = None
    """Line of the codec in which it failed, counted from 1, where the engine tells."""

    @property
    def ok(self) -> bool:
        """True when the codec gave data and reported no error."""
        return self.failure is None


def failed(failure: Failure, message: str, line: int | None = None) -> DecodeResult:
    """A result without data."""
    return DecodeResult(errors=(printable(message),), failure=failure, line=line)


def from_output(output: object) -> DecodeResult:
    """Read the object a codec returned: ``{data, warnings, errors}``, each of them optional."""
    if not isinstance(output, dict):
        return failed(Failure.OUTPUT, "The codec must return an object.")
    found = cast("dict[str, JsonValue]", output)
    data, warnings, errors = found.get("data"), _texts(found.get("warnings")), _texts(found.get("errors"))
    if errors:
        return DecodeResult(warnings=warnings, errors=errors, failure=Failure.REPORTED)
    if not isinstance(data, dict):
        return failed(Failure.OUTPUT, 'The codec must return an object with "data".')
    return DecodeResult(data=data, warnings=warnings)


def _texts(value: JsonValue) -> tuple[str, ...]:
    if value is None or value == []:
        return ()
    items = value if isinstance(value, list) else [value]
    return tuple(printable(str(item)) for item in items[:20])
