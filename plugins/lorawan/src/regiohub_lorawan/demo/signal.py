"""Values of the example sensors: the same moment of the same sensor always has the same value."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from regiohub_lorawan.demo.kinds import Curve

HOUR_MS = 3_600_000
_YEAR_H, _DAY_H = 8766.0, 24.0
_SUMMER_H, _AFTERNOON_H = 4830.0, 13.0
_WEATHER_H = (17.0, 51.0, 127.0)


@dataclass(frozen=True, slots=True)
class Signal:
    """A curve with the phases and the noise of one sensor."""

    curve: Curve
    phases: tuple[float, ...]
    seed: int

    @classmethod
    def of(cls, curve: Curve, name: str) -> "Signal":
        """The signal of a sensor's value, told apart by its name."""
        random_ = random.Random(name)  # noqa: S311 - repeatable on purpose
        phases = tuple(random_.uniform(0, math.tau) for _ in _WEATHER_H)
        return cls(curve, phases, random_.getrandbits(32))

    def at(self, ts: int) -> float:
        """The value at a moment in milliseconds, to two decimals."""
        hours, curve = ts / HOUR_MS, self.curve
        value = curve.mean
        value += curve.season * math.cos(math.tau * (hours - _SUMMER_H) / _YEAR_H)
        value += curve.daily * math.cos(math.tau * (hours - _AFTERNOON_H) / _DAY_H)
        for period, phase in zip(_WEATHER_H, self.phases, strict=True):
            value += curve.weather / 2 * math.sin(math.tau * hours / period + phase)
        # A hash instead of a random generator: a year of values must not take seconds.
        mixed = (ts // 1000 * 2_654_435_761 ^ self.seed) & 0xFFFFFFFF
        mixed = (mixed ^ mixed >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
        value += curve.noise * ((mixed >> 8) / 0xFFFFFF * 2 - 1)
        return round(min(curve.ceiling, max(curve.floor, value)) * 50) / 50


@dataclass(frozen=True, slots=True)
class Hour:
    """One full hour of a sensor's past; ``late``: its values came hours after those that follow."""

    ts: int
    late: bool
    spike: bool


def past_hours(name: str, start: int, stop: int) -> Iterator[Hour]:
    """Full hours in [start, stop) in which a sensor delivered: with gaps of hours to days, single losses, late ones."""
    random_ = random.Random(f"{name}/hours")  # noqa: S311 - repeatable on purpose
    first = start - start % HOUR_MS + HOUR_MS
    total = max(1, (stop - first) // HOUR_MS)
    gaps: set[int] = set()
    for _ in range(4):
        begin = random_.randrange(total)
        gaps.update(range(begin, begin + random_.randint(6, 60)))
    for number, ts in enumerate(range(first, stop, HOUR_MS)):
        draw = random_.random()
        if number not in gaps and draw > 0.005:
            yield Hour(ts, late=draw < 0.025, spike=draw > 0.999)
