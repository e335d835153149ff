"""Calls from the application to itself: the built-in issuer is asked like any other, without a socket."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.types import ASGIApp

if TYPE_CHECKING:
    import httpx


def inside(app: ASGIApp) -> httpx.AsyncBaseTransport:
    """A transport whose requests this application answers."""
    import httpx

    return httpx.ASGITransport(app=app)
