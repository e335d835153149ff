"""The two signed messages of an issuer that are not access tokens: ID token and logout token (OpenID Connect)."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import orjson
from joserfc import jwt
from joserfc.errors import JoseError

from regiohub.auth.registry import TrustedIssuer
from regiohub.auth.tokens import ALGORITHMS, TokenRefused

LEEWAY: Final = 30
LOGOUT_EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_LOGOUT_AGE: Final = 300
"""Seconds for which a logout token without an end of its own counts."""
_MOST_BYTES: Final = 262_144


@dataclass(frozen=True, slots=True)
class Identified:
    """What an ID token says: who, and in which session at the issuer."""

    subject: str
    sid: str | None


@dataclass(frozen=True, slots=True)
class LogoutOrder:
    """What a logout token says: which sessions end, and the name under which it counts once."""

    issuer: str
    jti: str
    subject: str | None
    sid: str | None
    expires_at: datetime


async def read_id_token(
    issuer: TrustedIssuer, token: str, *, client_id: str, nonce: str | None, now: datetime
) -> Identified:
    """Checks an ID token (OpenID Connect Core, 3.1.3.7); that of a renewal has no nonce. Raises ``TokenRefused``."""
    payload = await _verified(issuer, token, client_id=client_id, now=now, exp={"essential": True}, sub=_ESSENTIAL)
    audience: Any = payload["aud"]
    if isinstance(audience, list) and len(cast("list[Any]", audience)) > 1 and "azp" not in payload:
        raise TokenRefused("ID token for several parties without azp")
    if payload.get("azp", client_id) != client_id:
        raise TokenRefused("ID token for another party (azp)")
    if nonce is not None and payload.get("nonce") != nonce:
        raise TokenRefused("ID token with another nonce")
    return Identified(payload["sub"], _text(payload.get("sid")))


async def read_logout_token(issuer: TrustedIssuer, token: str, *, client_id: str, now: datetime) -> LogoutOrder:
    """Checks a logout token (OpenID Connect Back-Channel Logout, 2.6), replay apart. Raises ``TokenRefused``."""
    payload = await _verified(issuer, token, client_id=client_id, now=now, jti=_ESSENTIAL)
    events: Any = payload.get("events")
    if not isinstance(events, dict) or not isinstance(cast("dict[str, Any]", events).get(LOGOUT_EVENT), dict):
        raise TokenRefused("no logout token (events)")
    if "nonce" in payload:
        raise TokenRefused("logout token with a nonce")
    subject, sid, jti = _text(payload.get("sub")), _text(payload.get("sid")), _text(payload.get("jti"))
    if subject is None and sid is None:
        raise TokenRefused("logout token for nobody")
    if jti is None:
        raise TokenRefused("logout token without a name (jti)")
    ends: Any = payload.get("exp", payload["iat"] + _LOGOUT_AGE)
    if ends + LEEWAY <= now.timestamp():
        raise TokenRefused("logout token too old")
    return LogoutOrder(issuer.issuer, jti, subject, sid, datetime.fromtimestamp(ends + LEEWAY, now.tzinfo))


def issuer_named_by(token: str) -> str:
    """The issuer that an unchecked token names, only to find its keys; empty if it names none."""
    return _text(_part(token, 1).get("iss")) or ""


_ESSENTIAL: Final = {"essential": True}


async def _verified(
    issuer: TrustedIssuer, token: str, *, client_id: str, now: datetime, **rules: Any
) -> dict[str, Any]:
    if len(token) > _MOST_BYTES:
        raise TokenRefused("too long")
    try:
        key = await issuer.keys.find(_text(_part(token, 0).get("kid")) or "")
        if key is None:
            raise TokenRefused("unknown key")
        payload = jwt.decode(token, key, algorithms=ALGORITHMS).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "value": client_id},
            iat={"essential": True},
            **rules,
        )
        registry.validate(payload)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(f"{type(error).__name__}: {error}") from None
    return payload


def _part(token: str, number: int) -> dict[str, Any]:
    """Header (0) or payload (1) before any check; empty if it cannot be read."""
    try:
        part = token[:_MOST_BYTES].split(".")[number]
        found: Any = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return {}
    return cast("dict[str, Any]", found) if isinstance(found, dict) else {}


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
