"""A signed-in browser, as the console sees it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regiohub.auth.claims import Claims
from regiohub.auth.registry import TrustedIssuer


@dataclass(frozen=True, slots=True)
class ConsoleSession:
    """Who is signed in, by whose word, and until when at most.

    ``id`` names the session in lists; it does not open it. ``csrf`` is the token that forms carry. ``sid`` is the
    issuer's name of the session there.
    """

    id: UUID
    claims: Claims
    issuer: TrustedIssuer
    csrf: str
    created_at: datetime
    expires_at: datetime
    sid: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A new session with the value of its cookie, which is nowhere else and cannot be had again."""

    session: ConsoleSession
    cookie: str
