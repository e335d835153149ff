"""The load generator, a process of its own: prebuilt requests over kept connections, one at a time on each.

`python -m race.load` reads jobs from standard input, a line of JSON each, and answers each with a line of JSON.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from typing import Any

import uvloop

_LENGTH = b"content-length: "


class Client(asyncio.Protocol):
    """One connection: as soon as an answer is complete, the next request goes out."""

    def __init__(self, request: bytes, until: float, done: asyncio.Future[None]) -> None:
        self._request, self._until, self._done = request, until, done
        self._transport: Any = None
        self._sent = 0.0
        self._missing = -1
        self._head = b""
        self.latencies: list[float] = []
        self.errors = 0

    def connection_made(self, transport: Any) -> None:
        """Begin."""
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        """Count down the bytes of the answer."""
        if self._missing < 0:
            data = self._head + data
            end = data.find(b"\r\n\r\n")
            if end < 0:
                self._head = data
                return
            self._head = b""
            head = data[:end].lower()
            at = head.find(_LENGTH)
            if at < 0:
                self._fail("an answer without a length")
                return
            if not data.startswith(b"HTTP/1.1 200"):
                self.errors += 1
            self._missing = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) - (len(data) - end - 4)
        else:
            self._missing -= len(data)
        if self._missing == 0:
            now = time.perf_counter()
            self.latencies.append(now - self._sent)
            if now < self._until:
                self._send()
            else:
                self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The end, wanted or not."""
        if not self._done.done():
            if time.perf_counter() < self._until and exc is None:
                self.errors += 1
            self._done.set_result(None)

    def _send(self) -> None:
        self._missing = -1
        self._sent = time.perf_counter()
        self._transport.write(self._request)

    def _fail(self, why: str) -> None:
        if not self._done.done():
            self._done.set_exception(ValueError(why))
        self._transport.close()


async def run(job: dict[str, Any]) -> dict[str, Any]:
    """Keep all connections busy for the job's seconds."""
    loop = asyncio.get_running_loop()
    request = base64.b64decode(job["request"])
    start, cpu = time.perf_counter(), time.process_time()
    clients: list[Client] = []
    waiting: list[asyncio.Future[None]] = []
    for _ in range(job["connections"]):
        done: asyncio.Future[None] = loop.create_future()
        client = Client(request, start + job["seconds"], done)
        await loop.create_connection(lambda client=client: client, "127.0.0.1", job["port"])
        clients.append(client)
        waiting.append(done)
    await asyncio.gather(*waiting)
    seconds = time.perf_counter() - start
    latencies = sorted(value for client in clients for value in client.latencies)
    count = len(latencies)
    return {
        "requests": count,
        "seconds": seconds,
        "p50": latencies[count // 2] * 1000,
        "p99": latencies[min(count - 1, count * 99 // 100)] * 1000,
        "errors": sum(client.errors for client in clients),
        "busy": (time.process_time() - cpu) / seconds,
    }


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(uvloop.run(run(json.loads(line)))), flush=True)
