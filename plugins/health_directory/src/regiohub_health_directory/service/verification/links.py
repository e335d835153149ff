"""The secret of a one-time link: the letter's id, signed with a key of the town. It is stored nowhere.

Whoever reads the database cannot make a link, a link of one town is worthless in another, and a reminder can name the
same link again. That it works once only is the business of the letter's state.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime
from hashlib import sha256
from uuid import UUID

_ID_BYTES = 16
PURPOSE = "health_directory.verification"


def sign(key: bytes, letter: UUID, expires_at: datetime) -> str:
    """The secret part of a link: 64 characters that stand in an address as they are."""
    return urlsafe_b64encode(letter.bytes + _mac(key, letter, expires_at)).decode()


def letter_of(secret: str) -> UUID | None:
    """The letter that a secret claims to belong to; `None` for anything that was never a secret."""
    raw = _decoded(secret)
    return UUID(bytes=raw[:_ID_BYTES]) if raw else None


def is_genuine(key: bytes, secret: str, letter: UUID, expires_at: datetime) -> bool:
    """Whether this town made the secret for this letter; takes the same time for all wrong ones."""
    raw = _decoded(secret)
    return raw is not None and hmac.compare_digest(raw, letter.bytes + _mac(key, letter, expires_at))


def _mac(key: bytes, letter: UUID, expires_at: datetime) -> bytes:
    return hmac.digest(key, letter.bytes + int(expires_at.timestamp()).to_bytes(8), sha256)


def _decoded(secret: str) -> bytes | None:
    if len(secret) != 64 or not secret.isascii():
        return None
    try:
        raw = urlsafe_b64decode(secret)
    except (Error, ValueError):
        return None
    # Several spellings decode to the same bytes; only the one that was given out counts.
    return raw if urlsafe_b64encode(raw).decode() == secret else None
