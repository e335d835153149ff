"""Kinds of example sensors: what they measure, how their values move, how they are packed into bytes."""

from dataclasses import dataclass

from regiohub_lorawan.service.catalogue import MappingPlan

HOUR_S = 3600
SILENT = "demo-silent"
"""Name of the device variable that keeps an example sensor silent."""


@dataclass(frozen=True, slots=True)
class Curve:
    """A value over time: mean, yearly and daily swing (peaking in summer and in the afternoon), weather, noise.

    Negative swings peak in winter or at night. ``floor`` and ``ceiling`` cut the curve off.
    """

    mean: float
    season: float
    daily: float
    weather: float
    noise: float
    floor: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Quantity:
    """One measured value of a kind, by its path in the decoded object."""

    mapping: MappingPlan
    curve: Curve


@dataclass(frozen=True, slots=True)
class DemoKind:
    """A kind of example sensor."""

    id: str
    title: str
    quantities: tuple[Quantity, ...]

    def codec(self) -> str:
        """The script that unpacks the payloads of this kind: two bytes per value, in steps of 0.02 from -100."""
        names = ", ".join(f'"{quantity.mapping.path}"' for quantity in self.quantities)
        return (
            "function decodeUplink(input) {\n"
            f"  var names = [{names}], data = {{}};\n"
            "  for (var i = 0; i < names.length; i++) {\n"
            "    data[names[i]] = ((input.bytes[2 * i] << 8) | input.bytes[2 * i + 1]) / 50 - 100;\n"
            "  }\n"
            "  return { data: data };\n"
            "}\n"
        )

    def pack(self, values: tuple[float, ...]) -> bytes:
        """The payload that ``codec`` unpacks to these values (to the nearest 0.02)."""
        return b"".join(min(65_535, max(0, round((value + 100) * 50))).to_bytes(2, "big") for value in values)


_Shape = tuple[float, float, float, float, float]
"""Mean, season, daily, weather, noise."""


def _quantity(path: str, observed: str, title: str, unit: str, low: float, high: float, curve: _Shape) -> Quantity:
    plan = MappingPlan(path, observed, title, unit, low, high, HOUR_S)
    return Quantity(plan, Curve(*curve, floor=low, ceiling=high))


KINDS: dict[str, DemoKind] = {
    kind.id: kind
    for kind in (
        DemoKind(
            "climate",
            "Klimasensor",
            (
                _quantity("temperature", "air_temperature", "Lufttemperatur", "Cel", -40, 60, (10, 10, 4, 4, 0.6)),
                _quantity("humidity", "relative_humidity", "Luftfeuchte", "%", 0, 100, (72, -10, -12, 8, 2)),
            ),
        ),
        DemoKind(
            "water",
            "Pegelsensor",
            (
                _quantity("level", "water_level", "Wasserstand", "cm", 0, 500, (110, -18, 0.5, 14, 0.4)),
                _quantity("temperature", "water_temperature", "Wassertemperatur", "Cel", -2, 40, (11, 9, 1, 1, 0.1)),
            ),
        ),
        DemoKind(
            "soil",
            "Bodensensor",
            (_quantity("moisture", "soil_moisture", "Bodenfeuchte", "%", 0, 100, (31, -11, -0.5, 6, 0.3)),),
        ),
        DemoKind(
            "air",
            "Luftgütesensor",
            (
                _quantity("pm25", "pm2_5", "Feinstaub PM2,5", "ug/m3", 0, 500, (9, -3, -1.5, 4, 1.2)),
                _quantity("no2", "no2", "Stickstoffdioxid", "ug/m3", 0, 400, (17, -5, 4, 5, 2)),
            ),
        ),
        DemoKind(
            "noise",
            "Lärmsensor",
            (_quantity("level", "sound_level", "Schallpegel", "dB[SPL]", 20, 130, (52, 1, 7, 2, 2)),),
        ),
        DemoKind(
            "people",
            "Zählsensor",
            (_quantity("count", "people_count", "Passanten je Stunde", "{people}/h", 0, 1200, (90, 25, 80, 20, 12)),),
        ),
    )
}
