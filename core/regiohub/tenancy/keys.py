"""Keys of a town: derived from the platform's key, or brought along with the town's archive."""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEPT: Final = "town-keys"
_NONCE: Final = 12


def derived(secret: bytes, info: str) -> bytes:
    """32 bytes for one use (HKDF-SHA256, RFC 5869); the same each time."""
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"regiohub:{info}".encode()).derive(secret)


def sealed_key(secret: bytes, purpose: str, key: bytes) -> bytes:
    """A town's key as the database keeps it (AES-256-GCM): it opens for its purpose only."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(derived(secret, _KEPT)).encrypt(nonce, key, purpose.encode())


def opened_key(secret: bytes, purpose: str, sealed: bytes) -> bytes | None:
    """The opposite of ``sealed_key``; None where it was sealed with another key of the platform."""
    try:
        return AESGCM(derived(secret, _KEPT)).decrypt(sealed[:_NONCE], sealed[_NONCE:], purpose.encode())
    except InvalidTag:
        return None
