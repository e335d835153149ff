"""Units of measured values as case-sensitive UCUM symbols (The Unified Code for Units of Measure).

The list holds what sensors of a municipality measure; anything countable takes an annotation such as ``{people}``,
which UCUM defines as the unit 1.
"""

import re
from dataclasses import dataclass

from regiohub.api import t
from regiohub_lorawan.errors import UnknownUnit


@dataclass(frozen=True, slots=True)
class Unit:
    """A UCUM symbol, how it is written for readers, and its names."""

    symbol: str
    label: str
    de: str
    en: str


_ANNOTATION = re.compile(r"\{[\x21-\x7a|~]{1,30}\}(/(s|min|h|d|m3|km2))?")

UNITS: dict[str, Unit] = {
    unit.symbol: unit
    for unit in (
        Unit("1", "", "Einheit 1", "unity"),
        Unit("%", "%", "Prozent", "percent"),
        Unit("[ppm]", "ppm", "Millionstel", "parts per million"),
        Unit("[ppb]", "ppb", "Milliardstel", "parts per billion"),
        Unit("Cel", "°C", "Grad Celsius", "degree Celsius"),
        Unit("K", "K", "Kelvin", "kelvin"),
        Unit("Pa", "Pa", "Pascal", "pascal"),
        Unit("hPa", "hPa", "Hektopascal", "hectopascal"),
        Unit("kPa", "kPa", "Kilopascal", "kilopascal"),
        Unit("bar", "bar", "Bar", "bar"),
        Unit("mm", "mm", "Millimeter", "millimetre"),
        Unit("cm", "cm", "Zentimeter", "centimetre"),
        Unit("m", "m", "Meter", "metre"),
        Unit("km", "km", "Kilometer", "kilometre"),
        Unit("L", "l", "Liter", "litre"),
        Unit("m3", "m³", "Kubikmeter", "cubic metre"),
        Unit("L/min", "l/min", "Liter je Minute", "litre per minute"),
        Unit("L/h", "l/h", "Liter je Stunde", "litre per hour"),
        Unit("m3/h", "m³/h", "Kubikmeter je Stunde", "cubic metre per hour"),
        Unit("m3/s", "m³/s", "Kubikmeter je Sekunde", "cubic metre per second"),
        Unit("L/m2", "l/m²", "Liter je Quadratmeter", "litre per square metre"),
        Unit("mm/h", "mm/h", "Millimeter je Stunde", "millimetre per hour"),
        Unit("m/s", "m/s", "Meter je Sekunde", "metre per second"),
        Unit("km/h", "km/h", "Kilometer je Stunde", "kilometre per hour"),
        Unit("deg", "°", "Grad (Winkel)", "degree (angle)"),
        Unit("g", "g", "Gramm", "gram"),
        Unit("kg", "kg", "Kilogramm", "kilogram"),
        Unit("ug/m3", "µg/m³", "Mikrogramm je Kubikmeter", "microgram per cubic metre"),
        Unit("mg/m3", "mg/m³", "Milligramm je Kubikmeter", "milligram per cubic metre"),
        Unit("mg/L", "mg/l", "Milligramm je Liter", "milligram per litre"),
        Unit("[pH]", "pH", "pH-Wert", "pH"),
        Unit("uS/cm", "µS/cm", "Mikrosiemens je Zentimeter", "microsiemens per centimetre"),
        Unit("mS/cm", "mS/cm", "Millisiemens je Zentimeter", "millisiemens per centimetre"),
        Unit("V", "V", "Volt", "volt"),
        Unit("mV", "mV", "Millivolt", "millivolt"),
        Unit("A", "A", "Ampere", "ampere"),
        Unit("mA", "mA", "Milliampere", "milliampere"),
        Unit("W", "W", "Watt", "watt"),
        Unit("kW", "kW", "Kilowatt", "kilowatt"),
        Unit("W.h", "Wh", "Wattstunde", "watt hour"),
        Unit("kW.h", "kWh", "Kilowattstunde", "kilowatt hour"),
        Unit("W/m2", "W/m²", "Watt je Quadratmeter", "watt per square metre"),
        Unit("J", "J", "Joule", "joule"),
        Unit("Hz", "Hz", "Hertz", "hertz"),
        Unit("lx", "lx", "Lux", "lux"),
        Unit("dB", "dB", "Dezibel", "decibel"),
        Unit("dB[SPL]", "dB", "Dezibel (Schalldruck)", "decibel (sound pressure)"),
        Unit("Bq/m3", "Bq/m³", "Becquerel je Kubikmeter", "becquerel per cubic metre"),
        Unit("uSv/h", "µSv/h", "Mikrosievert je Stunde", "microsievert per hour"),
        Unit("ms", "ms", "Millisekunde", "millisecond"),
        Unit("s", "s", "Sekunde", "second"),
        Unit("min", "min", "Minute", "minute"),
        Unit("h", "h", "Stunde", "hour"),
        Unit("d", "d", "Tag", "day"),
    )
}


def unit(symbol: str) -> Unit:
    """The unit of a symbol. Raises UnknownUnit with near symbols for an unknown one."""
    known = UNITS.get(symbol)
    if known is not None:
        return known
    if _ANNOTATION.fullmatch(symbol):
        label = symbol.replace("{", "").replace("}", "")
        return Unit(symbol, label, label, label)
    near = ", ".join(item.symbol for item in UNITS.values() if _near(item, symbol)) or "Cel, %, hPa, ug/m3, {count}"
    raise UnknownUnit(
        t(
            f"Unbekannte Einheit. Einheiten sind UCUM-Zeichen, zum Beispiel: {near}.",
            f"Unknown unit. Units are UCUM symbols, for example: {near}.",
        ),
        field="unit",
    )


def _near(candidate: Unit, symbol: str) -> bool:
    """Same letters in another case, or the written form instead of the symbol (``°C`` for ``Cel``)."""
    return symbol != "" and symbol.casefold() in {
        candidate.symbol.casefold(),
        candidate.label.casefold(),
        candidate.en.casefold(),
    }
