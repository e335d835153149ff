"""The agenda: dates of published procedures, for calendars."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx
from regiohub_atlas.models import Procedure, ProcedureEvent
from regiohub_atlas.settings import AtlasSettings

from .status import today

MOST_DATES = 2_000
"""Calendar programs read the whole file each time; more dates than this help nobody."""


async def calendar_dates(ctx: Ctx, procedure_id: UUID | None = None) -> Sequence[tuple[ProcedureEvent, str]]:
    """Public dates with the titles of their procedures in order of time, as far back as the town's settings say.

    For a single procedure all of them: a calendar that forgets is of no use in an archive.
    """
    query = (
        select(ProcedureEvent, Procedure.title)
        .join(
            Procedure,
            (Procedure.tenant_id == ProcedureEvent.tenant_id) & (Procedure.id == ProcedureEvent.procedure_id),
        )
        .where(Procedure.published_at.is_not(None))
    )
    if procedure_id is None:
        past = timedelta(days=ctx.settings(AtlasSettings).calendar_past_days)
        query = query.where(ProcedureEvent.day >= today(ctx) - past)
    else:
        query = query.where(ProcedureEvent.procedure_id == procedure_id)
    rows = await ctx.session.execute(
        query.order_by(ProcedureEvent.day, ProcedureEvent.starts_at, ProcedureEvent.id).limit(MOST_DATES)
    )
    return [(event, title) for event, title in rows]
