"""Running a queued task: its end is committed with its writes, so that it takes effect once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from regiohub.events.catalogue import Owned
from regiohub.events.faults import describe
from regiohub.events.models import OutboxEntry
from regiohub.events.parts import Task

from .guard import held
from .outcome import Outcome, done, failed, waiting

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)


async def run_task(
    platform: Platform, tenant: TenantInfo, entry: OutboxEntry, owned: Owned[Task] | None
) -> Outcome | None:
    """Run a task once. None: it is finished already, or another worker has it."""
    if owned is None:
        return waiting(entry, "no plugin offers this task at present")
    if owned.plugin not in tenant.enabled:
        return waiting(entry, f"{owned.plugin} is off")
    task = owned.part

    async def work(ctx: Ctx) -> None:
        if not await held(ctx.session, entry):
            return
        await task.run(ctx, dict(entry.payload))
        await ctx.session.execute(
            sa.update(OutboxEntry).where(OutboxEntry.id == entry.id).values(**done(entry, ctx.now()).values)
        )

    try:
        await platform.scope(tenant).run(work)
    except Exception as error:
        log.warning("task_failed", tenant=tenant.slug, task=task.name, attempt=entry.attempts, error=describe(error))
        return failed(entry, error, platform.clock.now(), most=task.attempts)
    return None
