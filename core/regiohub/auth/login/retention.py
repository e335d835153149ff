"""Forgetting what has ended: a list of old sessions would say who worked when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from sqlalchemy import CursorResult

from .models import LogoutTokenRow, SessionRow

if TYPE_CHECKING:
    from regiohub.platform import Platform


async def forget_sessions(platform: Platform) -> int:
    """Delete sessions that have ended by time and logout messages that are too old to count. Returns how many."""
    now = platform.clock.now()
    idle = timedelta(minutes=platform.settings.session_idle_minutes)
    ended = sa.or_(SessionRow.expires_at <= now, SessionRow.seen_at <= now - idle)
    forgotten = 0
    async with platform.database.platform(write=True) as session, session.begin():
        for statement in (
            sa.delete(SessionRow).where(ended),
            sa.delete(LogoutTokenRow).where(LogoutTokenRow.expires_at <= now),
        ):
            done = await session.execute(statement, execution_options={"synchronize_session": False})
            forgotten += max(cast("CursorResult[Any]", done).rowcount, 0)
    return forgotten
