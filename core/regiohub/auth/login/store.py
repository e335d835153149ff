"""Sessions in the database: every process sees the same ones, and an ended one is gone for all of them at once."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, cast
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import CursorResult

from regiohub.auth.claims import Claims
from regiohub.auth.registry import IssuerRegistry, TrustedIssuer
from regiohub.db.base import uuid7

from .content import Content, Tokens, opened, sealed
from .device import device_of
from .models import SessionRow
from .seal import Seal, derived, mark_of
from .session import ConsoleSession, OpenedSession

if TYPE_CHECKING:
    from regiohub.platform import Platform

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly a session's last use is kept: a page view must not cost a write each time."""
PURPOSE: Final = "console-session"
"""Of the key that seals what a session keeps."""


@dataclass(frozen=True, slots=True)
class Found:
    """A row with its content opened."""

    row: SessionRow
    content: Content
    session: ConsoleSession


class Sessions:
    """Opens, finds, lists and ends sessions."""

    def __init__(self, platform: Platform, issuers: IssuerRegistry) -> None:
        settings = platform.settings
        self._database = platform.database
        self._now = platform.clock.now
        self._issuers = issuers
        self._dev_counts = not settings.is_production
        self._idle = timedelta(minutes=settings.session_idle_minutes)
        self._longest = timedelta(hours=settings.session_hours)
        self._check = timedelta(seconds=settings.session_check_seconds)
        self._seal = Seal(settings.key, PURPOSE)
        self._csrf_key = derived(settings.key, f"{PURPOSE}:csrf")

    async def open(
        self, *, claims: Claims, issuer: TrustedIssuer, tokens: Tokens | None = None, sid: str | None = None,
        user_agent: str = "",
    ) -> OpenedSession:  # fmt: skip
        """A new session for validated claims. Without a refresh token it ends with the claims."""
        cookie = secrets.token_urlsafe(32)
        now, mark = self._now(), mark_of(cookie)
        renewable = tokens is not None and tokens.refresh_token is not None
        row = SessionRow(
            id=uuid7(),
            mark=mark,
            issuer=issuer.issuer,
            subject=claims.subject,
            sid=sid,
            sealed=sealed(self._seal, Content(claims, tokens), mark),
            device=device_of(user_agent),
            created_at=now,
            seen_at=now,
            expires_at=now + self._longest if renewable else min(now + self._longest, claims.expires_at),
            renew_at=self._renewal_after(claims) if renewable else None,
            leased_until=None,
            version=0,
        )
        async with self._database.platform(write=True) as session, session.begin():
            session.add(row)
        return OpenedSession(self._shown(row, claims, issuer, cookie), cookie)

    async def find(self, cookie: str) -> Found | None:
        """The session that a cookie opens; ``None`` if it has ended or its issuer no longer counts."""
        mark = mark_of(cookie)
        async with self._database.platform() as session:
            row = await session.scalar(sa.select(SessionRow).where(SessionRow.mark == mark))
        now = self._now()
        if row is None or row.expires_at <= now or row.seen_at + self._idle <= now:
            return None
        issuer = self._issuers.find(row.issuer)
        content = self.content_of(row)
        if issuer is None or content is None or (issuer.is_dev and not self._dev_counts):
            return None
        return Found(row, content, self._shown(row, content.claims, issuer, cookie))

    def content_of(self, row: SessionRow) -> Content | None:
        """What a row keeps sealed; ``None`` if it cannot be read: the platform's key has changed since."""
        return opened(self._seal, row.sealed, row.mark)

    async def touch(self, row: SessionRow) -> None:
        """Notes that the session is in use, at most once a minute."""
        now = self._now()
        if now - row.seen_at >= SEEN_EVERY:
            await self._change(sa.update(SessionRow).where(SessionRow.id == row.id).values(seen_at=now))

    async def of_person(self, issuer: str, subject: str) -> Sequence[SessionRow]:
        """A person's sessions that have not ended, the last used first."""
        now = self._now()
        alive = (SessionRow.expires_at > now, SessionRow.seen_at > now - self._idle)
        mine = sa.select(SessionRow).where(SessionRow.issuer == issuer, SessionRow.subject == subject, *alive)
        async with self._database.platform() as session:
            return (await session.scalars(mine.order_by(SessionRow.seen_at.desc(), SessionRow.id))).all()

    async def end(self, id: UUID) -> bool:
        """Ends a session. Whether there was one."""
        return bool(await self._change(sa.delete(SessionRow).where(SessionRow.id == id)))

    async def end_cookie(self, cookie: str) -> bool:
        """Ends the session that a cookie opens, whatever state it is in."""
        return bool(await self._change(sa.delete(SessionRow).where(SessionRow.mark == mark_of(cookie))))

    async def lease(self, row: SessionRow, length: timedelta) -> bool:
        """Takes the right to renew a session's tokens; of all who ask for the same version, one gets it."""
        now = self._now()
        free = sa.or_(SessionRow.leased_until.is_(None), SessionRow.leased_until <= now)
        mine = sa.update(SessionRow).where(SessionRow.id == row.id, SessionRow.version == row.version, free)
        return bool(await self._change(mine.values(leased_until=now + length)))

    async def renewed(self, row: SessionRow, claims: Claims, tokens: Tokens) -> None:
        """Keeps a new set of tokens and gives the lease back."""
        values = {
            "sealed": sealed(self._seal, Content(claims, tokens), row.mark),
            "renew_at": self._renewal_after(claims),
            "leased_until": None,
            "version": row.version + 1,
        }
        same = (SessionRow.id == row.id, SessionRow.version == row.version)
        await self._change(sa.update(SessionRow).where(*same).values(values))

    async def postpone(self, row: SessionRow, pause: timedelta) -> None:
        """The issuer does not answer: ask again after a pause. The claims stay as they are."""
        values = {"renew_at": self._now() + pause, "leased_until": None}
        same = (SessionRow.id == row.id, SessionRow.version == row.version)
        await self._change(sa.update(SessionRow).where(*same).values(values))

    def _renewal_after(self, claims: Claims) -> datetime:
        """Some time before the token ends, and never later than a withdrawn right may go on counting."""
        now = self._now()
        return now + min(self._check, (claims.expires_at - now) * 0.8)

    def _shown(self, row: SessionRow, claims: Claims, issuer: TrustedIssuer, cookie: str) -> ConsoleSession:
        csrf = hmac.new(self._csrf_key, cookie.encode(errors="surrogatepass"), sha256).hexdigest()
        return ConsoleSession(row.id, claims, issuer, csrf, row.created_at, row.expires_at, row.sid)

    async def _change(self, statement: Any) -> int:
        async with self._database.platform(write=True) as session, session.begin():
            done = cast("CursorResult[Any]", await session.execute(statement, execution_options=_NO_SYNC))
            return max(done.rowcount, 0)


_NO_SYNC: Final = {"synchronize_session": False}
