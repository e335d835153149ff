"""Micro-batches without waiting: what arrives while a batch is being written makes up the next one."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from regiohub.api import Unavailable, t

I = TypeVar("I")  # noqa: E741
R = TypeVar("R")


class MicroBatcher(Generic[I, R]):
    """Gathers single items into batches for ``flush`` and hands each caller its own result.

    A lone item is flushed at once, so there is no added latency; under load batches grow up to ``size``. With
    ``linger`` seconds a further batch that is not full yet waits that long for company: for work nobody waits for.
    When more than ``queue`` items wait, ``put`` refuses: better a clear "later" than a server without memory.
    """

    def __init__(
        self,
        flush: Callable[[Sequence[I]], Awaitable[Sequence[R]]],
        *,
        size: int = 200,
        queue: int = 5_000,
        linger: float = 0.0,
    ) -> None:
        self._flush, self._size, self._queue, self._linger = flush, size, queue, linger
        self._waiting: deque[tuple[I, asyncio.Future[R]]] = deque()
        self._worker: asyncio.Task[None] | None = None

    async def submit(self, item: I) -> R:
        """The result for this item; raises what ``flush`` raised for its batch."""
        return await self.put(item)

    def put(self, item: I) -> "asyncio.Future[R]":
        """Queue an item and return its future. Raises Unavailable when the queue is full."""
        if len(self._waiting) >= self._queue:
            raise Unavailable(t("Gerade sind es zu viele Nachrichten.", "Too many messages at the moment."))
        future: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="lorawan-batches")
        return future

    async def _work(self) -> None:
        first = True
        while self._waiting:
            if self._linger and not first and len(self._waiting) < self._size:
                await asyncio.sleep(self._linger)
            first = False
            batch = [self._waiting.popleft() for _ in range(min(self._size, len(self._waiting)))]
            try:
                results = await self._flush([item for item, _ in batch])
            except asyncio.CancelledError:
                self._fail(batch, asyncio.CancelledError())
                raise
            except Exception as error:
                self._fail(batch, error)
                continue
            for (_, future), result in zip(batch, results, strict=True):
                if not future.done():
                    future.set_result(result)

    @staticmethod
    def _fail(batch: "Sequence[tuple[I, asyncio.Future[R]]]", error: BaseException) -> None:
        for _, future in batch:
            if not future.done():
                future.set_exception(error)

    async def idle(self) -> None:
        """Wait until nothing is queued or under way."""
        while self._worker is not None and not self._worker.done():
            await asyncio.wait([self._worker])

    async def aclose(self) -> None:
        """Finish what is queued."""
        await self.idle()
