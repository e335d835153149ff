"""What commands that serve have in common: a free port, a fast loop, a greeting, live demo data, a clean end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any

from .exits import CONFIGURATION, Problem

if TYPE_CHECKING:
    import uvicorn

    from regiohub.platform import Platform
    from regiohub.settings import Settings

LIVE_SECONDS = 2.0


def run_until_stopped(main: Coroutine[Any, Any, None]) -> None:
    """Run a serving coroutine on the fastest loop there is; Ctrl-C ends it quietly."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner, contextlib.suppress(KeyboardInterrupt):
        runner.run(main)


async def serve_until_stopped(
    platform: Platform, server: uvicorn.Server, greet: Callable[[], Awaitable[None]], *, live: bool
) -> None:
    """Serve; `greet` is called once the server answers, with `live` the demo goes on producing data.

    :raises Problem: the server did not start.
    """
    serving = asyncio.create_task(server.serve())
    beside = asyncio.create_task(_beside(platform, server, greet, live=live))
    try:
        await serving
    finally:
        beside.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beside
    if not server.started:
        raise Problem("The server did not start; the log says why.", code=CONFIGURATION)


async def _beside(
    platform: Platform, server: uvicorn.Server, greet: Callable[[], Awaitable[None]], *, live: bool
) -> None:
    """Say where to go once the server answers, then keep the live demo running."""
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.02)
    await greet()
    if not live:
        return
    from regiohub.demo import live_supervisor

    supervisor = live_supervisor(platform)
    try:
        while True:
            await supervisor.reconcile(leads=True)
            await asyncio.sleep(LIVE_SECONDS)
    finally:
        await supervisor.stop()


def require_free(settings: Settings) -> None:
    """Find out before anything is migrated or loaded that somebody else has the port.

    :raises Problem: the port is taken, or the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the server does it: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise Problem(
                    f"Port {settings.port} on {settings.host} is in use; perhaps Regio.hub runs there already: "
                    f"{settings.base_url}",
                    "Stop it with Ctrl-C, or choose another port: REGIOHUB_PORT=8001 or --port 8001",
                    code=CONFIGURATION,
                ) from None
            raise Problem(
                f"Cannot listen on {settings.host}, port {settings.port}: {error.strerror}.",
                "Choose another address or port: REGIOHUB_HOST, REGIOHUB_PORT",
                code=CONFIGURATION,
            ) from None


def _loop_factory() -> type[asyncio.AbstractEventLoop] | None:
    """uvloop where it exists."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.Loop
