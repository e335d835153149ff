"""A websocket client of the application itself, without a server in between."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, cast

from starlette.types import Send

from regiohub.testing.world import World

SECONDS = 10.0
"""After this time a message that does not come is a failure."""


class Closed(Exception):
    """The server has closed the socket."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Socket:
    """One connection."""

    def __init__(self) -> None:
        self.to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.from_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.subprotocol: str | None = None

    async def send(self, message: dict[str, Any] | str) -> None:
        """Send a message as JSON, or text as it is."""
        text = message if isinstance(message, str) else json.dumps(message)
        await self.to_app.put({"type": "websocket.receive", "text": text})

    async def receive(self) -> dict[str, Any]:
        """The next message. Raises `Closed`."""
        async with asyncio.timeout(SECONDS):
            message = await self.from_app.get()
        if message["type"] == "websocket.close":
            raise Closed(message.get("code", 1000))
        return json.loads(message["text"])

    async def init(self, token: str | None = None) -> None:
        """Start as the caller with this token."""
        await self.send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"} if token else {}})
        assert await self.receive() == {"type": "connection_ack"}

    async def subscribe(self, document: str, id_: str = "1", **variables: Any) -> None:
        """Start an operation."""
        await self.send({"type": "subscribe", "id": id_, "payload": {"query": document, "variables": variables}})


@asynccontextmanager
async def connect(
    world: World, path: str, protocols: Sequence[str] = ("graphql-transport-ws",)
) -> AsyncGenerator[Socket]:
    """Open a socket and wait until it is accepted."""
    socket = Socket()
    scope = {
        "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "path": path,
        "raw_path": path.encode(), "query_string": b"", "root_path": "", "subprotocols": list(protocols),
        "headers": [(b"host", b"127.0.0.1:8000"), (b"accept-language", b"en")],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000), "state": {}, "extensions": {},
    }  # fmt: skip
    await socket.to_app.put({"type": "websocket.connect"})
    task = asyncio.create_task(world.app(scope, socket.to_app.get, cast(Send, socket.from_app.put)))
    try:
        async with asyncio.timeout(SECONDS):
            accepted = await socket.from_app.get()
        assert accepted["type"] == "websocket.accept", accepted
        socket.subprotocol = accepted.get("subprotocol")
        yield socket
    finally:
        await socket.to_app.put({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(SECONDS):
            await task
