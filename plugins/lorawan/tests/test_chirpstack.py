"""ChirpStack v4 events become canonical messages."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub_lorawan.formats import chirpstack
from regiohub_lorawan.formats.uplink import Message, MessageKind, Position, Source

RECEIVED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
INFO = {"deviceName": "Pegel 1", "devEui": "0102030405060708", "tenantId": "x", "applicationId": "y"}
UP: dict[str, Any] = {
    "deduplicationId": "3ac7e3c4-4401-4b8d-9386-a5c902f9202d",
    "time": "2026-03-01T11:59:58.123456789+00:00",
    "deviceInfo": INFO,
    "devAddr": "00189440",
    "dr": 1,
    "fCnt": 10,
    "fPort": 5,
    "data": base64.b64encode(b"\x01\x67\x01\x10").decode(),
    "object": {"temperature": 27.2},
    "rxInfo": [
        {"gatewayId": "0016C001F153A14C", "rssi": -48, "snr": 9.5, "location": {"latitude": 52.4, "longitude": 13.0}}
    ],
    "txInfo": {"frequency": 868100000},
}


def parse(body: object, kind: MessageKind = MessageKind.UP) -> Message:
    return chirpstack.parse(json.dumps(body).encode(), kind, RECEIVED)


def test_uplink_with_all_fields_is_read() -> None:
    message = parse(UP)
    assert (message.source, message.kind, message.dev_eui) == (Source.CHIRPSTACK, MessageKind.UP, "0102030405060708")
    assert message.time == datetime(2026, 3, 1, 11, 59, 58, 123456, tzinfo=UTC)
    assert (message.f_cnt, message.f_port, message.payload) == (10, 5, b"\x01\x67\x01\x10")
    assert message.decoded == {"temperature": 27.2}
    (reception,) = message.receptions
    assert (reception.gateway_id, reception.rssi, reception.snr) == ("0016c001f153a14c", -48, 9.5)
    assert reception.position == Position(13.0, 52.4)


def test_left_out_defaults_are_zero_false_and_empty() -> None:
    message = parse({"deduplicationId": "d", "deviceInfo": INFO, "rxInfo": [{"gatewayId": "g"}]})
    assert (message.f_cnt, message.f_port, message.payload, message.decoded) == (0, 0, b"", None)
    assert message.time == RECEIVED
    assert (message.receptions[0].rssi, message.receptions[0].snr) == (0.0, 0.0)


def test_deduplication_id_is_the_key_so_a_second_delivery_is_the_same_event() -> None:
    assert parse(UP).dedup_key == parse({**UP, "time": "2026-03-01T12:00:01Z"}).dedup_key
    assert parse(UP).dedup_key != parse({**UP, "deduplicationId": "other"}).dedup_key


@pytest.mark.parametrize("change", [{"fCnt": 11}, {"data": "AA=="}, {"devAddr": "1"}, {"time": "2026-03-01T13:59:58Z"}])
def test_without_identifier_the_content_within_an_hour_is_the_key(change: dict[str, Any]) -> None:
    bare = {key: value for key, value in UP.items() if key != "deduplicationId"}
    assert parse(bare).dedup_key == parse({**bare, "time": "2026-03-01T11:59:59Z"}).dedup_key
    assert parse(bare).dedup_key != parse({**bare, **change}).dedup_key


def test_uplink_that_is_still_encrypted_is_marked() -> None:
    assert parse({**UP, "joinServerContext": {"sessionKeyId": "a"}}).encrypted
    assert not parse(UP).encrypted


def test_status_event_fills_in_its_defaults() -> None:
    message = parse({"deduplicationId": "s", "deviceInfo": INFO, "batteryLevel": 83.5}, MessageKind.STATUS)
    assert message.details == {
        "margin": 0,
        "externalPowerSource": False,
        "batteryLevelUnavailable": False,
        "batteryLevel": 83.5,
    }


def test_location_event_gives_the_position() -> None:
    body = {"deviceInfo": INFO, "location": {"latitude": 52.39, "longitude": 13.06, "altitude": 31}}
    assert parse(body, MessageKind.LOCATION).position == Position(13.06, 52.39, 31)


def test_gateway_without_position_at_zero_zero_has_none() -> None:
    assert parse({"deviceInfo": INFO, "location": {}}, MessageKind.LOCATION).position is None


@pytest.mark.parametrize("kind", [MessageKind.JOIN, MessageKind.ACK, MessageKind.TXACK, MessageKind.LOG])
def test_other_events_are_read_with_and_without_identifier(kind: MessageKind) -> None:
    body = {"deviceInfo": INFO, "time": "2026-03-01T11:00:00Z", "code": "UPLINK_CODEC", "downlinkId": 7}
    assert parse(body, kind).dedup_key == parse(body, kind).dedup_key
    assert f":{kind}:" in parse({**body, "deduplicationId": "q"}, kind).dedup_key


def test_same_identifier_of_another_kind_is_another_event() -> None:
    assert parse(UP, MessageKind.UP).dedup_key != parse(UP, MessageKind.LOG).dedup_key


def test_log_events_in_the_same_second_with_other_text_are_different() -> None:
    body = {"deviceInfo": INFO, "time": "2026-03-01T11:00:00Z", "code": "OTAA"}
    first = parse({**body, "description": "a"}, MessageKind.LOG)
    assert first.dedup_key != parse({**body, "description": "b"}, MessageKind.LOG).dedup_key


def test_kind_comes_from_query_parameter_or_topic() -> None:
    assert chirpstack.kind_of("join") is MessageKind.JOIN
    assert chirpstack.kind_of_topic("application/1/device/0102030405060708/event/status") is MessageKind.STATUS
    for wrong in ("", "integration", "UP"):
        with pytest.raises(DomainError) as caught:
            chirpstack.kind_of(wrong)
        assert caught.value.code == "UNKNOWN_EVENT"
    with pytest.raises(DomainError):
        chirpstack.kind_of_topic("application/1/device/x/command/up")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", None),
        (b"{", None),
        (b"[]", None),
        (b'{"fCnt": NaN}', None),
        (b"\xff\xfe", None),
        (b"[" * 5000, None),
        (json.dumps({**UP, "deviceInfo": {}}).encode(), "devEui"),
        (json.dumps({**UP, "deviceInfo": {"devEui": "xyz"}}).encode(), "devEui"),
        (json.dumps({**UP, "deviceInfo": 5}).encode(), "deviceInfo"),
        (json.dumps({**UP, "time": "yesterday"}).encode(), "time"),
        (json.dumps({**UP, "time": "2026-03-01T11:59:58"}).encode(), "time"),
        (json.dumps({**UP, "time": "0001-01-01T00:00:00+14:00"}).encode(), "time"),
        (json.dumps({**UP, "data": "!!"}).encode(), "data"),
        (json.dumps({**UP, "data": "A" * 2000}).encode(), "data"),
        (json.dumps({**UP, "fPort": 256}).encode(), "fPort"),
        (json.dumps({**UP, "fCnt": -1}).encode(), "fCnt"),
        (json.dumps({**UP, "fCnt": True}).encode(), "fCnt"),
        (json.dumps({**UP, "rxInfo": {}}).encode(), "rxInfo"),
        (json.dumps({**UP, "deduplicationId": "a\0b"}).encode(), "deduplicationId"),
        (json.dumps({**UP, "devAddr": "\ud800"}).encode(), None),
    ],
)
def test_malformed_message_names_the_field(body: bytes, field: str | None) -> None:
    with pytest.raises(DomainError) as caught:
        chirpstack.parse(body, MessageKind.UP, RECEIVED)
    assert caught.value.code == "MALFORMED_MESSAGE"
    assert caught.value.field == field


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(UP) + sorted(INFO)), inner),
    max_leaves=10,
)


@given(
    st.binary()
    | st.dictionaries(st.sampled_from(sorted(UP)), json_values).map(lambda v: json.dumps({**UP, **v}).encode())
)
def test_any_body_is_a_message_or_a_named_fault(body: bytes) -> None:
    for kind in MessageKind:
        try:
            message = chirpstack.parse(body, kind, RECEIVED)
        except DomainError as error:
            assert error.code in {"MALFORMED_MESSAGE", "UNKNOWN_EVENT"}  # noqa: PT017
        else:
            assert message.time.tzinfo is UTC
