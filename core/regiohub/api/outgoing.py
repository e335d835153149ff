"""Calls from here to others: addresses that a town has entered, such as those of a vendor or a network server.

Staff of a town can enter any host. Without a guard they, or whoever has their account, could make the platform call
machines of its own network that are reachable from nowhere else (server-side request forgery, OWASP). So plugins call
others by this module only.

Kept apart from `regiohub.api`, so that a plugin that calls nobody loads nothing of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from regiohub.outgoing import OutgoingRefused
from regiohub.tenancy.context import TenantScope

if TYPE_CHECKING:
    import ssl

    import httpx

__all__ = ["OutgoingRefused", "http_client", "permitted_address", "tls_context"]


def http_client(scope: TenantScope, *, seconds: float = 10.0, most_bytes: int = 10_000_000) -> httpx.AsyncClient:
    """An HTTP client that calls the open internet, and what the operator has allowed besides.

    Each connection goes to the address that was checked, also after a redirect (none is followed unless asked for);
    plain `http` is refused except to hosts on the operator's list. An answer has to be complete after `seconds`, and
    has at most `most_bytes`; compressed answers are refused. One client serves a process: keep it with
    `scope.resources.get("<plugin>.client", lambda: http_client(scope), httpx.AsyncClient.aclose)`.

    Calls raise `OutgoingRefused` where the host may not be called (code OUTGOING_REFUSED, words for staff), and
    `httpx.HTTPError` for everything else that can go wrong.
    """
    from regiohub.outgoing.client import http_client

    return http_client(scope.platform.outgoing, seconds=seconds, most_bytes=most_bytes)


async def permitted_address(scope: TenantScope, host: str, port: int) -> str:
    """An address at which `host` may be called by another protocol than HTTP, such as MQTT; IPv4 before IPv6.

    Connect to what this returns, not to the name, which can lead elsewhere a moment later. For TLS: `tls_context`.

    :raises OutgoingRefused: it is unknown, or no address of the open internet and not on the operator's list.
    """
    found = await scope.platform.outgoing.addresses(host, port)
    return min(found, key=lambda address: ":" in address)


def tls_context(host: str, *, cafile: str | None = None) -> ssl.SSLContext:
    """TLS for a connection to a permitted address: the certificate has to be that of `host`.

    `cafile`: file with the authorities to trust in place of the system's (PEM).

    :raises OSError: the file cannot be read, or holds no certificates (`ssl.SSLError`).
    """
    from regiohub.outgoing.naming import named_context

    return named_context(host, cafile)
