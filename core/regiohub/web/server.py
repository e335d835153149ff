"""Serving the application with uvicorn."""

import socket
from collections.abc import Callable, Sequence

import uvicorn

from regiohub.platform import Platform

from .app import create_app
from .lifespan import Beside


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None] | None) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As always; then says that connections are accepted."""
        await super().startup(sockets)
        if self.started and self._on_ready is not None:
            self._on_ready()


def server_for(
    platform: Platform, *, beside: Sequence[Beside] = (), on_ready: Callable[[], None] | None = None
) -> uvicorn.Server:
    """A server with our logs instead of uvicorn's, real client addresses behind trusted proxies, and a clean end.

    ``beside`` runs as long as the server does; ``on_ready`` is called once connections are accepted.
    """
    settings = platform.settings
    config = uvicorn.Config(
        create_app(platform, beside=beside),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=max(1, round(settings.shutdown_timeout)),
    )
    return _Server(config, on_ready)


def run_server(platform: Platform, beside: Sequence[Beside] = (), on_ready: Callable[[], None] | None = None) -> None:
    """Serves until Ctrl-C or SIGTERM; running requests get the time that the settings name."""
    server_for(platform, beside=beside, on_ready=on_ready).run()
