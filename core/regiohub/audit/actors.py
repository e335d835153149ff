"""Pseudonyms: the log tells actors apart without naming them."""

import hmac
from hashlib import sha256

from regiohub.auth.principal import Principal, PrincipalKind


def pseudonym(secret: bytes, principal: Principal) -> str | None:
    """A name that only the holder of the platform's key can lead back to a subject; the same in each entry.

    HMAC-SHA256 over issuer and subject, cut to 80 bits and written as 20 hexadecimal digits. None for callers
    without an identity.
    """
    if principal.subject is None or principal.kind in (PrincipalKind.ANONYMOUS, PrincipalKind.SYSTEM):
        return None
    identity = f"audit\x1f{principal.issuer or ''}\x1f{principal.subject}".encode()
    return hmac.new(secret, identity, sha256).hexdigest()[:20]
