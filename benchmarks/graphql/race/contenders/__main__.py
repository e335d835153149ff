"""Serves one contender on loopback: `python -m race.contenders NAME PORT`; settings come from the environment."""

from __future__ import annotations

import asyncio
import cProfile
import logging
import os
import signal
import sys
import time
from pathlib import Path

import structlog
import uvicorn
import uvloop

from .names import FACTORIES


async def _serve(name: str, port: int) -> None:
    _profile_on_demand(Path(os.environ["REGIOHUB_DATA_DIR"]) / "profile")
    factory = FACTORIES.get(name)
    if factory is None:
        await _ours(port, with_functions=name == "resolvers")
        return
    config = uvicorn.Config(
        factory(), host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False,
        proxy_headers=False,
    )  # fmt: skip
    await uvicorn.Server(config).serve()


async def _ours(port: int, *, with_functions: bool) -> None:
    """Our server exactly as `regiohub serve` runs it; plans and cache are settings, the race's plugin is one more."""
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform
    from regiohub.plugins.loading import installed
    from regiohub.settings import Settings
    from regiohub.web.server import server_for

    settings = Settings(_env_file=None, port=port)  # pyright: ignore[reportCallIssue]
    configure_logging(settings)
    entries = None
    if with_functions:
        from .resolvers import ENTRY

        entries = [*installed(), ENTRY]
    platform = Platform(settings, entries=entries)
    try:
        await platform.start()
        await server_for(platform).serve()
    finally:
        await platform.stop()


def _profile_on_demand(file: Path) -> None:
    """SIGUSR1 begins a profile, SIGUSR2 writes it: start and warm-up stay out of it."""
    # CPU time, not the clock: what other processes take is not ours.
    profile = cProfile.Profile(time.thread_time)

    def write() -> None:
        profile.disable()
        profile.dump_stats(file.with_suffix(".part"))
        file.with_suffix(".part").rename(file)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, profile.enable)
    loop.add_signal_handler(signal.SIGUSR2, write)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    uvloop.run(_serve(sys.argv[1], int(sys.argv[2])))
