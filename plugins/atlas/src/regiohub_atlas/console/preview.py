"""A procedure as residents will see it, drafts too. Only staff get here, and no search engine does."""

from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api.console import TownPage
from regiohub_atlas.models import Phase, ProcedureEvent, ProcedureText, TakePart
from regiohub_atlas.service.records import load_records
from regiohub_atlas.service.status import today
from regiohub_atlas.service.term import Term
from regiohub_atlas.service.topics import topic_text
from regiohub_atlas.wording import COMMITMENT, EVENT_STATUS, KIND, LEVEL, ROLE, STATUS, TAKE_PART, VARIETY

from .frame import address_in, head_of, place_of, tabs_of
from .timeline import timeline_of

router = APIRouter()


@router.get("/procedures/{procedure_id}/preview")
async def preview(page: TownPage, procedure_id: UUID) -> Response:
    """The whole procedure in the words of residents' pages."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        procedure = head.procedure
        (record,) = await load_records(ctx, [procedure])
        phases = (
            await ctx.session.scalars(
                select(Phase).where(Phase.procedure_id == procedure_id).order_by(Phase.starts_on, Phase.position)
            )
        ).all()
        dates = (
            await ctx.session.scalars(
                select(ProcedureEvent)
                .where(ProcedureEvent.procedure_id == procedure_id)
                .order_by(ProcedureEvent.day, ProcedureEvent.starts_at)
            )
        ).all()
        versions = (
            await ctx.session.scalars(
                select(ProcedureText)
                .where(ProcedureText.procedure_id == procedure_id, ProcedureText.published_at.is_not(None))
                .order_by(ProcedureText.variety, ProcedureText.language)
            )
        ).all()
        day = today(ctx)
    english = page.language == "en"
    term = Term(procedure.starts_on, procedure.start_precision, procedure.ends_on, procedure.end_precision)
    return page.show(
        "atlas/preview.html",
        head=head,
        tabs=tabs_of(page, procedure, "preview"),
        procedure=procedure,
        title=(english and procedure.title_en) or procedure.title,
        summary=(english and procedure.summary_en) or procedure.summary,
        audience=(english and procedure.audience_en) or procedure.audience,
        record=record,
        topics=[topic_text(topic) for topic in record.topics],
        forms=[TAKE_PART[TakePart(form)] for form in procedure.take_part],
        status_words=STATUS[record.status],
        kind=KIND[procedure.kind],
        level=LEVEL[procedure.level] if procedure.level else None,
        commitment=COMMITMENT[procedure.commitment] if procedure.commitment else None,
        term=term.words,
        timeline=timeline_of(phases, dates, day, page.language),
        dates=dates,
        date_words=EVENT_STATUS,
        roles=ROLE,
        versions=versions,
        varieties=VARIETY,
        address_of=address_in(page),
        map_url=place_of(page, procedure, "place.json"),
    )


@router.get("/procedures/{procedure_id}/place.json")
async def place(page: TownPage, procedure_id: UUID) -> Response:
    """The place of one procedure for its map."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
    procedure = head.procedure
    properties = {"title": procedure.title, "text": procedure.place_label or "", "kind": "plain"}
    features = [{"type": "Feature", "geometry": procedure.place, "properties": properties}]
    return page.json({"type": "FeatureCollection", "features": features})
