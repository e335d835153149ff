"""``regiohub serve``: the platform, ready to answer."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import require_migrated, settings_with
from .steps import load_demo, load_towns, migrate
from .welcome import welcome

if TYPE_CHECKING:
    import uvicorn

    from regiohub.platform import Platform
    from regiohub.settings import Settings

LIVE_SECONDS = 2.0


def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the towns and demo content, and keep demo data coming.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: REGIOHUB_HOST.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port; default: REGIOHUB_PORT.")] = None,
) -> None:
    """Serve pages and APIs until Ctrl-C or SIGTERM.

    On the embedded database it migrates and reads the towns' files first, and runs the worker, too. On PostgreSQL run
    `regiohub db upgrade`, `regiohub tenant add` and `regiohub worker` yourself.
    """
    settings = settings_with(host=host, port=port)
    if demo and settings.log_format == "auto":
        # Somebody is watching, even if it is through a pipe.
        settings = settings.model_copy(update={"log_format": "console"})
    _require_free(settings)
    runner = asyncio.Runner(loop_factory=_loop_factory())
    with runner, contextlib.suppress(KeyboardInterrupt):
        runner.run(_serve(settings, demo=demo))


async def _serve(settings: Settings, *, demo: bool) -> None:
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform
    from regiohub.web.server import server_for

    configure_logging(settings)
    platform = Platform(settings)
    try:
        if settings.is_sqlite or demo:
            await migrate(platform)
            await platform.tenants.refresh()
            await load_towns(platform)
        else:
            await require_migrated(platform)
        if demo:
            await load_demo(platform)
        await _until_stopped(platform, server_for(platform), demo=demo)
    finally:
        await platform.stop()


async def _until_stopped(platform: Platform, server: uvicorn.Server, *, demo: bool) -> None:
    serving = asyncio.create_task(server.serve())
    beside = asyncio.create_task(_beside(platform, server, demo=demo))
    try:
        await serving
    finally:
        beside.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beside
    if not server.started:
        raise Problem("The server did not start; the log says why.", code=CONFIGURATION)


async def _beside(platform: Platform, server: uvicorn.Server, *, demo: bool) -> None:
    """Say where to go once the server answers, then keep the live demo running."""
    while not server.started:  # noqa: ASYNC110 - the server has no event to wait for
        await asyncio.sleep(0.02)
    await welcome(platform, demo=demo)
    if not demo:
        return
    from regiohub.demo import live_supervisor

    supervisor = live_supervisor(platform)
    try:
        while True:
            await supervisor.reconcile(leads=True)
            await asyncio.sleep(LIVE_SECONDS)
    finally:
        await supervisor.stop()


def _require_free(settings: Settings) -> None:
    """Find out before anything is migrated or loaded that somebody else has the port."""
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
