"""Things that live as long as the application object: pools, batchers, clients; never module globals."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog

R = TypeVar("R")
log = structlog.get_logger()


class Resources:
    """Made on first use, shared by all requests and jobs of this process, closed when the application stops."""

    def __init__(self) -> None:
        self._open: dict[str, tuple[Any, Callable[[Any], Awaitable[None]]]] = {}

    def get(self, name: str, make: Callable[[], R], close: Callable[[R], Awaitable[None]]) -> R:
        """The resource called `name` ("<plugin>.<what>"); `make` is called once, `close` when the application stops."""
        known = self._open.get(name)
        if known is None:
            known = self._open[name] = (make(), close)
        return known[0]

    async def aclose(self) -> None:
        """Close everything, the youngest first. One that fails to close is logged and holds up none of the others."""
        while self._open:
            name, (resource, close) = self._open.popitem()
            try:
                await close(resource)
            except Exception as error:
                log.exception("resource did not close", resource=name, error=type(error).__name__)
