"""The connection of the port: opened at the first call, closed with the application, its faults in our words."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import structlog

from regiohub.auth.admin.faults import IdentityRefused, IdentityUnavailable
from regiohub.auth.keycloak import Realm, RealmRefused, RealmUnreachable, open_realm
from regiohub.auth.keycloak.organizations import ALL
from regiohub.settings import Settings

log = structlog.get_logger(__name__)


class Wire:
    """The realm as the port's parts use it: only inside of ``talk``."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._open = AsyncExitStack()
        self._realm: Realm | None = None

    @property
    def realm(self) -> Realm:
        """The realm, once somebody talks."""
        assert self._realm is not None
        return self._realm

    @asynccontextmanager
    async def talk(self) -> AsyncGenerator[None]:
        """One operation of the port. What Keycloak answers and nobody has handled becomes a fault of the port."""
        if self._realm is None:
            self._realm = await self._open.enter_async_context(open_realm(self.settings))
        try:
            yield
        except RealmUnreachable:
            raise IdentityUnavailable from None
        except RealmRefused as refused:
            log.warning("login_server_refused", status=refused.answered, reason=refused.reason[:200])
            if refused.answered in (400, 401, 403):
                raise IdentityRefused from None
            raise IdentityUnavailable from None

    async def list(self, path: str, **query: Any) -> list[dict[str, Any]]:
        """A list in full."""
        return await self.realm.get(path, max=ALL, **query)

    async def close(self) -> None:
        """Close the connection."""
        await self._open.aclose()
        self._realm = None
