"""Forgetting finished work: the outbox is no archive."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from .models import EntryState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.platform import Platform

KEPT = timedelta(days=7)
"""How long finished entries stay, and with them the keys of tasks."""


async def forget_finished(platform: Platform) -> int:
    """Delete finished entries past their time, with their marks. Returns the number of entries."""
    limit = platform.clock.now() - KEPT
    old = (OutboxEntry.state == EntryState.DONE, OutboxEntry.finished_at < limit)
    ids = [tenant.id for tenant in platform.tenants.all()]
    async with platform.database.read_across(ids, reason="outbox: finished entries") as session:
        towns = list(await session.scalars(sa.select(OutboxEntry.tenant_id).where(*old).distinct()))
    forgotten = 0
    for tenant_id in towns:
        async with platform.database.write(tenant_id) as session, session.begin():
            gone = await session.scalars(sa.delete(OutboxEntry).where(*old).returning(OutboxEntry.id))
            forgotten += len(gone.all())
    return forgotten
