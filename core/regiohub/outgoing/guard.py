"""Whether a host that somebody has entered in the console may be called, and at which address."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, ClassVar

import structlog

from regiohub.errors import DomainError
from regiohub.settings import is_loopback
from regiohub.texts import t

from .addresses import Address, is_open, permits

log = structlog.get_logger()

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class OutgoingRefused(DomainError):
    """The platform does not call this host: it is no address of the open internet, and the operator's list lacks it."""

    code: ClassVar[str] = "OUTGOING_REFUSED"
    status: ClassVar[int] = 422

    def __init__(self, host: str, *, field: str | None = None, **details: Any) -> None:
        # The same words whether the name is unknown or leads into the house: nobody maps the inner network with them.
        words = t(
            f"„{host}“ ist von hier nicht erlaubt oder nicht bekannt. Interne Adressen gibt der Betrieb der Plattform "
            "frei (REGIOHUB_OUTGOING_ALLOWED).",
            f'"{host}" is not allowed from here, or not known. Internal addresses are released by whoever runs the '
            "platform (REGIOHUB_OUTGOING_ALLOWED).",
        )
        super().__init__(words, field=field, host=host, **details)


class Guard:
    """Decides about calls to hosts that towns name; those in the platform's own settings are the operator's matter.

    `allowed`: the operator's list (see `addresses.permits`). `listed_only`: nothing but what is on it may be called.
    `loopback`: this machine may be called, as in development.
    """

    def __init__(
        self,
        allowed: Sequence[str] = (),
        *,
        listed_only: bool = False,
        loopback: bool = False,
        resolve: Resolve | None = None,
    ) -> None:
        self._permits = permits(allowed)
        self._listed_only, self._loopback = listed_only, loopback
        self._resolve = resolve or _resolve

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses at which a host may be called. Who calls takes one of these, and asks no name server again.

        :raises OutgoingRefused: it is unknown, or one of its addresses may not be called.
        """
        try:
            found = [_address(text) for text in await self._resolve(host, port)]
        except (OSError, UnicodeError, ValueError):
            found = []
        refused = [address for address in found if not self._may(host, port, address)]
        if not found or refused:
            # For whoever runs the platform; the caller is not told where the name leads.
            log.warning("outgoing call refused", host=host[:200], port=port, addresses=[str(one) for one in refused])
            raise OutgoingRefused(host[:200])
        return [str(address) for address in found]

    def is_listed(self, host: str, port: int) -> bool:
        """Whether the operator's list names the host itself (or it is an address in one of its networks)."""
        if self._loopback and is_loopback(host):
            return True
        try:
            return self._listed(host, port, _address(host))
        except ValueError:
            return any(permit.names(host, port) for permit in self._permits)

    def _listed(self, host: str, port: int, address: Address) -> bool:
        return any(permit.names(host, port) or permit.holds(address, port) for permit in self._permits)

    def _may(self, host: str, port: int, address: Address) -> bool:
        if self._listed(host, port, address) or (self._loopback and address.is_loopback):
            return True
        return not self._listed_only and is_open(address)


def _address(text: str) -> Address:
    # A zone ("fe80::1%eth0") says through which card, and only addresses of this link have one.
    return ipaddress.ip_address(text.strip("[]").partition("%")[0])


async def _resolve(host: str, port: int) -> Sequence[str]:
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
