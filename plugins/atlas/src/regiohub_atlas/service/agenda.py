"""The agenda: dates of visible procedures, for lists and calendars."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from regiohub.api import Ctx
from regiohub_atlas.models import Procedure, ProcedureEvent
from regiohub_atlas.settings import AtlasSettings

from .reading import visible
from .status import today

MOST_DATES = 2_000
"""Calendar programs read the whole file each time; more dates than this help nobody."""


def dates_of(ctx: Ctx, procedure_id: UUID | None = None) -> Select[ProcedureEvent]:
    """Dates that the caller may see: of one procedure, or of all."""
    query = select(ProcedureEvent).join(
        Procedure,
        (Procedure.tenant_id == ProcedureEvent.tenant_id) & (Procedure.id == ProcedureEvent.procedure_id),
    )
    if (rule := visible(ctx)) is not None:
        query = query.where(rule)
    return query if procedure_id is None else query.where(ProcedureEvent.procedure_id == procedure_id)


async def calendar_dates(ctx: Ctx, procedure_id: UUID | None = None) -> Sequence[tuple[ProcedureEvent, str]]:
    """Public dates with the titles of their procedures in order of time, as far back as the town's settings say.

    For a single procedure all of them: a calendar that forgets is of no use in an archive.
    """
    query = dates_of(ctx, procedure_id).add_columns(Procedure.title).where(Procedure.published_at.is_not(None))
    if procedure_id is None:
        past = timedelta(days=ctx.settings(AtlasSettings).calendar_past_days)
        query = query.where(ProcedureEvent.day >= today(ctx) - past)
    rows = await ctx.session.execute(
        query.order_by(ProcedureEvent.day, ProcedureEvent.starts_at, ProcedureEvent.id).limit(MOST_DATES)
    )
    return [(event, title) for event, title in rows]
