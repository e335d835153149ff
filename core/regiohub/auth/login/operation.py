"""Sessions as operators see them: who may have to be signed out at once, without names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
import structlog
from sqlalchemy import CursorResult

from .models import SessionRow

if TYPE_CHECKING:
    from regiohub.platform import Platform

log = structlog.get_logger(__name__)


async def list_sessions(platform: Platform, subject: str | None = None) -> Sequence[SessionRow]:
    """Sessions that have not been deleted yet, the last used first; of one person, or of all."""
    wanted = sa.select(SessionRow).order_by(SessionRow.seen_at.desc(), SessionRow.id)
    if subject is not None:
        wanted = wanted.where(SessionRow.subject == subject)
    async with platform.database.platform() as session:
        return (await session.scalars(wanted)).all()


async def end_sessions(platform: Platform, subject: str | None) -> int:
    """Ends the sessions of a person, or with ``None`` of everybody. Counts at once in all processes."""
    gone = sa.delete(SessionRow).execution_options(synchronize_session=False)
    if subject is not None:
        gone = gone.where(SessionRow.subject == subject)
    async with platform.database.platform(write=True) as session, session.begin():
        ended = max(cast("CursorResult[Any]", await session.execute(gone)).rowcount, 0)
    log.warning("sessions_ended_by_operator", everybody=subject is None, sessions=ended)
    return ended
