"""A reader of statements that reads something else than it was asked for."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

Change = Callable[[str], str]
"""Makes another statement of a statement."""


class Lying:
    """Reads something else than it was asked for."""

    def __init__(self, honest: Any, change: Change) -> None:
        self._honest, self._change = honest, change
        self.watchers: list[Callable[[str], None]] = honest.watchers
        self.changed = False

    def _told(self, text: str) -> str:
        changed = self._change(text)
        self.changed = self.changed or changed != text
        return changed

    async def rows(self, scope: Any, text: str, values: Sequence[Any]) -> Sequence[Any]:
        """The rows of another statement."""
        return await self._honest.rows(scope, self._told(text), values)

    @asynccontextmanager
    async def snapshot(self, scope: Any, *, several: bool = True) -> AsyncGenerator[Any]:
        """A snapshot that lies too."""
        async with self._honest.snapshot(scope, several=several) as honest:
            yield _LyingSnapshot(honest, self._told)

    async def close(self) -> None:
        """Close the honest one."""
        await self._honest.close()


class _LyingSnapshot:
    def __init__(self, honest: Any, told: Change) -> None:
        self._honest, self._told = honest, told

    async def rows(self, text: str, values: Sequence[Any]) -> Sequence[Any]:
        return await self._honest.rows(self._told(text), values)
