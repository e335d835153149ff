"""Signing keys of an issuer, fetched by need and kept: an issuer that is down for a while locks nobody out."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol, cast

import structlog
from joserfc import jwk
from joserfc.errors import JoseError

from regiohub.errors import Unavailable
from regiohub.texts import t

log = structlog.get_logger(__name__)

KEY_TYPES: Final = frozenset({"RSA", "EC"})
"""Asymmetric keys only: a symmetric one in a public list would let everybody sign."""

Key = jwk.RSAKey | jwk.ECKey
KeyList = Callable[[], Awaitable[Mapping[str, Any]]]
"""Fetches a JSON Web Key Set (RFC 7517) as parsed JSON."""


class IssuerUnavailable(Unavailable):
    """The issuer's keys could not be fetched and none are known yet."""

    code = "ISSUER_UNAVAILABLE"


class KeySource(Protocol):
    """Where the keys of one issuer come from."""

    async def find(self, kid: str) -> Key | None:
        """The key with this id, ``None`` if the issuer has no such key."""
        ...


class FixedKeys:
    """Keys that are at hand: those of the built-in issuer, and of tests."""

    def __init__(self, key_set: Mapping[str, Any]) -> None:
        self._keys = read_keys(key_set)

    async def find(self, kid: str) -> Key | None:
        """The key with this id."""
        return self._keys.get(kid)


class CachedKeys:
    """Keys fetched from an issuer.

    They are used for ``max_age`` seconds, then renewed in the background while the old ones go on serving, also if
    the issuer is down. An unknown key id fetches again, at most once in ``pause`` seconds whatever the callers send.
    """

    def __init__(
        self, fetch: KeyList, *, issuer: str = "", max_age: float = 600.0, pause: float = 30.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._fetch = fetch
        self._issuer = issuer
        self._max_age = max_age
        self._pause = pause
        self._monotonic = monotonic
        self._keys: dict[str, Key] = {}
        self._fetched_at: float | None = None
        self._tried_at: float | None = None
        self._renewal: asyncio.Task[None] | None = None

    async def find(self, kid: str) -> Key | None:
        """The key with this id. Raises ``IssuerUnavailable`` while no keys have ever been fetched."""
        if kid in self._keys:
            self._renew_if_old()
            return self._keys[kid]
        attempt = self._attempt()
        if attempt is not None:
            # A caller who hangs up must not take the keys away from the others who wait for the same answer.
            await asyncio.shield(attempt)
        if self._fetched_at is None:
            raise IssuerUnavailable(
                t(
                    "Die Anmeldung kann gerade nicht geprüft werden. Bitte in einer Minute noch einmal.",
                    "The sign-in cannot be checked at the moment. Please try again in a minute.",
                )
            )
        return self._keys.get(kid)

    async def close(self) -> None:
        """Ends a running renewal."""
        if self._renewal is not None:
            self._renewal.cancel()
            await asyncio.gather(self._renewal, return_exceptions=True)

    def _renew_if_old(self) -> None:
        if self._fetched_at is not None and self._monotonic() - self._fetched_at > self._max_age:
            self._attempt()

    def _attempt(self) -> asyncio.Task[None] | None:
        """The attempt under way, or a new one if the pause since the last is over."""
        if self._renewal is None or self._renewal.done():
            if self._tried_at is not None and self._monotonic() - self._tried_at < self._pause:
                return None
            self._tried_at = self._monotonic()
            self._renewal = asyncio.create_task(self._load())
        return self._renewal

    async def _load(self) -> None:
        try:
            keys = read_keys(await self._fetch())
        except Exception as error:
            log.warning("issuer_keys_unavailable", issuer=self._issuer, error=type(error).__name__)
            return
        self._keys = keys
        self._fetched_at = self._monotonic()


def read_keys(key_set: Mapping[str, Any]) -> dict[str, Key]:
    """The usable keys of a JSON Web Key Set by id; others (encryption, symmetric, broken, without id) are left out."""
    listed: Any = key_set.get("keys")
    keys: dict[str, Key] = {}
    for entry in cast("list[Any]", listed) if isinstance(listed, list) else []:
        if not isinstance(entry, dict):
            continue
        fields = cast("dict[str, Any]", entry)
        kid = fields.get("kid")
        if fields.get("kty") not in KEY_TYPES or fields.get("use", "sig") != "sig" or not isinstance(kid, str):
            continue
        try:
            key = jwk.import_key(fields)
        except (JoseError, ValueError, TypeError):
            continue
        if isinstance(key, jwk.RSAKey | jwk.ECKey):
            keys[kid] = key
    return keys
