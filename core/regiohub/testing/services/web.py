"""An application behind a real socket: what a browser or a WebSocket client in a test talks to."""

import asyncio
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
from starlette.types import ASGIApp

from regiohub.testing.services.processes import free_port


class _Server(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Leave Ctrl-C to the test run."""
        yield


@asynccontextmanager
async def served(app: ASGIApp, port: int | None = None) -> AsyncGenerator[str]:
    """Serve ``app`` in this event loop and yield its address, such as ``http://127.0.0.1:4711``.

    ``port`` is for applications that have to know their own address before they start.
    The application's own start and end are not run: a test world has seen to that.
    """
    port = port or free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1
    )
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:
            if serving.done():
                await serving
                raise RuntimeError("the server ended before it served")
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving
