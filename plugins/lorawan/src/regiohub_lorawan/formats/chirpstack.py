"""ChirpStack v4 integration events in JSON (protobuf JSON mapping: camelCase, bytes in base64, defaults left out).

The kind of an event does not stand in its body: by HTTP it is the query parameter ``event``, by MQTT the last part of
the topic ``application/{id}/device/{devEui}/event/{kind}``.
"""

from datetime import datetime

from regiohub.api import t
from regiohub_lorawan.errors import UnknownEvent
from regiohub_lorawan.formats import reading
from regiohub_lorawan.formats.airtime import radio_of
from regiohub_lorawan.formats.reading import JsonObject, JsonValue
from regiohub_lorawan.formats.uplink import Message, MessageKind, Position, Reception, Source, fallback_key

_DETAILS: dict[MessageKind, tuple[str, ...]] = {
    MessageKind.JOIN: (),
    MessageKind.STATUS: ("margin", "externalPowerSource", "batteryLevelUnavailable", "batteryLevel"),
    MessageKind.ACK: ("queueItemId", "acknowledged", "fCntDown"),
    MessageKind.TXACK: ("downlinkId", "queueItemId", "fCntDown", "gatewayId"),
    MessageKind.LOG: ("level", "code", "description", "context"),
    MessageKind.LOCATION: (),
    MessageKind.UP: ("confirmed", "dr", "regionConfigId"),
}
_DEFAULTS: dict[str, JsonValue] = {
    "margin": 0,
    "externalPowerSource": False,
    "batteryLevelUnavailable": False,
    "batteryLevel": 0,
    "acknowledged": False,
    "fCntDown": 0,
    "level": "INFO",
    "confirmed": False,
    "dr": 0,
}


def kind_of(event: str) -> MessageKind:
    """The kind named by a query parameter or topic; unknown kinds (``integration``) are refused by name."""
    try:
        return MessageKind(event)
    except ValueError:
        known = ", ".join(kind.value for kind in MessageKind)
        raise UnknownEvent(
            t(f"Unbekannte Ereignisart. Bekannt sind: {known}.", f"Unknown kind of event. Known are: {known}."),
            field="event",
        ) from None


def kind_of_topic(topic: str) -> MessageKind:
    """The kind at the end of an MQTT topic ``…/event/{kind}``."""
    parts = topic.split("/")
    return kind_of(parts[-1] if len(parts) >= 2 and parts[-2] == "event" else "")


def parse(body: bytes, kind: MessageKind, received_at: datetime) -> Message:
    """Read one event. ``received_at`` stands in for a missing ``time``. Raises DomainError."""
    data = reading.parse_object(body)
    info = reading.child(data, "deviceInfo")
    dev_eui = reading.eui(info, "devEui")
    time = reading.instant(data, "time") or received_at
    payload = reading.base64_bytes(data, "data")
    f_cnt = reading.integer(data, "fCnt")
    decoded = data.get("object")
    return Message(
        source=Source.CHIRPSTACK,
        kind=kind,
        dev_eui=dev_eui,
        time=time,
        dedup_key=_key(data, kind, dev_eui, time, (f_cnt, payload)),
        device_name=reading.text(info, "deviceName"),
        dev_addr=reading.text(data, "devAddr"),
        f_cnt=f_cnt,
        f_port=reading.integer(data, "fPort", maximum=255),
        payload=payload,
        decoded=decoded if isinstance(decoded, dict) else None,
        encrypted=bool(reading.child(data, "joinServerContext")),
        receptions=tuple(_reception(item) for item in reading.children(data, "rxInfo")),
        radio=radio_of(_lora(data), "spreadingFactor", "codeRate", len(payload)),
        position=_position(reading.child(data, "location")),
        details={key: data.get(key, _DEFAULTS.get(key)) for key in _DETAILS[kind]},
    )


def _key(data: JsonObject, kind: MessageKind, dev_eui: str, time: datetime, content: tuple[object, ...]) -> str:
    """ChirpStack's own identifier where the event has one (txack and log have none)."""
    given = reading.text(data, "deduplicationId")
    if given is not None:
        return f"{Source.CHIRPSTACK}:{kind}:{given[:64]}"
    if kind is MessageKind.TXACK:
        content = (data.get("downlinkId"), data.get("queueItemId"), data.get("fCntDown"))
    elif kind is MessageKind.LOG:
        content = (data.get("code"), data.get("description"), data.get("context"), time)
    elif kind is not MessageKind.UP:
        content = (time,)
    return fallback_key(Source.CHIRPSTACK, kind, dev_eui, (data.get("devAddr"), *content), time)


def _lora(data: JsonObject) -> JsonObject:
    return reading.child(reading.child(reading.child(data, "txInfo"), "modulation"), "lora")


def _reception(item: JsonObject) -> Reception:
    return Reception(
        gateway_id=(reading.text(item, "gatewayId") or "").lower(),
        # The mapping leaves out zeros: a missing signal value of a received frame is 0, not unknown.
        rssi=reading.number(item, "rssi") or 0.0,
        snr=reading.number(item, "snr") or 0.0,
        position=_position(reading.child(item, "location")),
    )


def _position(item: JsonObject) -> Position | None:
    """None for an absent position; a position outside the world is refused as none (gateways without GPS send 0/0)."""
    latitude = reading.number(item, "latitude") or 0.0
    longitude = reading.number(item, "longitude") or 0.0
    if (latitude, longitude) == (0.0, 0.0) or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Position(longitude, latitude, reading.number(item, "altitude"))
