"""Uplinks of The Things Stack v3 (JSON; fields that hold 0, false or empty text are left out)."""

from datetime import datetime

from regiohub.api import t
from regiohub_lorawan.errors import UnknownEvent, malformed
from regiohub_lorawan.formats import reading
from regiohub_lorawan.formats.airtime import radio_of
from regiohub_lorawan.formats.reading import JsonObject
from regiohub_lorawan.formats.uplink import Message, MessageKind, Position, Reception, Source, fallback_key


def parse(body: bytes, received_at: datetime) -> Message:
    """Read one uplink or join; other events are refused so that a wrong webhook is noticed. Raises DomainError."""
    data = reading.parse_object(body)
    ids = reading.child(data, "end_device_ids")
    if "uplink_message" in data:
        return _uplink(data, ids, received_at)
    if "join_accept" in data:
        return _join(data, ids, received_at)
    raise UnknownEvent(
        t(
            "Nur „uplink_message“ und „join_accept“ werden angenommen.",
            'Only "uplink_message" and "join_accept" are accepted.',
        ),
        field="uplink_message",
    )


def _uplink(data: JsonObject, ids: JsonObject, received_at: datetime) -> Message:
    uplink = reading.child(data, "uplink_message")
    dev_eui = reading.eui(ids, "dev_eui")
    time = reading.instant(uplink, "received_at") or reading.instant(data, "received_at") or received_at
    payload = reading.base64_bytes(uplink, "frm_payload")
    f_cnt = reading.integer(uplink, "f_cnt")
    decoded = uplink.get("decoded_payload")
    if decoded is not None and not isinstance(decoded, dict):
        raise malformed("„decoded_payload“ muss ein Objekt sein.", '"decoded_payload" must be an object.')
    dev_addr = reading.text(ids, "dev_addr")
    return Message(
        source=Source.TTN,
        kind=MessageKind.UP,
        dev_eui=dev_eui,
        time=time,
        dedup_key=_key(data, uplink, dev_eui, f_cnt)
        or fallback_key(Source.TTN, MessageKind.UP, dev_eui, (dev_addr, f_cnt, payload), time),
        device_name=reading.text(ids, "device_id"),
        dev_addr=dev_addr,
        f_cnt=f_cnt,
        f_port=reading.integer(uplink, "f_port", maximum=255),
        payload=payload,
        decoded=decoded,
        receptions=tuple(_reception(item) for item in reading.children(uplink, "rx_metadata")),
        radio=radio_of(_lora(uplink), "spreading_factor", "coding_rate", len(payload)),
        position=_solved_position(uplink),
        details={"simulated": bool(data.get("simulated", False))},
    )


def _join(data: JsonObject, ids: JsonObject, received_at: datetime) -> Message:
    time = reading.instant(data, "received_at") or received_at
    dev_eui = reading.eui(ids, "dev_eui")
    session = reading.text(reading.child(data, "join_accept"), "session_key_id")
    return Message(
        source=Source.TTN,
        kind=MessageKind.JOIN,
        dev_eui=dev_eui,
        time=time,
        dedup_key=f"{Source.TTN}:join:{dev_eui}:{session}"
        if session
        else fallback_key(Source.TTN, MessageKind.JOIN, dev_eui, (time,), time),
        device_name=reading.text(ids, "device_id"),
        dev_addr=reading.text(ids, "dev_addr"),
    )


def _key(data: JsonObject, uplink: JsonObject, dev_eui: str, f_cnt: int) -> str | None:
    """Session and frame counter name an uplink for ever; simulated ones have no session, only a correlation id."""
    session = reading.text(uplink, "session_key_id")
    if session is not None:
        return f"{Source.TTN}:up:{dev_eui}:{session[:64]}:{f_cnt}"
    correlations = data.get("correlation_ids")
    if isinstance(correlations, list):
        for item in correlations:
            if isinstance(item, str) and item.startswith("as:up:"):
                return f"{Source.TTN}:{item[:64]}"
    return None


def _lora(uplink: JsonObject) -> JsonObject:
    return reading.child(reading.child(reading.child(uplink, "settings"), "data_rate"), "lora")


def _reception(item: JsonObject) -> Reception:
    gateway = reading.child(item, "gateway_ids")
    return Reception(
        gateway_id=(reading.text(gateway, "eui") or reading.text(gateway, "gateway_id") or "").lower(),
        rssi=reading.number(item, "rssi") or 0.0,
        snr=reading.number(item, "snr") or 0.0,
        position=_position(reading.child(item, "location")),
    )


def _solved_position(uplink: JsonObject) -> Position | None:
    """A position computed or registered by the network; the operator's registered one comes first."""
    locations = reading.child(uplink, "locations")
    for key in ("user", *sorted(locations)):
        found = _position(reading.child(locations, key))
        if found is not None:
            return found
    return None


def _position(item: JsonObject) -> Position | None:
    latitude, longitude = reading.number(item, "latitude"), reading.number(item, "longitude")
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    return Position(longitude, latitude, reading.number(item, "altitude"))
