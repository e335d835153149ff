"""Cayenne Low Power Payload: channel, type, big-endian value, repeated. No code of a manufacturer needed.

Names follow the widespread flat form ``<kind>_<channel>`` (``temperature_1``), which mappings can address directly.
Types beyond the original list come from the IPSO smart objects that Cayenne numbers (object id minus 3200).
"""

from collections.abc import Callable
from dataclasses import dataclass

from regiohub.api import Text
from regiohub_lorawan.errors import UndecodablePayload
from regiohub_lorawan.formats.reading import JsonValue


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    size: int
    read: Callable[[bytes], JsonValue]


def _scaled(divisor: int, *, signed: bool = False) -> Callable[[bytes], JsonValue]:
    # Dividing by the integer gives the nearest double (27.2), multiplying by 0.1 would not (27.200000000000003).
    def read(data: bytes) -> JsonValue:
        raw = int.from_bytes(data, "big", signed=signed)
        return raw if divisor == 1 else raw / divisor

    return read


def _fields(names: tuple[str, ...], width: int, divisors: tuple[int, ...]) -> Callable[[bytes], JsonValue]:
    def read(data: bytes) -> JsonValue:
        return {
            name: int.from_bytes(data[at * width : (at + 1) * width], "big", signed=True) / divisor
            for at, (name, divisor) in enumerate(zip(names, divisors, strict=True))
        }

    return read


def _colour(data: bytes) -> JsonValue:
    return {"red": data[0], "green": data[1], "blue": data[2]}


_XYZ = ("x", "y", "z")
_KINDS: dict[int, _Kind] = {
    0: _Kind("digital_in", 1, _scaled(1)),
    1: _Kind("digital_out", 1, _scaled(1)),
    2: _Kind("analog_in", 2, _scaled(100, signed=True)),
    3: _Kind("analog_out", 2, _scaled(100, signed=True)),
    100: _Kind("generic_sensor", 4, _scaled(1)),
    101: _Kind("luminosity", 2, _scaled(1)),
    102: _Kind("presence", 1, _scaled(1)),
    103: _Kind("temperature", 2, _scaled(10, signed=True)),
    104: _Kind("relative_humidity", 1, _scaled(2)),
    113: _Kind("accelerometer", 6, _fields(_XYZ, 2, (1000, 1000, 1000))),
    115: _Kind("barometric_pressure", 2, _scaled(10)),
    116: _Kind("voltage", 2, _scaled(100)),
    117: _Kind("current", 2, _scaled(1000)),
    118: _Kind("frequency", 4, _scaled(1)),
    120: _Kind("percentage", 1, _scaled(1)),
    121: _Kind("altitude", 2, _scaled(1, signed=True)),
    125: _Kind("concentration", 2, _scaled(1)),
    128: _Kind("power", 2, _scaled(1)),
    130: _Kind("distance", 4, _scaled(1000)),
    131: _Kind("energy", 4, _scaled(1000)),
    132: _Kind("direction", 2, _scaled(1)),
    133: _Kind("unix_time", 4, _scaled(1)),
    134: _Kind("gyrometer", 6, _fields(_XYZ, 2, (100, 100, 100))),
    135: _Kind("colour", 3, _colour),
    136: _Kind("gps", 9, _fields(("latitude", "longitude", "altitude"), 3, (10_000, 10_000, 100))),
    142: _Kind("switch", 1, _scaled(1)),
}


def decode(payload: bytes) -> dict[str, JsonValue]:
    """Decode a payload to ``{"temperature_1": 27.2, …}``.

    Raises UndecodablePayload for an unknown type (its length is unknown, so nothing after it can be read) and for a
    value that is cut off. An empty payload decodes to an empty object.
    """
    values: dict[str, JsonValue] = {}
    at = 0
    while at < len(payload):
        if at + 2 > len(payload):
            raise _fault(f"Byte {at}: Angabe bricht ab.", f"Byte {at}: the value is cut off.")
        channel, number = payload[at], payload[at + 1]
        kind = _KINDS.get(number)
        if kind is None:
            raise _fault(f"Byte {at + 1}: unbekannter Typ {number}.", f"Byte {at + 1}: unknown type {number}.")
        raw = payload[at + 2 : at + 2 + kind.size]
        if len(raw) < kind.size:
            raise _fault(f"Byte {at}: Angabe bricht ab.", f"Byte {at}: the value is cut off.")
        values[f"{kind.name}_{channel}"] = kind.read(raw)
        at += 2 + kind.size
    return values


def _fault(de: str, en: str) -> UndecodablePayload:
    return UndecodablePayload(Text(f"Cayenne LPP, {de}", f"Cayenne LPP, {en}"), field="payload")
