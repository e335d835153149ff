"""Serving the application with uvicorn."""

import uvicorn

from regiohub.platform import Platform

from .app import create_app


def server_for(platform: Platform) -> uvicorn.Server:
    """A server with our logs instead of uvicorn's, real client addresses behind trusted proxies, and a clean end.

    Running requests get the time that the settings name.
    """
    settings = platform.settings
    config = uvicorn.Config(
        create_app(platform),
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies),
        timeout_graceful_shutdown=max(1, round(settings.shutdown_timeout)),
    )
    return uvicorn.Server(config)
