"""The status of procedures on a day, read from their stored course."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select

from regiohub.api import Ctx
from regiohub_atlas.models import Procedure, ProcedureStatus, StatusDays


def today(ctx: Ctx) -> date:
    """The present day in the town's time zone."""
    return ctx.now().astimezone(ctx.tenant.timezone).date()


def today_in_region(now: datetime) -> date:
    """The present day for lists over several towns; all of Germany has one time zone."""
    return now.astimezone(ZoneInfo("Europe/Berlin")).date()


def has_status(statuses: Collection[ProcedureStatus], day: date) -> ColumnElement[bool]:
    """Whether a procedure has one of the statuses on a day."""
    return (
        select(StatusDays.id)
        .where(
            StatusDays.tenant_id == Procedure.tenant_id,
            StatusDays.procedure_id == Procedure.id,
            StatusDays.first_day <= day,
            StatusDays.last_day >= day,
            StatusDays.status.in_(sorted(set(statuses))),
        )
        .correlate(Procedure)
        .exists()
    )


def status_at(day: date) -> Any:
    """The status of a procedure on a day, as a scalar over its row."""
    return (
        select(StatusDays.status)
        .where(
            StatusDays.tenant_id == Procedure.tenant_id,
            StatusDays.procedure_id == Procedure.id,
            StatusDays.first_day <= day,
            StatusDays.last_day >= day,
        )
        .correlate(Procedure)
        .scalar_subquery()
    )


async def statuses_on(ctx: Ctx, ids: Sequence[UUID], day: date) -> dict[UUID, ProcedureStatus]:
    """The status of each procedure on a day, by one statement."""
    rows = await ctx.session.execute(
        select(StatusDays.procedure_id, StatusDays.status).where(
            StatusDays.procedure_id.in_(ids), StatusDays.first_day <= day, StatusDays.last_day >= day
        )
    )
    return dict(rows.all())
