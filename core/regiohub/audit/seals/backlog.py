"""How much waits for its seal in the whole installation: for metrics and for the operator's look around."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.tenancy.models import TenantRow

from .models import AuditSeal
from .rows import NIL

if TYPE_CHECKING:
    from regiohub.platform import Platform

MOST_COUNTED: Final = 1000
"""Waiting entries of a town beyond this number are not counted: the scrape would take too long."""


@dataclass(frozen=True, slots=True)
class SealBacklog:
    """Waiting entries of all towns, the age of the oldest, and the time since the last seal (-1: there is none)."""

    entries: int = 0
    oldest_seconds: float = 0.0
    last_seconds: float = -1.0


async def seal_backlog(platform: Platform) -> SealBacklog:
    """What waits now; index look-ups for each town."""
    highest = sa.select(AuditSeal.high).where(AuditSeal.tenant_id == TenantRow.id, AuditSeal.high.is_not(None))
    highest = highest.order_by(AuditSeal.high.desc()).limit(1)
    bound = sa.func.coalesce(highest.scalar_subquery(), sa.literal(NIL, AuditEntry.id.type))
    newer = sa.select(AuditEntry.at).where(AuditEntry.tenant_id == TenantRow.id, AuditEntry.id > bound)
    waiting = newer.limit(MOST_COUNTED).correlate(TenantRow).subquery()
    count = sa.select(sa.func.count()).select_from(waiting).scalar_subquery()
    oldest = newer.order_by(AuditEntry.id).limit(1).scalar_subquery()
    last = sa.select(AuditSeal.sealed_at).where(AuditSeal.tenant_id == TenantRow.id)
    sealed = last.order_by(AuditSeal.number.desc()).limit(1).scalar_subquery()
    ids = [town.id for town in platform.tenants.all()]
    async with platform.database.read_across(ids, reason="audit: what waits for a seal") as session:
        rows = (await session.execute(sa.select(count, oldest, sealed).select_from(TenantRow))).all()
    return _summed([(row[0], row[1], row[2]) for row in rows], platform.clock.now())


def _summed(rows: list[tuple[int, datetime | None, datetime | None]], now: datetime) -> SealBacklog:
    oldest = [at for _, at, _ in rows if at is not None]
    last = [at for _, _, at in rows if at is not None]
    return SealBacklog(
        sum(count for count, _, _ in rows),
        max(0.0, (now - min(oldest)).total_seconds()) if oldest else 0.0,
        (now - max(last)).total_seconds() if last else -1.0,
    )
