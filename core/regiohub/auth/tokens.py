"""Validation of bearer tokens: signed JWT access tokens (RFC 7519, RFC 9068) of a registered issuer.

Everything is checked here, without asking the issuer: algorithm, key, signature, exact issuer, audience, times, type.
What is wrong with a token goes to the log, never to the caller.
"""

import base64
import binascii
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

import orjson
import structlog
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError

from regiohub.errors import Unauthenticated
from regiohub.texts import Text, t

from .claims import Claims, read_claims
from .keys import Key
from .registry import IssuerRegistry, TrustedIssuer

log = structlog.get_logger(__name__)

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
HEADER_TYPES: Final = frozenset({None, "jwt", "at+jwt"})
TOKEN_TYPES: Final = frozenset({None, "Bearer"})
_LONGEST_LIFE: Final = 253_402_300_799
_LONGEST_NAME: Final = 255
_REMEMBERED: Final = 4096
"""Tokens whose signature need not be checked again; a few kilobytes each."""


class TokenRefused(Unauthenticated):
    """The token does not count. ``reason`` is for logs and tests; callers learn only that it is invalid or expired."""

    code = "INVALID_TOKEN"

    def __init__(self, reason: str, message: Text | None = None) -> None:
        super().__init__(message or t("Die Anmeldung ist ungültig.", "The sign-in is not valid."))
        self.reason = reason


class TokenExpired(TokenRefused):
    """The token was good and has ended."""

    code = "TOKEN_EXPIRED"

    def __init__(self) -> None:
        super().__init__("expired", t("Die Anmeldung ist abgelaufen.", "The sign-in has expired."))


@dataclass(frozen=True, slots=True)
class _Known:
    """A token that was found good: with which key, since when."""

    claims: Claims
    issuer: TrustedIssuer
    kid: str
    key: Key
    since: datetime


class TokenValidator:
    """Turns a token into claims or refuses it.

    A good token's signature is checked once per key: as long as the issuer still has the very key (a renewal of the
    keys makes new ones), may speak for the town, and the token has not ended, its claims are taken from memory.
    """

    def __init__(
        self, issuers: IssuerRegistry, now: Callable[[], datetime], *, leeway: int = 30, max_bytes: int = 16_384,
        allow_dev: bool = True,
    ) -> None:  # fmt: skip
        self._issuers = issuers
        self._now = now
        self._leeway = min(leeway, 30)
        self._max_bytes = max_bytes
        self._allow_dev = allow_dev
        self._known: OrderedDict[bytes, _Known] = OrderedDict()

    async def validate(self, token: str, tenant: str | None) -> tuple[Claims, TrustedIssuer]:
        """The claims of a token used in a town (``None``: at the region), and who issued it.

        Raises ``TokenRefused`` (401), or ``IssuerUnavailable`` (503) while the issuer's keys are unknown.
        """
        # By its hash: a token is a secret, and memory is not the place to collect them.
        mark = sha256(token.encode(errors="surrogatepass")).digest()
        known = self._known.get(mark)
        if known is not None and await self._still_good(known, tenant):
            self._known.move_to_end(mark)
            return known.claims, known.issuer
        try:
            found = await self._validate(token, tenant)
        except TokenRefused as refusal:
            self._known.pop(mark, None)
            log.info("token_refused", reason=refusal.reason)
            raise
        self._known[mark] = found
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return found.claims, found.issuer

    async def _still_good(self, known: _Known, tenant: str | None) -> bool:
        """Whether everything that may have changed since the check is as it was; otherwise all is checked again."""
        issuer = known.issuer
        return (
            known.since <= self._now() < known.claims.expires_at
            and self._issuers.find(issuer.issuer) is issuer
            and issuer.speaks_for(tenant)
            and await issuer.keys.find(known.kid) is known.key
        )

    async def _validate(self, token: str, tenant: str | None) -> _Known:
        header, unverified = self._open(token)
        issuer = self._issuers.find(_text(unverified.get("iss")))
        if issuer is None:
            raise TokenRefused("unknown issuer")
        if issuer.is_dev and not self._allow_dev:
            raise TokenRefused("test issuer in production")
        if not issuer.speaks_for(tenant):
            raise TokenRefused("issuer may not speak for this town")
        kid = _text(header.get("kid"))
        key = await issuer.keys.find(kid)
        if key is None:
            raise TokenRefused("unknown key")
        try:
            payload = jwt.decode(token, key, algorithms=ALGORITHMS).claims
            self._rules(issuer).validate(payload)
        except ExpiredTokenError:
            raise TokenExpired from None
        except (JoseError, ValueError, TypeError) as error:
            raise TokenRefused(f"{type(error).__name__}: {error}") from None
        self._check_facts(payload)
        return _Known(read_claims(payload), issuer, kid, key, self._now())

    def _open(self, token: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Header and payload before any check, only to find issuer and key."""
        if len(token) > self._max_bytes:
            raise TokenRefused("too long")
        parts = token.split(".")
        if len(parts) != 3:
            raise TokenRefused("not a signed token")
        header, payload = _json(parts[0]), _json(parts[1])
        if header.get("alg") not in ALGORITHMS:
            raise TokenRefused("algorithm not allowed")
        kind = header.get("typ")
        if (kind.lower().removeprefix("application/") if isinstance(kind, str) else kind) not in HEADER_TYPES:
            raise TokenRefused("not an access token (header typ)")
        return header, payload

    def _rules(self, issuer: TrustedIssuer) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=self._leeway,
            iss={"essential": True, "value": issuer.issuer},
            aud={"essential": True, "value": issuer.audience},
            exp={"essential": True},
            sub={"essential": True},
        )

    def _check_facts(self, payload: dict[str, Any]) -> None:
        if payload.get("typ") not in TOKEN_TYPES:
            raise TokenRefused("not an access token (claim typ)")
        if len(payload["sub"]) > _LONGEST_NAME:
            raise TokenRefused("subject too long")
        if payload["exp"] > _LONGEST_LIFE:
            raise TokenRefused("ends after the year 9999")
        if payload.get("dev") and not self._allow_dev:
            raise TokenRefused("test token in production")


def _json(part: str) -> dict[str, Any]:
    try:
        value: Any = orjson.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError):
        raise TokenRefused("not a signed token") from None
    if not isinstance(value, dict):
        raise TokenRefused("not a signed token")
    return cast("dict[str, Any]", value)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
