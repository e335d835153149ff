"""Who may ask the built-in issuer for a sign-in, and how such a request must look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

from regiohub.errors import InvalidInput
from regiohub.settings import is_loopback
from regiohub.texts import t

CONSOLE: Final = "regiohub-console"
TOWN_APP: Final = "regiohub-townapp"
"""A public client, for those who develop an app."""
TOWN_APP_ADDRESS: Final = "de.regiohub.app:/callback"


class BadRequest(InvalidInput):
    """The request cannot be answered at the address that it names: that address is not known."""

    code = "INVALID_REQUEST"
    status = 400


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """A request of a client that a person signs in (RFC 6749, 4.1.1, with RFC 7636)."""

    client_id: str
    redirect_uri: str
    state: str
    scope: str
    nonce: str
    challenge: str

    def answer(self, issuer: str, **parameters: str) -> str:
        """The address that the browser is sent back to; it names the issuer (RFC 9207)."""
        given = parameters | {"iss": issuer} | ({"state": self.state} if self.state else {})
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(given)}"


@dataclass(frozen=True, slots=True)
class RefusedRequest:
    """A request of a known client that asks for something else than a code with PKCE; ``address`` tells it so."""

    address: str


def read_request(query: Mapping[str, str], *, issuer: str, base_url: str) -> AuthorizationRequest | RefusedRequest:
    """The request in a query. Raises ``BadRequest`` for a client or an address that is not known."""
    request = AuthorizationRequest(
        client_id=query.get("client_id", ""),
        redirect_uri=query.get("redirect_uri", ""),
        state=query.get("state", "")[:500],
        scope=query.get("scope", "openid"),
        nonce=query.get("nonce", "")[:500],
        challenge=query.get("code_challenge", ""),
    )
    if not _is_known(request, base_url):
        raise BadRequest(
            t(
                "Dieses Programm oder seine Rücksprungadresse ist hier nicht bekannt.",
                "This client or its redirect address is not known here.",
            )
        )
    if query.get("response_type") != "code":
        return RefusedRequest(request.answer(issuer, error="unsupported_response_type"))
    if query.get("code_challenge_method") != "S256" or not 43 <= len(request.challenge) <= 128:
        return RefusedRequest(request.answer(issuer, error="invalid_request"))
    return request


def _is_known(request: AuthorizationRequest, base_url: str) -> bool:
    if request.client_id == CONSOLE:
        return request.redirect_uri == f"{base_url}/auth/callback"
    if request.client_id != TOWN_APP:
        return False
    parts = urlsplit(request.redirect_uri)
    # RFC 8252, 7.3: programs on this machine listen on any port.
    return request.redirect_uri == TOWN_APP_ADDRESS or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
