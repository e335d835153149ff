"""The application object: FastAPI, with the way of operations in front of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send


class Application(FastAPI):
    """FastAPI answers what the layer in front of it passes on.

    A layer of FastAPI's own list would still stand behind FastAPI's telemetry and Starlette's layer for faults.
    """

    def __init__(self, front: Callable[[ASGIApp], ASGIApp], **options: Any) -> None:
        super().__init__(**options)
        self._front = front(super().__call__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, websocket or lifespan."""
        scope["app"] = self
        await self._front(scope, receive, send)
