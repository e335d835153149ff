"""The built-in issuer as an authorization server: codes, tokens, logout, with the claims of the real one."""

from __future__ import annotations

import base64
import hmac
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import uuid4

from regiohub.auth.admin.dev import DevDirectory, DevPerson
from regiohub.auth.claims import API_CLIENT

from .issuer import DevIssuer
from .requests import CONSOLE, TOWN_APP, AuthorizationRequest

ACCESS: Final = timedelta(minutes=5)
"""As long as the access tokens of the real login server live, so that renewals happen in development too."""
_REFRESH: Final = timedelta(minutes=30)
_CODE: Final = timedelta(minutes=1)
_LOGOUT: Final = timedelta(minutes=2)
_LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"


class TokenRequestRefused(Exception):
    """A token request is refused; ``error`` is the name that RFC 6749, 5.2 has for it."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.status = status


@dataclass(frozen=True, slots=True)
class _Code:
    request: AuthorizationRequest
    subject: str
    sid: str
    until: datetime


class DevAuthority:
    """Signs made-up people in. Codes and used-up tokens are kept in memory: it serves one process."""

    def __init__(self, issuer: DevIssuer, directory: DevDirectory, now: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self.directory = directory
        self._now = now
        self._codes: dict[str, _Code] = {}
        self._redeemed: dict[str, str] = {}
        self._used: set[str] = set()
        self._ended: set[str] = set()

    def grant(self, request: AuthorizationRequest, subject: str) -> str | None:
        """A code for a person; ``None`` if nobody has this identifier."""
        if self.directory.person(subject) is None:
            return None
        self.directory.signed_in(subject)
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(request, subject, str(uuid4()), self._now() + _CODE)
        return code

    def token(self, form: Mapping[str, str], client: str, secret: str) -> dict[str, Any]:
        """The answer to a token request. Raises ``TokenRequestRefused``."""
        match form.get("grant_type"):
            case "authorization_code":
                self._check_client(client, secret)
                return self._redeem(form, client)
            case "refresh_token":
                self._check_client(client, secret)
                return self._refresh(form.get("refresh_token", ""), client)
            case "client_credentials":
                return self._machine(client, secret)
            case _:
                raise TokenRequestRefused("unsupported_grant_type")

    def end(self, token: str) -> str | None:
        """Ends the session that an ID token or a refresh token of ours belongs to; its identifier."""
        claims = self.issuer.verify(token)
        sid = claims.get("sid") if claims else None
        if not isinstance(sid, str) or claims is None or claims.get("typ") not in ("ID", "Refresh"):
            return None
        self._ended.add(sid)
        return sid

    def logout_token(self, sid: str) -> str:
        """The order to the console to end what belongs to a session here."""
        now = self._now()
        return self.issuer.sign(
            self._base(now, _LOGOUT)
            | {"aud": CONSOLE, "sid": sid, "jti": str(uuid4()), "typ": "Logout", "events": {_LOGOUT_EVENT: {}}}
        )

    def _check_client(self, client: str, secret: str) -> None:
        if client == TOWN_APP and not secret:
            return
        if client != CONSOLE or not hmac.compare_digest(secret.encode(), self.issuer.console_secret.encode()):
            raise TokenRequestRefused("invalid_client", 401)

    def _redeem(self, form: Mapping[str, str], client: str) -> dict[str, Any]:
        given = form.get("code", "")
        code = self._codes.pop(given, None)
        if code is None:
            # RFC 6749, 4.1.2: a code that comes twice may have been stolen; what came of it ends.
            if given in self._redeemed:
                self._ended.add(self._redeemed[given])
            raise TokenRequestRefused("invalid_grant")
        self._redeemed[given] = code.sid
        challenge = base64.urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        fits = (
            code.until > self._now()
            and code.request.client_id == client
            and code.request.redirect_uri == form.get("redirect_uri")
            and hmac.compare_digest(challenge, code.request.challenge.encode())
        )
        if not fits:
            raise TokenRequestRefused("invalid_grant")
        return self._answer(code.subject, client, code.request.scope, code.sid, code.request.nonce)

    def _refresh(self, token: str, client: str) -> dict[str, Any]:
        claims = self.issuer.verify(token)
        if claims is None or claims.get("typ") != "Refresh" or claims.get("azp") != client:
            raise TokenRequestRefused("invalid_grant")
        if claims["jti"] in self._used:
            self._ended.add(claims["sid"])
        if claims["sid"] in self._ended:
            raise TokenRequestRefused("invalid_grant")
        self._used.add(claims["jti"])
        return self._answer(claims["sub"], client, claims["scope"], claims["sid"], claims.get("nonce", ""))

    def _machine(self, client: str, secret: str) -> dict[str, Any]:
        found = self.directory.verify_client(client, secret)
        if found is None:
            raise TokenRequestRefused("invalid_client", 401)
        token = self.issuer.issue_token(
            found.tenant, found.roles, subject=f"service-account-{found.id}", machine=True, lifetime=ACCESS
        )
        return {"access_token": token, "token_type": "Bearer", "expires_in": int(ACCESS.total_seconds())}

    def _answer(self, subject: str, client: str, scope: str, sid: str, nonce: str) -> dict[str, Any]:
        person = self.directory.person(subject)
        if person is None:
            raise TokenRequestRefused("invalid_grant")
        now = self._now()
        whom = {"sub": subject, "sid": sid, "azp": client, "name": person.name, "email": person.email}
        access = self._base(now, ACCESS) | whom | {
            "aud": [API_CLIENT],
            "typ": "Bearer",
            "scope": scope,
            "preferred_username": person.email,
            "email_verified": True,
            "realm_access": {"roles": sorted(person.regional)},
        }  # fmt: skip
        organization = _organization(person, scope)
        if organization:
            access["organization"] = organization
        identity = self._base(now, ACCESS) | whom | {"aud": client, "typ": "ID", "auth_time": int(now.timestamp())}
        refresh = self._base(now, _REFRESH) | {
            "aud": self.issuer.issuer, "typ": "Refresh", "sub": subject, "sid": sid, "azp": client, "scope": scope,
            "nonce": nonce,
        }  # fmt: skip
        if nonce:
            identity["nonce"] = nonce
        return {
            "access_token": self.issuer.sign(access),
            "refresh_token": self.issuer.sign(refresh),
            "id_token": self.issuer.sign(identity),
            "token_type": "Bearer",
            "expires_in": int(ACCESS.total_seconds()),
            "scope": scope,
        }

    def _base(self, now: datetime, lifetime: timedelta) -> dict[str, Any]:
        return {
            "iss": self.issuer.issuer,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
            "jti": str(uuid4()),
            "dev": True,
        }


def _organization(person: DevPerson, scope: str) -> dict[str, Any]:
    """The towns that a scope asks for: all, one by name, or the only one. A foreign name adds nothing, silently."""
    asked, towns = scope.split(), person.organization()
    if "organization:*" in asked:
        return towns
    if "organization" in asked and len(towns) == 1:
        return towns
    return {alias: entry for alias, entry in towns.items() if f"organization:{alias}" in asked}
