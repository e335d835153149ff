"""A verifier written from the page alone (docs/explanation/audit.md): nothing of the platform is imported here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from math import inf
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ENTRY = (
    "id", "at", "actor_kind", "actor", "action", "object_kind", "object_id", "before", "after", "note", "text_de",
    "text_en", "plugin", "plugin_version",
)  # fmt: skip
KEY = ("key", "until", "town", "accepted_at", "accepted_by")
LINK = ("town", "number", "first", "count", "late", "sealed_at", "complete_until", "key")


def faults(
    entries: Sequence[Mapping[str, Any]],
    seals: Sequence[Mapping[str, Any]],
    public_key: bytes,
    acceptances: Sequence[Mapping[str, Any]] = (),
) -> list[str]:
    """What is wrong with a log under the key that its reader trusts; rows as JSON values, binary columns as bytes."""
    found: list[str] = []
    trusted = keys(public_key, acceptances)
    chains = {seal["number"]: seal["chain"] for seal in seals}
    found += [f"key until {until}: chain" for _, until, chain in trusted[1:] if chains.get(int(until)) != chain]
    hashes = {entry["id"]: sha256(canonical({name: entry[name] for name in ENTRY})).digest() for entry in entries}
    sealed: set[str] = set()
    before: Mapping[str, Any] | None = None
    for place, seal in enumerate(seals, start=1):
        link = {name: seal[name] for name in LINK} | {
            "format": "regiohub-audit-1",
            "digests": sha256(seal["digests"]).hexdigest(),
            "previous": before["chain"].hex() if before else None,
            "previous_signature": before["signature"].hex() if before else None,
        }
        if seal["number"] != place or seal["first"] != len(sealed) + 1:
            found.append(f"seal {place}: number or position")
        if sha256(canonical(link)).digest() != seal["chain"]:
            found.append(f"seal {place}: chain")
        counting = [key for key, until, _ in trusted if name_of(key) == seal["key"] and seal["number"] <= until]
        message = b"regiohub-audit-seal-1\n" + seal["chain"]
        if not any(is_signed(key, message, seal["signature"]) for key in counting):
            found.append(f"seal {place}: signature")
        for start in range(0, seal["count"] * 48, 48):
            raw = seal["digests"][start : start + 16].hex()
            id_ = "-".join((raw[:8], raw[8:12], raw[12:16], raw[16:20], raw[20:]))
            sealed.add(id_)
            if hashes.get(id_) != seal["digests"][start + 16 : start + 48]:
                found.append(f"entry {id_}")
        before = seal
    highest = max(sealed, default="")
    return found + [f"entry {id_} without a seal" for id_ in hashes if id_ not in sealed and id_ < highest]


def keys(public_key: bytes, acceptances: Sequence[Mapping[str, Any]]) -> list[tuple[bytes, float, bytes | None]]:
    """Keys that count, up to which seal, and the chain's hash there: the trusted one, and whom it accepted."""
    found: list[tuple[bytes, float, bytes | None]] = [(public_key, inf, None)]
    for key, until, _ in found:  # grows meanwhile
        for row in acceptances:
            stated = {name: row[name] for name in KEY} | {
                "format": "regiohub-audit-1-key",
                "public_key": row["public_key"].hex(),
                "chain": row["chain"].hex(),
            }
            message = b"regiohub-audit-key-1\n" + sha256(canonical(stated)).digest()
            accepted = (row["public_key"], float(row["until"]), row["chain"])
            if accepted in found or row["accepted_by"] != name_of(key) or row["until"] > until:
                continue
            if row["key"] == name_of(row["public_key"]) and is_signed(key, message, row["signature"]):
                found.append(accepted)
    return found


def name_of(public_key: bytes) -> str:
    """A key's id."""
    return sha256(public_key).hexdigest()[:16]


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the key has signed this."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def canonical(value: Any) -> bytes:
    """Canonical JSON, with whole numbers written as such. The samples hold no number that needs an exponent."""
    return json.dumps(_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
