"""Which series tell the state of a device's battery.

There is no common word for it in decoded payloads, but there is one in this platform's vocabulary: a mapping whose
observed property is ``battery_level`` (in %) or ``battery_voltage`` (in V or mV) is the battery of its device.
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Battery:
    """What a series tells: percent, or volts after multiplication by ``factor``."""

    kind: Literal["percent", "volts"]
    factor: float = 1.0


_KNOWN = {
    ("battery_level", "%"): Battery("percent"),
    ("battery_voltage", "V"): Battery("volts"),
    ("battery_voltage", "mV"): Battery("volts", 0.001),
}


def battery_of(observed_property: str, unit: str) -> Battery | None:
    """What a series of this property and unit tells about the battery, if anything."""
    return _KNOWN.get((observed_property, unit))
