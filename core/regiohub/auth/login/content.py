"""What a session keeps sealed: the claims that count, and the tokens by which they are renewed."""

from dataclasses import dataclass
from typing import Final

from pydantic import TypeAdapter, ValidationError

from regiohub.auth.claims import Claims

from .seal import Seal


@dataclass(frozen=True, slots=True)
class Tokens:
    """Tokens of an issuer. They stay on the server. A ``refresh_token`` is used once and replaced."""

    access_token: str
    refresh_token: str | None = None
    id_token: str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Claims of the last access token, and the tokens; none where a session was opened without an issuer (tests)."""

    claims: Claims
    tokens: Tokens | None = None


_CONTENT: Final = TypeAdapter(Content)


def sealed(seal: Seal, content: Content, mark: str) -> bytes:
    """The content as a row keeps it; it opens in the row with this mark only."""
    return seal.close(_CONTENT.dump_json(content), mark)


def opened(seal: Seal, row: bytes, mark: str) -> Content | None:
    """The content of a row; ``None`` if it cannot be read (the platform's key has changed since)."""
    plain = seal.open(row, mark)
    if plain is None:
        return None
    try:
        return _CONTENT.validate_json(plain)
    except ValidationError:
        return None
