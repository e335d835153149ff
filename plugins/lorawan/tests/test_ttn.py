"""Uplinks of The Things Stack v3 become canonical messages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub_lorawan.formats import ttn
from regiohub_lorawan.formats.uplink import Message, MessageKind, Position, Source

RECEIVED = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
UP: dict[str, Any] = {
    "end_device_ids": {
        "device_id": "pegel-1",
        "application_ids": {"application_id": "umwelt"},
        "dev_eui": "0102030405060708",
        "dev_addr": "00BCB929",
    },
    "correlation_ids": ["gs:uplink:1", "as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"],
    "received_at": "2026-03-01T11:59:59.067152781Z",
    "uplink_message": {
        "session_key_id": "AXA50tHUQ",
        "f_cnt": 3,
        "f_port": 1,
        "frm_payload": "AQI=",
        "decoded_payload": {"temperature": 1.0},
        "rx_metadata": [
            {
                "gateway_ids": {"gateway_id": "gtw1", "eui": "9C5C8E00001A05C4"},
                "rssi": -35,
                "snr": 5.2,
                "location": {"latitude": 52.1, "longitude": 12.6},
            },
            {"gateway_ids": {"gateway_id": "packetbroker"}},
        ],
        "received_at": "2026-03-01T11:59:58.863Z",
        "locations": {
            "frm-payload": {"latitude": 52.2, "longitude": 12.7},
            "user": {"latitude": 52.3, "longitude": 12.8},
        },
    },
}


def parse(body: object) -> Message:
    return ttn.parse(json.dumps(body).encode(), RECEIVED)


def uplink(**changes: Any) -> dict[str, Any]:
    fields = {**UP["uplink_message"], **changes}
    return {**UP, "uplink_message": {key: value for key, value in fields.items() if value is not None}}


def test_uplink_with_all_fields_is_read() -> None:
    message = parse(UP)
    assert (message.source, message.kind, message.dev_eui) == (Source.TTN, MessageKind.UP, "0102030405060708")
    assert message.time == datetime(2026, 3, 1, 11, 59, 58, 863000, tzinfo=UTC)
    assert (message.f_cnt, message.f_port, message.payload) == (3, 1, b"\x01\x02")
    assert message.decoded == {"temperature": 1.0}
    assert [r.gateway_id for r in message.receptions] == ["9c5c8e00001a05c4", "packetbroker"]
    assert message.position == Position(12.8, 52.3), "the operator's own position comes first"


def test_absent_fields_are_zero() -> None:
    message = parse(uplink(f_cnt=None, f_port=None, frm_payload=None, decoded_payload=None))
    assert (message.f_cnt, message.f_port, message.payload, message.decoded) == (0, 0, b"", None)


def test_session_and_frame_counter_are_the_key_and_a_missing_counter_is_zero() -> None:
    later = {**uplink(), "received_at": "2026-03-01T12:30:00Z", "correlation_ids": ["as:up:OTHER"]}
    assert parse(UP).dedup_key == parse(later).dedup_key
    assert parse(UP).dedup_key != parse(uplink(f_cnt=4)).dedup_key
    assert parse(uplink(f_cnt=None)).dedup_key == parse(uplink(f_cnt=0)).dedup_key
    assert parse(UP).dedup_key != parse(uplink(session_key_id="new")).dedup_key


def test_without_session_the_correlation_id_and_then_the_content_is_the_key() -> None:
    bare = uplink(session_key_id=None)
    assert parse(bare).dedup_key == "ttn:as:up:01E0WZGT6Y7657CPFPE5WEYDSQ"
    nothing = {**bare, "correlation_ids": ["gs:uplink:1"]}
    assert (
        parse(nothing).dedup_key
        == parse(nothing).dedup_key
        != parse({**UP, **nothing, **uplink(session_key_id=None, f_cnt=9), "correlation_ids": []}).dedup_key
    )


def test_join_accept_is_a_join() -> None:
    body = {
        "end_device_ids": UP["end_device_ids"],
        "received_at": "2026-03-01T11:00:00Z",
        "join_accept": {"session_key_id": "s"},
    }
    assert parse(body).kind is MessageKind.JOIN


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "UNKNOWN_EVENT"),
        ({"end_device_ids": {}, "downlink_ack": {}}, "UNKNOWN_EVENT"),
        ({**UP, "end_device_ids": {}}, "MALFORMED_MESSAGE"),
        (uplink(f_port=300), "MALFORMED_MESSAGE"),
        (uplink(frm_payload="***"), "MALFORMED_MESSAGE"),
        (uplink(decoded_payload=[1]), "MALFORMED_MESSAGE"),
        (uplink(received_at="never"), "MALFORMED_MESSAGE"),
        ([UP], "MALFORMED_MESSAGE"),
    ],
)
def test_bad_message_has_a_code(body: object, code: str) -> None:
    with pytest.raises(DomainError) as caught:
        parse(body)
    assert caught.value.code == code


@given(
    st.dictionaries(
        st.sampled_from(sorted(UP["uplink_message"])),
        st.none()
        | st.integers()
        | st.text(max_size=4)
        | st.lists(st.integers(), max_size=2)
        | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
    )
)
def test_any_uplink_is_a_message_or_a_named_fault(changes: dict[str, Any]) -> None:
    try:
        message = parse(uplink(**changes))
    except DomainError as error:
        assert error.code in {"MALFORMED_MESSAGE", "UNKNOWN_EVENT"}  # noqa: PT017
    else:
        assert message.time.tzinfo is UTC
