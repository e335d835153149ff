"""Scheduled work: telling that a phase has begun or ended, and clearing away what nobody uses."""

from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from regiohub.api import Ctx, Job, TenantScope
from regiohub_atlas.models import Procedure, StatusDays
from regiohub_atlas.service.editing import announce
from regiohub_atlas.service.files import remove_unused_files
from regiohub_atlas.service.reading import hold_writers
from regiohub_atlas.service.status import today


async def announce_statuses(scope: TenantScope) -> None:
    """Tell every change of status that came with the calendar since the last run."""
    await scope.run(_announce)


async def _announce(ctx: Ctx) -> None:
    await hold_writers(ctx)
    day = today(ctx)
    rows = await ctx.session.execute(
        select(Procedure, StatusDays.status)
        .join(
            StatusDays,
            (StatusDays.tenant_id == Procedure.tenant_id) & (StatusDays.procedure_id == Procedure.id),
        )
        .where(
            Procedure.published_at.is_not(None),
            StatusDays.first_day <= day,
            StatusDays.last_day >= day,
            or_(Procedure.announced_status.is_(None), Procedure.announced_status != StatusDays.status),
        )
    )
    for procedure, status in rows.all():
        await announce(ctx, procedure, status)


async def sweep_files(scope: TenantScope) -> None:
    """Remove files that no document names any more."""
    await scope.run(remove_unused_files)


def _unannounced(now: datetime) -> Select[int]:
    """Towns with a status that is not announced; what day it is depends on the town, so a day more counts here."""
    day = now.date()
    return (
        select(Procedure.tenant_id)
        .join(
            StatusDays,
            (StatusDays.tenant_id == Procedure.tenant_id) & (StatusDays.procedure_id == Procedure.id),
        )
        .where(
            Procedure.published_at.is_not(None),
            StatusDays.first_day <= day + timedelta(days=1),
            StatusDays.last_day >= day - timedelta(days=1),
            or_(Procedure.announced_status.is_(None), Procedure.announced_status != StatusDays.status),
        )
    )


JOBS = (
    Job("atlas.announce_statuses", every=timedelta(minutes=10), run=announce_statuses, work=_unannounced),
    Job("atlas.sweep_files", every=timedelta(days=1), run=sweep_files),
)
