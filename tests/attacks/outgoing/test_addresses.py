"""Which addresses may be called: the open internet, and what the operator lists."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.outgoing.addresses import is_open, permits

CLOSED = (
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.1.1", "169.254.169.254", "172.16.0.1", "192.0.0.170",
    "192.0.2.1", "192.168.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255",
    "::", "::1", "fe80::1", "fec0::1", "fd00::1", "ff02::1", "2001:db8::1",
    # Closed addresses in the clothes of open ones.
    "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b::7f00:1",
    "64:ff9b:1:a00:1:0:808:808",
    "2002:a00:1::", "2002:7f00:1::1", "2001:0:808:808:0:0:f5ff:fffe",
)  # fmt: skip
OPEN = ("8.8.8.8", "193.99.144.80", "2001:4860:4860::8888", "2a02:2e0:3fe:1001:302::", "64:ff9b::808:808")


@pytest.mark.parametrize("address", CLOSED)
def test_addresses_of_the_house_the_machine_and_the_link_are_closed(address: str) -> None:
    assert not is_open(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", OPEN)
def test_addresses_of_the_internet_are_open(address: str) -> None:
    assert is_open(ipaddress.ip_address(address))


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:0:0", "64:ff9b::", "2002::"]))
def test_an_address_inside_another_is_as_open_as_it_is_itself(inner: ipaddress.IPv4Address, outer: str) -> None:
    shift = 80 if outer == "2002::" else 0
    wrapped = ipaddress.IPv6Address(int(ipaddress.IPv6Address(outer)) | int(inner) << shift)
    assert is_open(wrapped) == is_open(inner)


@given(
    st.ip_addresses(network="10.0.0.0/8") | st.ip_addresses(network="fc00::/7") | st.ip_addresses(network="fe80::/10")
)
def test_no_private_address_is_open(address: ipaddress.IPv4Address) -> None:
    assert not is_open(address)


@pytest.mark.parametrize(
    ("line", "host", "port", "held"),
    [
        ("mqtt.example.internal:8883", "MQTT.example.internal.", 8883, True),
        ("mqtt.example.internal:8883", "mqtt.example.internal", 1883, False),
        ("mqtt.example.internal", "mqtt.example.internal", 1, True),
        ("mqtt.example.internal", "xmqtt.example.internal", 1, False),
    ],
)
def test_a_listed_name_holds_for_itself_and_its_port(line: str, host: str, port: int, *, held: bool) -> None:
    (permit,) = permits([line])
    assert permit.names(host, port) is held


@pytest.mark.parametrize(
    ("line", "address", "port", "held"),
    [
        ("10.20.0.0/16", "10.20.3.4", 443, True),
        ("10.20.0.0/16", "10.21.0.1", 443, False),
        ("10.20.0.7:8883", "10.20.0.7", 8883, True),
        ("10.20.0.7:8883", "10.20.0.7", 443, False),
        ("[fd00::7]:443", "fd00::7", 443, True),
        ("fd00::/8", "fd00::9", 1, True),
        ("fd00::/8", "10.0.0.1", 1, False),
    ],
)
def test_a_listed_network_holds_for_its_addresses(line: str, address: str, port: int, *, held: bool) -> None:
    (permit,) = permits([line])
    assert permit.holds(ipaddress.ip_address(address), port) is held


@pytest.mark.parametrize(
    "line", ["", "10.0.0.0/99", "10.0.0.7/24", "host:", "host:http", "host:70000", "a..b", "/", "ä:1"]
)
def test_a_line_that_is_nothing_is_refused_with_itself(line: str) -> None:
    with pytest.raises(ValueError, match=r"is no host name|ends in no port"):
        permits([line])
