"""Sign-in of one web application."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from starlette.requests import HTTPConnection

from regiohub.auth.identity import Identity

from .cookies import SESSION, value_of
from .session import ConsoleSession
from .store import Sessions

if TYPE_CHECKING:
    from regiohub.platform import Platform

_KNOWN: Final = "regiohub.session"
"""Key of the ASGI scope: what the cookie of this request opens, looked up once."""


class Login:
    """Who is signed in."""

    def __init__(self, platform: Platform, identity: Identity) -> None:
        self.sessions = Sessions(platform, identity.issuers)

    async def session(self, request: HTTPConnection) -> ConsoleSession | None:
        """The session of this request's browser; ``None``: nobody is signed in."""
        if _KNOWN not in request.scope:
            request.scope[_KNOWN] = await self._look_up(request)
        return cast("ConsoleSession | None", request.scope[_KNOWN])

    async def _look_up(self, request: HTTPConnection) -> ConsoleSession | None:
        cookie = value_of(request, SESSION)
        found = await self.sessions.find(cookie) if cookie else None
        if found is None:
            return None
        await self.sessions.touch(found.row)
        return found.session
