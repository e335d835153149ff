"""Serves one contender on loopback: `python -m race.contenders NAME PORT`; settings come from the environment."""

from __future__ import annotations

import logging
import sys

import structlog
import uvicorn
import uvloop

from .names import FACTORIES


async def _serve(name: str, port: int) -> None:
    factory = FACTORIES.get(name)
    if factory is None:
        await _ours(port)
        return
    config = uvicorn.Config(
        factory(), host="127.0.0.1", port=port, log_config=None, access_log=False, server_header=False
    )
    await uvicorn.Server(config).serve()


async def _ours(port: int) -> None:
    """Our server exactly as `regiohub serve` runs it; plans and cache are settings."""
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform
    from regiohub.settings import Settings
    from regiohub.web.server import server_for

    settings = Settings(_env_file=None, port=port)  # pyright: ignore[reportCallIssue]
    configure_logging(settings)
    platform = Platform(settings)
    try:
        await platform.start()
        await server_for(platform).serve()
    finally:
        await platform.stop()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    uvloop.run(_serve(sys.argv[1], int(sys.argv[2])))
