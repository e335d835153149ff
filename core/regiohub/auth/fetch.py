"""Fetching an issuer's keys over HTTP, from a given address or the one that OpenID Connect discovery names."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson

from regiohub.settings import IssuerSettings, is_loopback

from .keys import KeyList

if TYPE_CHECKING:
    import httpx

_LARGEST: Final = 262_144
_SECONDS: Final = 5.0


class UntrustedIssuer(Exception):
    """An issuer's documents are not what they must be: another issuer's name, plain HTTP, a test issuer."""


def remote_keys(
    entry: IssuerSettings, *, production: bool, transport: "httpx.AsyncBaseTransport | None" = None
) -> KeyList:
    """A function that fetches the key set of an issuer. It raises on any doubt; the cache keeps what it had."""

    async def fetch() -> Mapping[str, Any]:
        # Here, because it costs 7 MiB and an installation without a login server never fetches anything.
        import httpx

        async with httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, transport=transport) as client:
            address = entry.jwks_url
            if not address:
                found = await discovery(client, entry.issuer, production=production)
                address = str(found.get("jwks_uri"))
            return await _document(client, address)

    return fetch


async def discovery(client: "httpx.AsyncClient", issuer: str, *, production: bool) -> dict[str, Any]:
    """The discovery document of an issuer. Raises ``UntrustedIssuer`` if it is another's, or not for production."""
    found = await _document(client, issuer.rstrip("/") + "/.well-known/openid-configuration")
    if found.get("issuer") != issuer:
        raise UntrustedIssuer(f"{issuer}: discovery names another issuer")
    if production and found.get("dev"):
        raise UntrustedIssuer(f"{issuer}: this is an issuer of test tokens")
    return found


def checked(address: str) -> str:
    """The address, if secrets may travel there: https, or http on this very machine. Raises ``UntrustedIssuer``."""
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise UntrustedIssuer(f"{address}: only https")
    return address


async def _document(client: "httpx.AsyncClient", address: str) -> dict[str, Any]:
    checked(address)
    async with client.stream("GET", address, headers={"Accept": "application/json"}) as response:
        response.raise_for_status()
        body = bytearray()
        async for piece in response.aiter_bytes():
            body += piece
            if len(body) > _LARGEST:
                raise UntrustedIssuer(f"{address}: answer too long")
    document = orjson.loads(body)
    if not isinstance(document, dict):
        raise UntrustedIssuer(f"{address}: not a JSON object")
    return document
