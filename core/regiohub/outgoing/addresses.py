"""Which addresses belong to the open internet, and what the operator allows besides."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# What carries an IPv4 address inside is as open as that: a tunnel must not lead where the address itself may not.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_COMPATIBLE = ipaddress.IPv6Network("::/96")
# Not open by the registries of special addresses (RFC 6890), and not known as such to every supported Python.
_SPECIAL = tuple(
    ipaddress.ip_network(network)
    for network in (
        "192.0.0.0/24",
        "192.88.99.0/24",
        "fec0::/10",
        "198.18.0.0/15",
        "240.0.0.0/4",
        "3fff::/20",
        "5f00::/16",
    )
)


def is_open(address: Address) -> bool:
    """Whether an address is one of the open internet: neither private nor of this machine, this link or a group."""
    inner = _inside(address)
    if inner is not None:
        return is_open(inner)
    special = any(address in network for network in _SPECIAL if network.version == address.version)
    return address.is_global and not (special or address.is_multicast or address.is_reserved)


def _inside(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for: mapped, compatible, 6to4, Teredo, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address.teredo:
        return address.teredo[1]
    if address in _COMPATIBLE or address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None


@dataclass(frozen=True, slots=True)
class Permit:
    """One line of the operator's list: a host name or a network, with or without a port."""

    host: str = ""
    network: Network | None = None
    port: int | None = None

    def names(self, host: str, port: int) -> bool:
        """Whether it names this host, as it was written."""
        return bool(self.host) and self.host == host.lower().rstrip(".") and self.port in (None, port)

    def holds(self, address: Address, port: int) -> bool:
        """Whether an address lies in its network."""
        network = self.network
        if network is None or self.port not in (None, port) or network.version != address.version:
            return False
        return address in network


def permits(lines: Sequence[str]) -> tuple[Permit, ...]:
    """The operator's list, read: `mqtt.stadtwerke.example:8883`, `10.20.0.0/16`, `192.0.2.7`, `[2001:db8::1]:443`.

    :raises ValueError: a line is none of these.
    """
    return tuple(map(_permit, lines))


def _permit(line: str) -> Permit:
    text, port = line.strip().lower(), None
    if text.startswith("["):
        text, _, after = text[1:].partition("]")
        port = _port(after[1:], line) if after.startswith(":") else None
    elif text.count(":") == 1:
        text, _, after = text.partition(":")
        port = _port(after, line)
    try:
        return Permit(network=ipaddress.ip_network(text), port=port)
    except ValueError:
        if "/" in text or not text or not all(part.isascii() and part for part in text.rstrip(".").split(".")):
            raise ValueError(f"{line!r} is no host name, address or network such as 10.20.0.0/16") from None
    return Permit(host=text.rstrip("."), port=port)


def _port(text: str, line: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65_536:
        raise ValueError(f"{line!r} ends in no port number")
    return int(text)
