"""Keys of a town on their way: sealed under a passphrase that the operator chooses."""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from regiohub.errors import InvalidInput
from regiohub.tenancy.keys import derived
from regiohub.tenancy.plugin_settings.sealing import PURPOSE as SETTINGS
from regiohub.texts import t

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

SHORTEST: Final = 12
"""Characters that a passphrase must have."""
_N, _R, _P, _MOST_N = 1 << 15, 8, 1, 1 << 17
_NONCE: Final = 12


def purposes(platform: Platform) -> list[str]:
    """What keys of a town are there for: the platform's own purpose, and those that the plugins name."""
    named = [purpose for plugin in platform.plugins.healthy.values() for purpose in plugin.key_purposes]
    return sorted({SETTINGS, *named})


def keys_of(platform: Platform, tenant: TenantInfo) -> dict[str, bytes]:
    """The town's keys by purpose. Keys that it has brought along for plugins that are not here stay its own."""
    return {purpose: platform.derive_key(tenant, purpose) for purpose in sorted({*purposes(platform), *tenant.keys})}


def installation_of(secret: bytes) -> str:
    """A name for the installation that has this key, from which the key cannot be found."""
    return derived(secret, "installation").hex()[:16]


def check_passphrase(text: str) -> str:
    """A passphrase without the line end that editors add.

    :raises InvalidInput: it is too short.
    """
    found = text.strip("\r\n")
    if len(found) < SHORTEST:
        raise InvalidInput(
            t(
                f"Das Kennwort der Ausgabe hat weniger als {SHORTEST} Zeichen.",
                f"The passphrase has fewer than {SHORTEST} characters.",
            ),
            field="passphrase",
        )
    return found


def sealed_keys(keys: Mapping[str, bytes], passphrase: str, slug: str) -> bytes:
    """The keys as a member of an archive: scrypt (RFC 7914) makes a key of the passphrase, AES-256-GCM seals them."""
    salt, nonce = os.urandom(16), os.urandom(_NONCE)
    plain = orjson.dumps({name: _text(key) for name, key in keys.items()}, option=orjson.OPT_SORT_KEYS)
    sealed = AESGCM(_stretched(passphrase, salt, _N)).encrypt(nonce, plain, slug.encode())
    found = {
        "kdf": "scrypt", "n": _N, "r": _R, "p": _P, "salt": _text(salt), "cipher": "AES-256-GCM",
        "nonce": _text(nonce), "associated_data": slug, "sealed": _text(sealed),
    }  # fmt: skip
    return orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def opened_keys(content: bytes, passphrase: str, slug: str) -> dict[str, bytes]:
    """The opposite of ``sealed_keys``.

    :raises InvalidInput: another passphrase, or no keys of this town.
    """
    try:
        found = orjson.loads(content)
        n = int(found["n"])
        if (found["kdf"], found["r"], found["p"]) != ("scrypt", _R, _P) or not 2 <= n <= _MOST_N:
            raise ValueError("another way of sealing")
        key = _stretched(passphrase, base64.b64decode(found["salt"]), n)
        plain = AESGCM(key).decrypt(base64.b64decode(found["nonce"]), base64.b64decode(found["sealed"]), slug.encode())
        return {name: base64.b64decode(text) for name, text in orjson.loads(plain).items()}
    except (InvalidTag, ValueError, KeyError, TypeError):
        raise InvalidInput(
            t(
                "Mit diesem Kennwort lassen sich die Schlüssel des Archivs nicht öffnen.",
                "The keys in the archive cannot be opened with this passphrase.",
            ),
            field="passphrase",
        ) from None


def _stretched(passphrase: str, salt: bytes, n: int) -> bytes:
    return Scrypt(salt=salt, length=32, n=n, r=_R, p=_P).derive(passphrase.encode())


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
