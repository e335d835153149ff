"""One worker process as the parent sees it: framed requests, a deadline for each answer, and the right to kill."""

import asyncio
import contextlib
import json
import struct
import sys
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import orjson

from regiohub_lorawan.codec.result import CodecKey, DecodeInput, DecodeResult, Failure, failed, from_output

_WORKER = Path(__file__).with_name("worker.py")
_MAX_ANSWER = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a codec may use per payload. Sizes in bytes, times in seconds."""

    cpu_seconds: float = 0.1
    wall_seconds: float = 1.0
    memory: int = 16 << 20
    stack: int = 512 << 10
    output: int = 64 << 10
    process_memory: int = 1 << 30


class WorkerGoneError(Exception):
    """The process ended or missed its deadline; it has been killed."""

    def __init__(self, result: DecodeResult) -> None:
        """``result`` is what the payload under way gets."""
        super().__init__(result.errors[0])
        self.result = result


class WorkerProcess:
    """A started worker. Not for concurrent use: the pool hands it to one request at a time."""

    def __init__(self, process: asyncio.subprocess.Process, limits: Limits) -> None:
        self._process = process
        self._limits = limits

    @classmethod
    async def start(cls, limits: Limits) -> "WorkerProcess":
        """Start a worker: isolated interpreter, empty environment, own session (no terminal signals)."""
        settings = {name: getattr(limits, name) for name in limits.__slots__}
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_WORKER),
            orjson.dumps(settings).decode(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
            start_new_session=True,
        )
        return cls(process, limits)

    @property
    def pid(self) -> int:
        """The process id, for tests and logs."""
        return self._process.pid

    async def decode(
        self, key: CodecKey, source: str, inputs: Sequence[DecodeInput], *, fresh: bool
    ) -> AsyncGenerator[DecodeResult, None]:
        """Yield one result per input as they are ready. Raises WorkerGoneError at the first one that never comes."""
        body = orjson.dumps(
            {
                "key": str(key),
                "source": source,
                "fresh": fresh,
                "items": [
                    {
                        "bytes": list(item.payload),
                        "fPort": item.f_port,
                        "recvTime": item.received_at,
                        "variables": dict(item.variables),
                    }
                    for item in inputs
                ],
            }
        )
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(struct.pack(">I", len(body)) + body)
            await asyncio.wait_for(self._process.stdin.drain(), self._limits.wall_seconds + 5)
            for _ in inputs:
                yield await asyncio.wait_for(self._answer(), self._limits.wall_seconds)
        except TimeoutError:
            await self.kill()
            raise WorkerGoneError(failed(Failure.TIMEOUT, "The codec did not answer in time.")) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self.kill()
            raise WorkerGoneError(failed(Failure.CRASHED, "The codec ended its process.")) from None

    async def _answer(self) -> DecodeResult:
        assert self._process.stdout is not None
        size = int.from_bytes(await self._process.stdout.readexactly(4), "big")
        if size > _MAX_ANSWER:
            raise ConnectionError
        answer = cast("dict[str, Any]", json.loads(await self._process.stdout.readexactly(size)))
        if "out" not in answer:
            return failed(Failure(answer["failure"]), answer["message"], answer.get("line"))
        try:
            return from_output(orjson.loads(answer["out"]))
        except orjson.JSONDecodeError:
            # JavaScript texts may hold half a surrogate pair, which is no Unicode and cannot be stored.
            return failed(Failure.OUTPUT, "The codec's answer holds text that is not Unicode.")

    async def kill(self) -> None:
        """End the process now and reap it. Harmless when it is gone already."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        await self._process.wait()
