"""Finding due entries over all towns, claiming them for one worker, recording how it went."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.events.keeping import LEASE
from regiohub.events.models import EntryState, OutboxEntry

from .outcome import Outcome

if TYPE_CHECKING:
    from regiohub.db.database import Database

BATCH = 10
"""Entries that a worker claims at once: few, so that the last one begins well before its lease ends."""


async def towns_with_due_entries(database: Database, tenant_ids: Sequence[int], now: datetime) -> list[int]:
    """Ids of the towns that have due entries, the longest waiting first; one statement for all towns."""
    due = (
        sa.select(OutboxEntry.tenant_id)
        .where(OutboxEntry.state == EntryState.PENDING, OutboxEntry.due_at <= now)
        .group_by(OutboxEntry.tenant_id)
        .order_by(sa.func.min(OutboxEntry.due_at))
    )
    async with database.read_across(tenant_ids, reason="outbox: due entries") as session:
        return list(await session.scalars(due))


async def claim(database: Database, tenant_id: int, now: datetime) -> list[OutboxEntry]:
    """Claim up to ``BATCH`` due entries of a town, the oldest first, and count the attempt.

    The attempt is counted before it is made, so that an entry that kills its worker comes to an end, too.
    """
    due = (
        sa.select(OutboxEntry.id)
        .where(OutboxEntry.state == EntryState.PENDING, OutboxEntry.due_at <= now)
        .order_by(OutboxEntry.due_at, OutboxEntry.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    async with database.write(tenant_id) as session, session.begin():
        ids = list(await session.scalars(due))
        if not ids:
            return []
        claimed = (
            sa.update(OutboxEntry)
            .where(OutboxEntry.id.in_(ids))
            .values(due_at=now + LEASE, attempts=OutboxEntry.attempts + 1)
            .returning(OutboxEntry)
            .execution_options(synchronize_session=False)
        )
        return sorted(await session.scalars(claimed), key=lambda entry: entry.id)


async def renew(database: Database, tenant_id: int, entry: OutboxEntry, now: datetime) -> bool:
    """Claim an entry for one more lease; False when another worker has claimed it meanwhile."""
    renewed = (
        sa.update(OutboxEntry)
        .where(
            OutboxEntry.id == entry.id,
            OutboxEntry.state == EntryState.PENDING,
            OutboxEntry.attempts == entry.attempts,
        )
        .values(due_at=now + LEASE)
        .returning(OutboxEntry.id)
        .execution_options(synchronize_session=False)
    )
    async with database.write(tenant_id) as session, session.begin():
        return (await session.scalars(renewed)).one_or_none() is not None


async def record(database: Database, tenant_id: int, outcomes: Sequence[Outcome]) -> None:
    """Write down how a town's entries went; entries that another worker has claimed meanwhile are left alone."""
    if not outcomes:
        return
    async with database.write(tenant_id) as session, session.begin():
        for outcome in outcomes:
            await session.execute(
                sa.update(OutboxEntry)
                .where(
                    OutboxEntry.id == outcome.entry_id,
                    OutboxEntry.state == EntryState.PENDING,
                    OutboxEntry.attempts == outcome.attempts,
                )
                .values(**outcome.values)
                .execution_options(synchronize_session=False)
            )
