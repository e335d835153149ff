"""The pool of codec workers: started on first use, replaced when one had to be killed, safe at shutdown.

One bad codec costs at most a few deadlines: after repeated limit failures it is suspended for a short while and its
payloads are answered at once (they stay stored and can be decoded again), so the sensors of others keep flowing.
No town has more requests in the line for workers than there are workers: however many codecs of one hang at once, the
next worker that gets free serves another town that waits.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import aclosing

from regiohub_lorawan.codec.process import Limits, WorkerGoneError, WorkerProcess
from regiohub_lorawan.codec.result import LIMIT_FAILURES, CodecKey, DecodeInput, DecodeResult, Failure, failed

_STRIKES = 3
_STRIKE_SECONDS = 60.0
_SUSPENSION_SECONDS = 30.0
_MAX_BATCH = 200


class CodecPool:
    """Decodes batches in worker processes. Belongs to one event loop; close it with ``aclose``."""

    def __init__(
        self, *, workers: int = 2, limits: Limits | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """``workers``: processes at most. ``clock``: seconds, for the suspension of a codec."""
        self.limits = limits or Limits()
        self._free: asyncio.Queue[WorkerProcess | None] = asyncio.Queue()
        for _ in range(workers):
            self._free.put_nowait(None)
        self._workers = workers
        self._clock = clock
        self._strikes: dict[CodecKey, deque[float]] = {}
        self._suspended: dict[CodecKey, float] = {}
        self._turns: dict[int, asyncio.Semaphore] = {}
        self._closed = False

    async def decode(
        self, key: CodecKey, source: str, inputs: Sequence[DecodeInput], *, fresh: bool = False
    ) -> list[DecodeResult]:
        """Decode payloads with one codec version, results aligned with ``inputs``. Never raises for a bad codec.

        ``fresh`` runs each payload in a context of its own (for trying out a codec).
        """
        results: list[DecodeResult] = []
        while len(results) < len(inputs):
            if self._is_suspended(key):
                return results + [_SUSPENDED] * (len(inputs) - len(results))
            batch = inputs[len(results) : len(results) + _MAX_BATCH]
            async with self._turns.setdefault(key.tenant_id, asyncio.Semaphore(self._workers)):
                results += await self._decode_batch(key, source, batch, fresh=fresh)
        return results

    async def _decode_batch(
        self, key: CodecKey, source: str, batch: Sequence[DecodeInput], *, fresh: bool
    ) -> list[DecodeResult]:
        """Results for the first part of ``batch``: up to its end, or up to the payload that ended the worker."""
        if self._closed:
            return [failed(Failure.CRASHED, "The server is shutting down.")] * len(batch)
        worker = await self._free.get()
        results: list[DecodeResult] = []
        finished = False
        try:
            if worker is None:
                worker = await WorkerProcess.start(self.limits)
            async with aclosing(worker.decode(key, source, batch, fresh=fresh)) as answers:
                async for result in answers:
                    results.append(result)
                    if self._strike(key, result):
                        break
                else:
                    finished = True
        except WorkerGoneError as gone:
            results.append(gone.result)
            self._strike(key, gone.result)
        finally:
            # Also on cancellation: a worker with half an answer in its pipe must not serve anyone else.
            if not finished and worker is not None:
                await asyncio.shield(worker.kill())
                worker = None
            self._free.put_nowait(worker)
        return results

    def _strike(self, key: CodecKey, result: DecodeResult) -> bool:
        """Note a limit failure; True when it was one too many and the codec is suspended now."""
        if result.failure not in LIMIT_FAILURES:
            return False
        now = self._clock()
        strikes = self._strikes.setdefault(key, deque(maxlen=_STRIKES))
        strikes.append(now)
        if len(strikes) < _STRIKES or now - strikes[0] > _STRIKE_SECONDS:
            return False
        self._suspended[key] = now + _SUSPENSION_SECONDS
        del self._strikes[key]
        return True

    def _is_suspended(self, key: CodecKey) -> bool:
        until = self._suspended.get(key)
        if until is None:
            return False
        if self._clock() < until:
            return True
        del self._suspended[key]
        return False

    async def aclose(self) -> None:
        """Kill all workers, waiting for those at work. The pool answers with failures afterwards."""
        self._closed = True
        for _ in range(self._workers):
            worker = await self._free.get()
            if worker is not None:
                await worker.kill()
        for _ in range(self._workers):
            self._free.put_nowait(None)


_SUSPENDED = failed(
    Failure.SUSPENDED, "The codec went over its limits several times and is suspended for half a minute."
)
