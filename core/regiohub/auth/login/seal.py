"""Encryption of what must not be read in the database, in a backup or by the browser."""

import os
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE: Final = 12
_VERSION: Final = b"\x01"


def derived(platform_key: bytes, purpose: str) -> bytes:
    """32 secret bytes for one purpose of the platform itself, derived from its key (HKDF, RFC 5869)."""
    info = f"regiohub:platform:{purpose}".encode()
    return HKDF(hashes.SHA256(), length=32, salt=None, info=info).derive(platform_key)


class Seal:
    """AES-256-GCM with a key of its own for one purpose.

    ``place`` ties a sealed text to where it belongs: moved to another row or cookie, it does not open.
    """

    def __init__(self, platform_key: bytes, purpose: str) -> None:
        self._cipher = AESGCM(derived(platform_key, purpose))

    def close(self, plain: bytes, place: str) -> bytes:
        """The sealed bytes: version, nonce, encrypted text with its tag."""
        nonce = os.urandom(_NONCE)
        return _VERSION + nonce + self._cipher.encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes | None:
        """The plain bytes; ``None`` if they were sealed elsewhere, with another key, or have been changed."""
        if sealed[:1] != _VERSION or len(sealed) <= _NONCE + 1:
            return None
        try:
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.encode())
        except InvalidTag:
            return None


def mark_of(secret: str) -> str:
    """The SHA-256 of a secret, as 64 hexadecimal digits: enough to find it again, too little to use it."""
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()
