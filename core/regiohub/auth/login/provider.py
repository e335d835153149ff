"""An issuer as the place where people sign in: its addresses, and the calls from server to server (RFC 6749)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import quote, urlencode, urlsplit

import orjson
import structlog

from regiohub.auth.fetch import UntrustedIssuer, checked, discovery
from regiohub.auth.registry import TrustedIssuer
from regiohub.errors import Unavailable
from regiohub.texts import t

from .content import Tokens

if TYPE_CHECKING:
    import httpx

log = structlog.get_logger(__name__)

SCOPE: Final = "openid profile email organization:*"
"""All towns of the person: the token stays on the server, so that its length does not matter."""
_SECONDS: Final = 5.0
_MAX_AGE: Final = 3600.0

Transport = Callable[[], "httpx.AsyncBaseTransport"]


class LoginUnavailable(Unavailable):
    """The login server does not answer."""

    code = "LOGIN_UNAVAILABLE"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Der Anmeldedienst antwortet gerade nicht. Bitte in einer Minute noch einmal.",
                "The login server does not answer at the moment. Please try again in a minute.",
            )
        )


class GrantRefused(Exception):
    """The issuer has refused a code or a refresh token: the person, or what he may do here, is no longer the same."""


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses from the discovery document."""

    authorization: str
    token: str
    end_session: str | None


class Provider:
    """One issuer with the console's client there; ``transport`` makes the line for calls to it."""

    def __init__(
        self, issuer: TrustedIssuer, *, client_id: str, client_secret: str, title: str = "", production: bool = False,
        transport: Transport | None = None, monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self.issuer = issuer
        self.client_id = client_id
        self.title = title or urlsplit(issuer.issuer).netloc
        self._secret = client_secret
        self._production = production
        self.transport = transport
        self._monotonic = monotonic
        self._endpoints: Endpoints | None = None
        self._found_at = 0.0

    async def endpoints(self) -> Endpoints:
        """Its addresses, asked for once an hour; the old ones go on while it does not answer.

        Raises ``LoginUnavailable`` while none are known.
        """
        if self._endpoints is not None and self._monotonic() - self._found_at < _MAX_AGE:
            return self._endpoints
        try:
            async with self._client() as client:
                found = await discovery(client, self.issuer.issuer, production=self._production)
            ending = found.get("end_session_endpoint")
            self._endpoints = Endpoints(
                authorization=checked(str(found.get("authorization_endpoint"))),
                token=checked(str(found.get("token_endpoint"))),
                end_session=checked(ending) if isinstance(ending, str) else None,
            )
            self._found_at = self._monotonic()
        except (UntrustedIssuer, ValueError, *_network_errors()) as error:
            log.warning("login_server_unknown", issuer=self.issuer.issuer, error=type(error).__name__)
            if self._endpoints is None:
                raise LoginUnavailable from None
        return self._endpoints

    async def sign_in_address(self, redirect_uri: str, **parameters: str) -> str:
        """Where the browser is sent to sign in."""
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "code_challenge_method": "S256",
        }
        return _with((await self.endpoints()).authorization, asked | parameters)

    async def sign_out_address(self, back: str, id_token: str | None) -> str | None:
        """Where the browser is sent to sign out there too (OpenID RP-Initiated Logout); ``None`` if nowhere."""
        address = (await self.endpoints()).end_session
        if address is None:
            return None
        asked = {"client_id": self.client_id, "post_logout_redirect_uri": back}
        # The hint spares the person a question; a person in very many towns gets it, for the sake of the address.
        if id_token is not None and len(id_token) <= _LONGEST_HINT:
            asked["id_token_hint"] = id_token
        return _with(address, asked)

    async def redeem(self, code: str, verifier: str, redirect_uri: str) -> Tokens:
        """The tokens for a code. Raises ``GrantRefused`` or ``LoginUnavailable``."""
        return await self._tokens(
            {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
        )

    async def renew(self, refresh_token: str) -> Tokens:
        """New tokens for a refresh token, which is used up by it. Raises ``GrantRefused`` or ``LoginUnavailable``."""
        return await self._tokens({"grant_type": "refresh_token", "refresh_token": refresh_token})

    async def end(self, refresh_token: str) -> None:
        """Ends the session at the issuer without a browser, where the issuer can do that: Keycloak can."""
        try:
            address = (await self.endpoints()).end_session
            if address is not None:
                fields = {"client_id": self.client_id, "client_secret": self._secret, "refresh_token": refresh_token}
                async with asyncio.timeout(_SECONDS), self._client() as client:
                    await client.post(address, data=fields)
        except (LoginUnavailable, TimeoutError, *_network_errors()) as error:
            log.warning("session_not_ended_at_issuer", issuer=self.issuer.issuer, error=type(error).__name__)

    async def _tokens(self, form: Mapping[str, str]) -> Tokens:
        import httpx

        address = (await self.endpoints()).token
        # RFC 6749, 2.3.1: name and secret are form-encoded before they are joined.
        secret = httpx.BasicAuth(quote(self.client_id, safe=""), quote(self._secret, safe=""))
        try:
            async with asyncio.timeout(2 * _SECONDS), self._client() as client:
                answer = await client.post(
                    address, data=dict(form), auth=secret, headers={"Accept": "application/json"}
                )
            body = _object(answer.content)
        except (TimeoutError, *_network_errors()) as error:
            log.warning("login_server_does_not_answer", issuer=self.issuer.issuer, error=type(error).__name__)
            raise LoginUnavailable from None
        if answer.status_code == 200 and isinstance(body.get("access_token"), str):
            return Tokens(body["access_token"], _text(body.get("refresh_token")), _text(body.get("id_token")))
        # The names are from a short list of the standard; descriptions may hold anything and stay out of the log.
        fault = _text(body.get("error"))
        log.warning("grant_refused", issuer=self.issuer.issuer, status=answer.status_code, error=(fault or "")[:40])
        if fault == "invalid_grant":
            raise GrantRefused(fault)
        raise LoginUnavailable

    def _client(self) -> httpx.AsyncClient:
        # Here, because it costs 7 MiB and many processes never sign anybody in.
        import httpx

        transport = self.transport() if self.transport is not None else None
        return httpx.AsyncClient(timeout=_SECONDS, follow_redirects=False, transport=transport)


_LONGEST_HINT: Final = 6000


def _network_errors() -> tuple[type[Exception], ...]:
    import httpx

    return (httpx.HTTPError, OSError)


def _object(content: bytes) -> dict[str, Any]:
    try:
        found: Any = orjson.loads(content[:1_048_576])
    except ValueError:
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _with(address: str, parameters: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(parameters)}"
