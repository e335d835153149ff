"""The worker's part: seal what came in, keep the head, and check each town's log once a day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import sqlalchemy as sa
import structlog

from regiohub.audit.models import AuditEntry
from regiohub.db.base import uuid7
from regiohub.events.parts import Job
from regiohub.tenancy.models import TenantRow

from .heads import keep_head, newest_head
from .models import AuditSeal
from .rows import NIL
from .sealer import QUIET, seal_town
from .service import verify

if TYPE_CHECKING:
    from regiohub.tenancy.context import TenantScope

log = structlog.get_logger(__name__)

_RECENT: Final = timedelta(minutes=3)
"""So long after an entry a transaction that began before it may still bring an earlier one."""


class BrokenLog(Exception):
    """The daily check found something; the job that says so stays failed until it is mended."""


def unsealed_towns(now: datetime) -> sa.Select[int]:
    """Towns with entries above the highest sealed one, with seals of the last minutes, or without any for a day."""
    highest = sa.select(AuditSeal.high).where(AuditSeal.tenant_id == TenantRow.id, AuditSeal.high.is_not(None))
    highest = highest.order_by(AuditSeal.high.desc()).limit(1)
    last = sa.select(AuditSeal.sealed_at).where(AuditSeal.tenant_id == TenantRow.id)
    last = last.order_by(AuditSeal.number.desc()).limit(1)
    recent = UUID(int=(uuid7().int >> 80) - int(_RECENT.total_seconds() * 1000) << 80)
    newer = AuditEntry.id > sa.func.coalesce(highest.scalar_subquery(), sa.literal(NIL, AuditEntry.id.type))
    return sa.select(TenantRow.id).where(
        sa.or_(
            sa.exists().where(AuditEntry.tenant_id == TenantRow.id, newer),
            sa.exists().where(AuditSeal.tenant_id == TenantRow.id, AuditSeal.high >= recent),
            last.scalar_subquery() <= now - QUIET,
        )
    )


async def _seal(scope: TenantScope) -> None:
    platform, town = scope.platform, scope.tenant
    done = await seal_town(platform, town)
    if done.held_back:
        log.warning("audit_entries_held_back", tenant=town.slug, entries=done.held_back)
    if not done.seals:
        return
    async with platform.database.read(town.id) as session:
        if not await keep_head(session, platform, town.slug):
            raise BrokenLog(f"the audit log of {town.slug} does not continue the head that was kept")
        head = await newest_head(session, platform)
    if head is not None:
        # The line is a head, too: where logs are collected elsewhere, it proves what was there.
        facts: dict[str, Any] = {"entries": head.entries, "number": head.number, "chain": head.chain.hex()}
        log.info("audit_sealed", tenant=town.slug, key=head.key, **facts)


async def _check(scope: TenantScope) -> None:
    async with scope.read() as ctx:
        report = await verify(ctx)
    fault = report.first_fault
    if fault is not None:
        raise BrokenLog(f"the audit log of {report.town} is broken: {fault.words.en} ({fault.where.en})")


SEAL_JOB = Job("core.audit_seal", timedelta(minutes=1), _seal, work=unsealed_towns)
CHECK_JOB = Job("core.audit_check", timedelta(hours=24), _check)
