"""A person's own sessions: seen by nobody else, ended one by one or together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regiohub.errors import NotFound
from regiohub.texts import t

from .models import SessionRow
from .provider import Provider
from .session import ConsoleSession
from .store import Sessions


@dataclass(frozen=True, slots=True)
class OwnSession:
    """One of the person's sessions; ``is_this``: the one that asks."""

    id: UUID
    device: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class OwnSessions:
    """What a signed-in person may see and end. Ending one also ends it at the issuer, as far as that can be done.

    Otherwise the other browser would be signed in again at its next click, without a question.
    """

    def __init__(self, sessions: Sessions, providers: Mapping[str, Provider]) -> None:
        self._sessions = sessions
        self._providers = providers

    async def list(self, session: ConsoleSession) -> Sequence[OwnSession]:
        """The person's sessions, the last used first."""
        return [_shown(row, session) for row in await self._rows(session)]

    async def find(self, session: ConsoleSession, id: UUID) -> OwnSession:
        """One of them. Raises ``NotFound``, also for a session of somebody else."""
        for row in await self._rows(session):
            if row.id == id:
                return _shown(row, session)
        raise NotFound(t("Diese Anmeldung gibt es nicht mehr.", "This sign-in is gone already."))

    async def end(self, session: ConsoleSession, id: UUID) -> None:
        """Ends one. Raises ``NotFound`` for one that is gone or belongs to somebody else."""
        await self.find(session, id)
        await self._end([row for row in await self._rows(session) if row.id == id])

    async def end_others(self, session: ConsoleSession) -> int:
        """Ends all but the one that asks. Returns how many."""
        return await self._end([row for row in await self._rows(session) if row.id != session.id])

    async def _rows(self, session: ConsoleSession) -> Sequence[SessionRow]:
        return await self._sessions.of_person(session.issuer.issuer, session.claims.subject)

    async def _end(self, rows: Sequence[SessionRow]) -> int:
        ended = 0
        async with asyncio.TaskGroup() as group:
            for row in rows:
                content = self._sessions.content_of(row)
                # Here first: that is what counts, and it does not depend on anybody else.
                ended += await self._sessions.end(row.id)
                provider = self._providers.get(row.issuer)
                tokens = content.tokens if content else None
                if provider is not None and tokens is not None and tokens.refresh_token is not None:
                    group.create_task(provider.end(tokens.refresh_token))
        return ended


def _shown(row: SessionRow, session: ConsoleSession) -> OwnSession:
    return OwnSession(row.id, row.device, row.created_at, row.seen_at, row.expires_at, row.id == session.id)
