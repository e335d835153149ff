"""``regiohub worker``: outbox, jobs and background tasks in a process of their own."""

from __future__ import annotations

import asyncio
import signal

import typer

from .opening import require_migrated, settings_with
from .plugins import examine_parts


def worker() -> None:
    """Deliver events and mails, run jobs and background tasks of all towns until Ctrl-C or SIGTERM.

    Any number of workers may run. `regiohub serve` on the embedded database has one inside.
    """
    asyncio.run(_work())


async def _work() -> None:
    from regiohub.events.worker import Worker
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    settings = settings_with()
    configure_logging(settings)
    platform = Platform(settings)
    try:
        # As the server does: a plugin in quarantine there does no work here.
        examine_parts(platform)
        await require_migrated(platform)
        await platform.start()
        running = Worker(platform)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, running.stop)
        typer.echo("The worker runs. Ctrl-C ends it after what is under way.", err=True)
        await running.run()
    finally:
        await platform.stop()
