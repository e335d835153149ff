"""Outbox and jobs of all towns: what was given up, what fails, what runs when; tried again by an operator."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import REGION_OPERATION, REGION_READ
from regiohub.auth.principal import Principal
from regiohub.events import dead_letters, job_control
from regiohub.events.models import EntryState, JobState, OutboxEntry
from regiohub.platform import Platform
from regiohub.tenancy.info import TenantInfo

from .rights import require


def unfinished(person: Principal) -> sa.Select[OutboxEntry]:
    """Entries of the outbox that are not done, without order. What they carry is the town's and stays unread."""
    require(person, REGION_READ)
    return sa.select(OutboxEntry).where(OutboxEntry.state != EntryState.DONE)


def jobs(person: Principal) -> sa.Select[JobState]:
    """The scheduled jobs, without order."""
    require(person, REGION_READ)
    return sa.select(JobState)


async def retry(platform: Platform, town: TenantInfo, person: Principal, ids: Sequence[UUID] | None = None) -> int:
    """Make entries that were given up due again. Audited in the town. Returns their number."""
    require(person, REGION_OPERATION)
    return await platform.scope(town, principal=person).run(lambda ctx: dead_letters.retry(ctx, ids))


async def drop(platform: Platform, town: TenantInfo, person: Principal, ids: Sequence[UUID] | None = None) -> int:
    """Close entries that were given up, unfinished. Audited in the town. Returns their number."""
    require(person, REGION_OPERATION)
    return await platform.scope(town, principal=person).run(lambda ctx: dead_letters.drop(ctx, ids))


async def run_now(platform: Platform, town: TenantInfo, person: Principal, name: str) -> None:
    """Make a scheduled job due at once; a run under way goes on. Audited in the town. Raises ``NotFound``."""
    require(person, REGION_OPERATION)
    await platform.scope(town, principal=person).run(lambda ctx: job_control.run_now(ctx, name))
