"""Identifiers of documents, as the appendix on persisted documents of GraphQL over HTTP lays them out."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Final

PREFIX: Final = "sha256:"
_HASH = re.compile(r"[0-9a-f]{64}")


def hash_of(document: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 lower-case hexadecimal digits. White space counts."""
    return sha256(document.encode(errors="surrogatepass")).hexdigest()


def identifier(document: str) -> str:
    """What clients send instead of the text."""
    return PREFIX + hash_of(document)


def hash_in(name: str) -> str | None:
    """The hash in an identifier, with its prefix or (as older clients send it) without; None if it is no such thing."""
    found = name.removeprefix(PREFIX)
    return found if _HASH.fullmatch(found) else None
