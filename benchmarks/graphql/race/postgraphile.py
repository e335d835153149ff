"""PostGraphile 5 on the same database and role: how it is started, asked and understood."""

from __future__ import annotations

from typing import Any

from .store import Store


def body(name: str, tenant: int) -> bytes:
    raise NotImplementedError


def command(port: int) -> list[str]:
    raise NotImplementedError


def environment(store: Store, pool: int, public_url: str) -> dict[str, str]:
    raise NotImplementedError


def as_ours(query: str, answer: dict[str, Any]) -> dict[str, Any]:
    raise NotImplementedError
