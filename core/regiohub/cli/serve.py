"""``regiohub serve``: the platform, ready to answer."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Annotated

import typer

from .opening import require_migrated, settings_with
from .serving import require_free, run_until_stopped, serve_until_stopped
from .steps import load_demo, load_towns, migrate
from .welcome import welcome

if TYPE_CHECKING:
    from regiohub.settings import Settings


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
    require_free(settings)
    run_until_stopped(_serve(settings, demo=demo))


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
        await serve_until_stopped(
            platform, server_for(platform), functools.partial(welcome, platform, demo=demo), live=demo
        )
    finally:
        await platform.stop()
