"""Who signs: one Ed25519 key of the installation, derived from the platform's key and kept nowhere."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_INFO = b"regiohub:audit:seal"
SEAL = b"regiohub-audit-seal-1\n"
"""What stands before a chain's hash when it is signed: a signature means one thing only."""
KEY = b"regiohub-audit-key-1\n"
"""What stands before the hash of an acceptance."""


class Signer:
    """Signs in the name of the installation. Another platform key makes another signer."""

    def __init__(self, platform_key: bytes) -> None:
        seed = HKDF(hashes.SHA256(), length=32, salt=None, info=_INFO).derive(platform_key)
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = self._private.public_key().public_bytes_raw()
        """32 bytes (RFC 8032), meant to be published."""
        self.key = key_id(self.public_key)

    def sign(self, purpose: bytes, digest: bytes) -> bytes:
        """64 bytes over a hash, for one purpose (``SEAL`` or ``KEY``)."""
        return self._private.sign(purpose + digest)


@lru_cache(maxsize=8)
def signer_for(platform_key: bytes) -> Signer:
    """The signer that belongs to a platform's key."""
    return Signer(platform_key)


def key_id(public_key: bytes) -> str:
    """A short name of a public key: the first 16 hexadecimal digits of its SHA-256."""
    return sha256(public_key).hexdigest()[:16]


def is_signed(public_key: bytes, purpose: bytes, digest: bytes, signature: bytes) -> bool:
    """Whether the signature is this key's, over this hash and for this purpose."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, purpose + digest)
    except (InvalidSignature, ValueError):
        return False
    return True
