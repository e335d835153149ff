"""Words and marks that several pages share."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from regiohub.api import Text, t
from regiohub.api.console import Cell, Tone
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.mapping.units import unit
from regiohub_lorawan.models import Device
from regiohub_lorawan.models.kinds import CodecKind, MessageState, Origin

ORIGINS = {
    Origin.OFFICIAL: t("Kommune", "Town"),
    Origin.CITIZEN: t("Bürgerschaft", "Residents"),
}
KINDS = {
    CodecKind.JAVASCRIPT: t("JavaScript", "JavaScript"),
    CodecKind.CAYENNE_LPP: t("Cayenne LPP (eingebaut)", "Cayenne LPP (built in)"),
    CodecKind.NETWORK_SERVER: t("Netzwerkserver dekodiert", "Decoded by the network server"),
}
STATES = {
    MessageState.PENDING: t("wartet", "waiting"),
    MessageState.DONE: t("ausgewertet", "evaluated"),
    MessageState.FAILED: t("nicht dekodierbar", "could not be decoded"),
    MessageState.UNKNOWN_DEVICE: t("Gerät unbekannt", "unknown device"),
    MessageState.REFUSED: t("Zeitpunkt unmöglich", "impossible time"),
}
SOURCES = {Source.CHIRPSTACK: "ChirpStack", Source.TTN: "The Things Stack"}
MESSAGE_KINDS = {
    MessageKind.UP: t("Messung", "Uplink"),
    MessageKind.JOIN: t("Anmeldung im Netz", "Join"),
    MessageKind.STATUS: t("Zustand", "Status"),
    MessageKind.ACK: t("Bestätigung", "Acknowledgement"),
    MessageKind.TXACK: t("Gesendet", "Sent"),
    MessageKind.LOG: t("Meldung des Netzes", "Network log"),
    MessageKind.LOCATION: t("Standort", "Location"),
}
IMPLAUSIBLE = t("unplausibel", "implausible")

_FLOORS = {5: -2.5, 6: -5.0, 7: -7.5, 8: -10.0, 9: -12.5, 10: -15.0, 11: -17.5, 12: -20.0}
"""Signal to noise ratio in dB below which a receiver loses frames, by spreading factor."""
_LOW_BATTERY = 20
_SILENT = Cell(t("still", "silent"), badge="bad")
_FAULTY = Cell(t("Fehler", "error"), badge="warn")
_UNHEARD = Cell(t("noch nie gehört", "never heard"), badge="plain")
_SENDING = Cell(t("sendet", "sending"), badge="good")


def choices(words: dict[Any, Any]) -> list[tuple[str, Any]]:
    """The members of an enumeration with their words, for a form or a filter."""
    return [(member.value, said) for member, said in words.items()]


def device_state(device: Any) -> Cell:
    """How a device (or a row with what counts of it) is, in one badge."""
    if device.silent_since is not None:
        return _SILENT
    if device.error_code is not None:
        return _FAULTY
    return _UNHEARD if device.last_seen_at is None else _SENDING


def signal_tone(snr: float | None, spreading_factor: int | None) -> tuple[Tone, Text]:
    """How much reserve a signal has above what its receiver still understands."""
    if snr is None:
        return "plain", t("unbekannt", "unknown")
    margin = snr - _FLOORS.get(spreading_factor or 7, -7.5)
    if margin >= 10:
        return "good", t("gut", "good")
    return ("info", t("mittel", "fair")) if margin >= 5 else ("warn", t("schwach", "weak"))


def signal(device: Device) -> Cell | None:
    """Signal of a device's last uplink: a badge, and the figures below it."""
    if device.rssi_dbm is None:
        return None
    tone, said = signal_tone(device.snr_db, device.spreading_factor)
    return Cell(said, badge=tone, note=signal_figures(device.rssi_dbm, device.snr_db, device.spreading_factor))


def signal_figures(rssi: float | None, snr: float | None, spreading_factor: int | None) -> str:
    """Strength, ratio and spreading factor in one line, as technicians write them."""
    parts = (
        None if rssi is None else f"{rssi:.0f} dBm",
        None if snr is None else f"SNR {snr:.0f} dB",
        f"SF{spreading_factor}" if spreading_factor else None,
    )
    return ", ".join(part for part in parts if part)


def battery(device: Device) -> Cell | None:
    """State of a device's battery, marked when it is low."""
    if device.external_power:
        return Cell(t("Netzstrom", "mains"))
    if device.battery_percent is not None:
        low = device.battery_percent < _LOW_BATTERY
        return Cell(f"{device.battery_percent:.0f} %", badge="bad" if low else None)
    if device.battery_volts is not None:
        return Cell(f"{device.battery_volts:.2f} V")
    return None


def link(text: str, url: str) -> Cell:
    """Words that lead to another page of the plugin."""
    return Cell(text, url=url)


def interval(seconds: int | None) -> timedelta | None:
    """An expected interval as a span of time."""
    return None if seconds is None else timedelta(seconds=seconds)


def unit_label(symbol: str) -> str:
    """A UCUM symbol as people write the unit."""
    return unit(symbol).label


def error_text(row: Any) -> Text | None:
    """What is wrong with a device or a message, in words."""
    if row.error_code is None:
        return None
    return Text(row.error_de or row.error_code, row.error_en or row.error_code)


def coordinates(place: dict[str, Any] | None) -> str | None:
    """Latitude and longitude of a point; the kind of any other geometry."""
    if place is None:
        return None
    if place["type"] != "Point":
        return str(place["type"])
    longitude, latitude = place["coordinates"][:2]
    return f"{latitude:.5f}, {longitude:.5f}"


def feature(place: dict[str, Any], **properties: Any) -> dict[str, Any]:
    """An entry of a map."""
    return {"type": "Feature", "geometry": place, "properties": properties}


def quick_moment(at: datetime | None, zone: ZoneInfo) -> str:
    """Day and time in figures, for thousands of entries of a map: the page's own way of saying them is too slow."""
    return "–" if at is None else f"{at.astimezone(zone):%d.%m.%Y, %H:%M}"
