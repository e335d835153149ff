"""What the worker gave up: seen over all towns, tried again or dropped by an operator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from regiohub.audit import record

from .models import EntryKind, EntryState, JobState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An entry that was given up."""

    town: str
    id: UUID
    kind: EntryKind
    name: str
    attempts: int
    created_at: datetime
    error: str | None


@dataclass(frozen=True, slots=True)
class FailingJob:
    """A scheduled job whose last runs failed."""

    town: str
    name: str
    failures: int
    next_at: datetime
    error: str | None


async def dead_letters(platform: Platform) -> Sequence[DeadLetter]:
    """Dead letters of all towns, the newest first, at most 200."""
    towns = {tenant.id: tenant.slug for tenant in platform.tenants.all()}
    dead = sa.select(OutboxEntry).where(OutboxEntry.state == EntryState.DEAD).order_by(OutboxEntry.id.desc())
    async with platform.database.read_across(list(towns), reason="dead letters") as session:
        rows = (await session.scalars(dead.limit(MOST_SHOWN))).all()
    return [
        DeadLetter(towns[row.tenant_id], row.id, row.kind, row.name, row.attempts, row.created_at, row.error)
        for row in rows
    ]


async def failing_jobs(platform: Platform) -> Sequence[FailingJob]:
    """Scheduled jobs of all towns whose last run failed."""
    towns = {tenant.id: tenant.slug for tenant in platform.tenants.all()}
    failing = sa.select(JobState).where(JobState.failures > 0).order_by(JobState.failures.desc(), JobState.name)
    async with platform.database.read_across(list(towns), reason="failing jobs") as session:
        rows = (await session.scalars(failing.limit(MOST_SHOWN))).all()
    return [FailingJob(towns[row.tenant_id], row.name, row.failures, row.next_at, row.error) for row in rows]


async def entry_counts(platform: Platform) -> dict[EntryState, int]:
    """How many unfinished entries all towns have together, by state."""
    ids = [tenant.id for tenant in platform.tenants.all()]
    counted = (
        sa.select(OutboxEntry.state, sa.func.count())
        .where(OutboxEntry.state != EntryState.DONE)
        .group_by(OutboxEntry.state)
    )
    async with platform.database.read_across(ids, reason="outbox: counts") as session:
        return {state: count for state, count in await session.execute(counted)}  # noqa: C416 - typed rows


async def retry(ctx: Ctx, ids: Sequence[UUID] | None = None) -> int:
    """Make a town's dead letters due again, all of them or those named. Audited. Returns their number."""
    return await _settle(ctx, ids, EntryState.PENDING, "tenant.outbox_retried")


async def drop(ctx: Ctx, ids: Sequence[UUID] | None = None) -> int:
    """Close a town's dead letters unfinished, all of them or those named. Audited. Returns their number."""
    return await _settle(ctx, ids, EntryState.DONE, "tenant.outbox_dropped")


async def _settle(ctx: Ctx, ids: Sequence[UUID] | None, state: EntryState, action: str) -> int:
    again = state is EntryState.PENDING
    values = {"state": state, "attempts": 0, "due_at": ctx.now(), "finished_at": None if again else ctx.now()}
    chosen = sa.update(OutboxEntry).where(OutboxEntry.state == EntryState.DEAD)
    if ids is not None:
        chosen = chosen.where(OutboxEntry.id.in_(ids))
    settled = await ctx.session.scalars(
        chosen.values(**values).returning(OutboxEntry.id).execution_options(synchronize_session=False)
    )
    found = list(settled)
    if found:
        named = [str(id_) for id_ in found[:20]]
        await record(ctx, action, kind="outbox", after={"count": len(found), "entries": named})
        ctx.after_commit(ctx.platform.live.wake)
    return len(found)
