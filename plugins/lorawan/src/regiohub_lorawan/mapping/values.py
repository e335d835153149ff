"""Turning what stands at a path into a number with a quality."""

import math
import re
from enum import IntEnum

from regiohub_lorawan.formats.reading import JsonValue

_DECIMAL = re.compile(r"[+-]?\d{1,15}(\.\d{1,15})?")


class Quality(IntEnum):
    """How far a measured value can be trusted; stored as a small number."""

    GOOD = 0
    IMPLAUSIBLE = 1


def to_number(value: JsonValue) -> float | None:
    """A finite number, or None for "no value".

    Switches become 1 and 0. Many codecs round with ``toFixed`` and so deliver text: plain decimals are accepted,
    anything else in text is not a measurement.
    """
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        value = float(value)
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def judge(value: float, minimum: float | None, maximum: float | None) -> Quality:
    """Implausible outside the inclusive range; an absent bound is no bound."""
    if (minimum is not None and value < minimum) or (maximum is not None and value > maximum):
        return Quality.IMPLAUSIBLE
    return Quality.GOOD
