"""Access codes at rest: encrypted with a key of the town, bound to the grant they belong to."""

import base64
import os
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from regiohub.api import Ctx

PURPOSE = "booking.access_code"
NONCE_BYTES = 12


def seal(ctx: Ctx, grant_id: UUID, code: str) -> str:
    """Encrypt a code (AES-256-GCM). The grant's id is authenticated with it: a copied value opens nothing elsewhere."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(ctx.derive_key(PURPOSE)).encrypt(nonce, code.encode(), grant_id.bytes)
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(ctx: Ctx, grant_id: UUID, sealed: str) -> str | None:
    """The code again; None when the platform's key has changed since (the lock has to be asked anew)."""
    raw = base64.urlsafe_b64decode(sealed)
    try:
        opened = AESGCM(ctx.derive_key(PURPOSE)).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], grant_id.bytes)
    except InvalidTag:
        return None
    return opened.decode()
