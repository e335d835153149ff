"""Applying a profile's rules to a decoded object."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from regiohub_lorawan.formats.reading import JsonValue
from regiohub_lorawan.mapping.paths import Path, value_at
from regiohub_lorawan.mapping.values import Quality, judge, to_number


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path's value goes: the integer key of a datastream, with its plausible range in the stream's unit."""

    series: int
    path: Path
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value of one series."""

    series: int
    value: float
    quality: Quality


def extract(decoded: Mapping[str, JsonValue], targets: Iterable[Target]) -> list[Value]:
    """The values that the decoded object holds. Missing, null and non-numeric ones give no value and no error."""
    found: list[Value] = []
    for target in targets:
        number = to_number(value_at(decoded, target.path))
        if number is not None:
            found.append(Value(target.series, number, judge(number, target.minimum, target.maximum)))
    return found
