"""Pieces of work under way in this process, at most one for each key."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


class Runs(Generic[K]):
    """Starts pieces of work side by side, so that a slow one holds up nobody else's."""

    def __init__(self, at_once: int) -> None:
        """``at_once``: how many run at the same time; the others wait for their turn."""
        self._gate = asyncio.Semaphore(at_once)
        self._under_way: dict[K, asyncio.Task[int]] = {}

    def start(self, key: K, work: Callable[[], Awaitable[int]], *, then: Callable[[], None] | None = None) -> None:
        """Start a piece of work unless one with its key is under way; ``then`` is called if it did anything."""
        if key in self._under_way:
            return

        async def turn() -> int:
            async with self._gate:
                return await work()

        def ended(task: asyncio.Task[int]) -> None:
            self._under_way.pop(key, None)
            if then is not None and not task.cancelled() and task.exception() is None and task.result():
                then()

        task = asyncio.create_task(turn(), name=f"regiohub:{key}")
        self._under_way[key] = task
        task.add_done_callback(ended)

    async def all_done(self) -> int:
        """Wait for everything under way. Returns the sum of what it did."""
        return sum(await asyncio.gather(*self._under_way.values()))

    async def end(self, seconds: float) -> None:
        """Give what is under way some time, then cancel it."""
        tasks = list(self._under_way.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
