"""The canonical message: what every network server's event becomes before anything else looks at it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from regiohub_lorawan.formats.reading import JsonValue


class Source(StrEnum):
    """Where a message came from; part of its idempotency key, so two servers never shadow each other."""

    CHIRPSTACK = "chirpstack"
    TTN = "ttn"


class MessageKind(StrEnum):
    """What the message tells. Names follow ChirpStack's events."""

    UP = "up"
    JOIN = "join"
    STATUS = "status"
    ACK = "ack"
    TXACK = "txack"
    LOG = "log"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 position in degrees, altitude in metres above the ellipsoid when the source knows it."""

    longitude: float
    latitude: float
    altitude: float | None = None

    def geojson(self) -> dict[str, Any]:
        """The position as a GeoJSON point."""
        return {"type": "Point", "coordinates": [self.longitude, self.latitude]}


@dataclass(frozen=True, slots=True)
class Reception:
    """One gateway's reception of an uplink: signal strength in dBm, signal to noise ratio in dB."""

    gateway_id: str
    rssi: float | None = None
    snr: float | None = None
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Radio:
    """How a LoRa frame was sent: spreading factor (5 to 12) and milliseconds on the air."""

    spreading_factor: int
    airtime_ms: float


@dataclass(frozen=True, slots=True)
class Message:
    """One event of one device.

    ``dedup_key`` is equal for two deliveries of the same event and different for any other event of the same town.
    ``time`` is when the network received the radio frame (UTC), not when the message reached this server.
    ``payload`` is the decrypted application payload; ``decoded`` is what the network server's own codec made of it.
    ``details`` keeps the fields of the other event kinds that are shown to staff or change the device.
    """

    source: Source
    kind: MessageKind
    dev_eui: str
    time: datetime
    dedup_key: str
    device_name: str | None = None
    dev_addr: str | None = None
    f_cnt: int = 0
    f_port: int = 0
    payload: bytes = b""
    decoded: Mapping[str, JsonValue] | None = None
    encrypted: bool = False
    receptions: tuple[Reception, ...] = ()
    radio: Radio | None = None
    position: Position | None = None
    details: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


def fallback_key(source: Source, kind: str, dev_eui: str, parts: tuple[object, ...], time: datetime) -> str:
    """A key for events that carry no identifier of their own: what is in them, within one hour.

    The hour keeps a frame counter that starts again at zero after a reset from hiding a new uplink for ever.
    """
    hour = time.astimezone(UTC).strftime("%Y%m%d%H")
    digest = hashlib.sha256(repr((kind, dev_eui, *parts)).encode()).hexdigest()[:32]
    return f"{source}:{kind}:{digest}:{hour}"
