"""Sign-ins under way, kept sealed in a cookie: only the browser that began one can finish it (no login CSRF)."""

import base64
import binascii
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from pydantic import TypeAdapter, ValidationError

from .cookies import ATTEMPT
from .seal import Seal

LIFETIME: Final = timedelta(minutes=30)
"""How long a person may take for the form of the login server, with a second factor and a new password."""
_MOST: Final = 3
"""Sign-ins begun in several tabs; more would make the cookie too long."""


def _secret() -> str:
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sign-in under way: at which issuer, where to go afterwards, and the secrets that its answer must fit."""

    issuer: str
    next: str
    begun_at: datetime
    state: str = field(default_factory=_secret)
    nonce: str = field(default_factory=_secret)
    verifier: str = field(default_factory=_secret)

    @property
    def challenge(self) -> str:
        """The code challenge, method S256 (RFC 7636)."""
        return base64.urlsafe_b64encode(sha256(self.verifier.encode()).digest()).rstrip(b"=").decode()


_ATTEMPTS: Final = TypeAdapter(tuple[Attempt, ...])


class Attempts:
    """Reads and writes the cookie."""

    def __init__(self, platform_key: bytes) -> None:
        self._seal = Seal(platform_key, "console-login")

    def read(self, cookie: str | None, now: datetime) -> tuple[Attempt, ...]:
        """The sign-ins under way, the oldest first; none for a cookie that is not ours."""
        if not cookie:
            return ()
        try:
            plain = self._seal.open(base64.urlsafe_b64decode(cookie), ATTEMPT)
            attempts = _ATTEMPTS.validate_json(plain) if plain is not None else ()
        except (binascii.Error, ValidationError, ValueError):
            return ()
        return tuple(attempt for attempt in attempts if attempt.begun_at + LIFETIME > now)

    def write(self, attempts: Sequence[Attempt]) -> str:
        """The cookie's value; of too many the newest are kept."""
        plain = _ATTEMPTS.dump_json(tuple(attempts[-_MOST:]))
        return base64.urlsafe_b64encode(self._seal.close(plain, ATTEMPT)).decode()
