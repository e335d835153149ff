"""Requests byte for byte as a server hands them to the application: no client tidies them up on the way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

_LIVE = b"text/event-stream"
_SECONDS = 30.0
_INSIDE = re.compile(rb'Traceback \(most recent|File "[^"]*\.py", line|sqlalchemy|asyncpg|sqlite3\.')
"""What only a stack trace or the words of a library would say."""

Headers = tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True, slots=True)
class Sent:
    """One request. `target`: path and query as they stand in the first line; `body`: in the pieces that come in."""

    method: str
    target: bytes
    headers: Headers = ()
    body: tuple[bytes, ...] = ()

    def __str__(self) -> str:
        body = b"".join(self.body)
        return f"{self.method} {self.target[:300]!r} {list(self.headers)} {body[:300]!r} ({len(body)} bytes)"


@dataclass(slots=True)
class Got:
    """The answer. Of a live page only that it began."""

    status: int = 0
    headers: dict[bytes, bytes] = field(default_factory=dict[bytes, bytes])
    body: bytes = b""

    @property
    def kind(self) -> bytes:
        """Its media type."""
        return self.headers.get(b"content-type", b"").partition(b";")[0]


async def call(app: Any, sent: Sent) -> Got:
    """Send it and wait for the whole answer. What the application raises is raised here."""
    got, begun = Got(), asyncio.Event()
    pieces = list(sent.body) or [b""]
    asking = asyncio.get_running_loop().create_future()

    async def receive() -> dict[str, Any]:
        if not pieces:
            # The client waits for its answer and says no more.
            await asking
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            got.status = message["status"]
            got.headers = {name.lower(): value for name, value in message["headers"]}
            if got.kind == _LIVE:
                begun.set()
        else:
            got.body += message.get("body", b"")

    work = asyncio.ensure_future(app(_scope(sent), receive, send))
    beginning = asyncio.ensure_future(begun.wait())
    try:
        async with asyncio.timeout(_SECONDS):
            await asyncio.wait({work, beginning}, return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
    finally:
        for task in (work, beginning):
            task.cancel()
        await asyncio.gather(work, beginning, return_exceptions=True)
    return got


def _scope(sent: Sent) -> dict[str, Any]:
    path, _, query = sent.target.partition(b"?")
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": sent.method, "scheme": "http",
        "path": unquote(path.decode("latin-1")), "raw_path": path, "query_string": query, "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8000"), *sent.headers], "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8000), "state": {}, "extensions": {},
    }  # fmt: skip


def faults(sent: Sent, got: Got) -> Sequence[str]:
    """What is wrong with an answer: a server error, a word of the inside, a refusal without a code."""
    wrong: list[str] = []
    if not 200 <= got.status < 500:
        wrong.append(f"status {got.status}")
    if _INSIDE.search(got.body):
        wrong.append("words of the inside")
    refused = got.status >= 400
    if refused and got.kind not in (b"application/problem+json", b"text/html", b"application/json"):
        wrong.append(f"a refusal as {got.kind!r}")
    if refused and got.kind != b"text/html" and b'"code"' not in got.body and b'"error"' not in got.body:
        wrong.append("a refusal without a code")
    if any(b"\r" in part or b"\n" in part for pair in got.headers.items() for part in pair):
        wrong.append("a header with a line break")
    if b"injected" in got.headers:
        wrong.append("a header of the caller's making")
    return wrong
