"""Secrets among the settings, encrypted at rest with a key of the town (AES-256-GCM).

What a secret belongs to (plugin and setting) is authenticated with it: copied elsewhere it opens nothing.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Mapping
from typing import Any, Final, cast

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, SecretStr
from pydantic_core import to_jsonable_python

PURPOSE: Final = "core.settings"
_MARK: Final = "$sealed"
_NONCE: Final = 12


class Unreadable(ValueError):
    """A secret that was sealed with another key, or for another setting."""


def stored(key: bytes, belongs_to: str, value: Any) -> Any:
    """A validated value as JSON for the database, with every secret in it sealed."""
    match value:
        case SecretStr():
            nonce = os.urandom(_NONCE)
            sealed = AESGCM(key).encrypt(nonce, value.get_secret_value().encode(), belongs_to.encode())
            return {_MARK: base64.urlsafe_b64encode(nonce + sealed).decode()}
        case BaseModel():
            return {name: stored(key, belongs_to, getattr(value, name)) for name in type(value).model_fields}
        case list() | tuple() | set() | frozenset():
            return [stored(key, belongs_to, part) for part in cast("list[Any]", value)]
        case dict():
            return {name: stored(key, belongs_to, part) for name, part in cast("dict[str, Any]", value).items()}
        case _:
            return to_jsonable_python(value)


def opened(key: bytes, belongs_to: str, value: Any) -> Any:
    """The opposite of `stored`, for the model to validate. Raises ``Unreadable``."""
    if isinstance(value, Mapping):
        entries = cast("Mapping[str, Any]", value)
        if list(entries) == [_MARK]:
            return _opened(key, belongs_to, str(entries[_MARK]))
        return {name: opened(key, belongs_to, part) for name, part in entries.items()}
    if isinstance(value, list):
        return [opened(key, belongs_to, part) for part in cast("list[Any]", value)]
    return value


def opened_settings(key: bytes, plugin: str, values: Mapping[str, Any]) -> tuple[dict[str, Any], frozenset[str]]:
    """All stored settings of a plugin, and the names of those whose secret cannot be read."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        try:
            found[name] = opened(key, f"{plugin}.{name}", value)
        except Unreadable:
            continue
    return found, frozenset(values.keys() - found.keys())


def _opened(key: bytes, belongs_to: str, sealed: str) -> str:
    try:
        raw = base64.urlsafe_b64decode(sealed)
        return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], belongs_to.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable(belongs_to) from None
