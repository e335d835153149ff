"""Live pages never end: of them only the beginning is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from regiohub.testing.console import ORIGIN
from regiohub.testing.world import World

_LIVE = b"text/event-stream"


class BeginningOnly(httpx.AsyncBaseTransport):
    """Calls the application itself, and leaves a live page as soon as it has begun, without its content."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request."""
        begun: asyncio.Future[httpx.Response] = asyncio.get_running_loop().create_future()

        async def watched(scope: Any, receive: Any, send: Any) -> None:
            async def noted(message: Any) -> None:
                headers = message.get("headers", ()) if message["type"] == "http.response.start" else ()
                if any(name.lower() == b"content-type" and value.startswith(_LIVE) for name, value in headers):
                    begun.set_result(httpx.Response(message["status"], headers=list(headers)))
                await send(message)

            await self._app(scope, receive, noted)

        whole = asyncio.ensure_future(httpx.ASGITransport(app=watched).handle_async_request(request))
        await asyncio.wait({whole, begun}, return_when=asyncio.FIRST_COMPLETED)
        if whole.done():
            return whole.result()
        whole.cancel()
        await asyncio.gather(whole, return_exceptions=True)
        return begun.result()


@asynccontextmanager
async def beginnings(world: World) -> AsyncGenerator[None]:
    """Whoever asks the world meanwhile gets of live pages the beginning only."""
    usual = world.client
    async with httpx.AsyncClient(transport=BeginningOnly(world.app), base_url=ORIGIN) as client:
        world.client = client
        try:
            yield
        finally:
            world.client = usual
