"""How long a frame is on the air, and with which settings: LoRa's own formula (Semtech AN1200.13)."""

from math import ceil

from regiohub_lorawan.formats.reading import JsonObject, integer, text
from regiohub_lorawan.formats.uplink import Radio

_PREAMBLE_SYMBOLS = 8
_FRAME_OVERHEAD = 13
"""Bytes around the application payload: header, address, control, counter, port and integrity code."""
_LOW_RATE_MS = 16.0
"""Symbols as long as this or longer are sent with low data rate optimisation."""
_RATES = {"4/5": 1, "CR_4_5": 1, "4/6": 2, "CR_4_6": 2, "4/7": 3, "CR_4_7": 3, "4/8": 4, "CR_4_8": 4}


def airtime_ms(payload: int, spreading_factor: int, bandwidth_hz: int, coding: int = 1) -> float:
    """Milliseconds that an uplink with ``payload`` bytes takes. ``coding``: 1 to 4 for the rates 4/5 to 4/8."""
    symbol = 2**spreading_factor / bandwidth_hz * 1000
    slow = 2 if symbol >= _LOW_RATE_MS else 0
    bits = 8 * (payload + _FRAME_OVERHEAD) - 4 * spreading_factor + 28 + 16
    blocks = max(ceil(bits / (4 * (spreading_factor - slow))), 0)
    return (_PREAMBLE_SYMBOLS + 4.25 + 8 + blocks * (coding + 4)) * symbol


def radio_of(lora: JsonObject, factor: str, rate: str, payload: int) -> Radio | None:
    """The settings in a network server's ``lora`` object; None when it names none that LoRaWAN knows."""
    spreading_factor, bandwidth = integer(lora, factor), integer(lora, "bandwidth")
    if not (5 <= spreading_factor <= 12 and 7_800 <= bandwidth <= 1_700_000):
        return None
    coding = _RATES.get(text(lora, rate) or "", 1)
    return Radio(spreading_factor, airtime_ms(payload, spreading_factor, bandwidth, coding))
