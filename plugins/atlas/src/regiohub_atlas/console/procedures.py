"""The list of procedures with its map, a new one, and the overview of one."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import func, select

from regiohub.api import Ctx, history, t
from regiohub.api.console import TownPage
from regiohub_atlas.models import Document, Phase, Procedure, ProcedureEvent, ProcedureText, Topic
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service import editing
from regiohub_atlas.service.status import status_at, today
from regiohub_atlas.service.topics import topic_text, topics_of
from regiohub_atlas.wording import ACTIONS, KIND, STATUS

from .facts import facts_of
from .forms import NewForm
from .frame import TONES, head_of, place_of, tabs_of
from .listings import procedures_listing
from .timeline import timeline_of

router = APIRouter()
MOST_ON_MAP = 2_000


@router.get("/")
async def start(page: TownPage) -> Response:
    """The list is where the work begins."""
    return await procedures(page)


@router.get("/procedures")
async def procedures(page: TownPage) -> Response:
    """All procedures, drafts too."""
    page.require(EDIT)
    async with page.read() as ctx:
        topics = await ctx.session.scalars(select(Topic).order_by(Topic.title))
        listing = procedures_listing(today(ctx), [(topic.key, topic_text(topic)) for topic in topics])
        statement = select(Procedure, status_at(today(ctx)).label("status"))
        found = await page.list(ctx, listing, statement)
    return page.show("atlas/procedures.html", found=found)


@router.get("/map.json")
async def procedures_map(page: TownPage) -> Response:
    """Where the procedures are; each leads to its page."""
    page.require(EDIT)
    async with page.read() as ctx:
        rows = await ctx.session.execute(
            select(
                Procedure.id, Procedure.title, Procedure.kind, Procedure.place, status_at(today(ctx)).label("status")
            )
            .order_by(Procedure.updated_at.desc())
            .limit(MOST_ON_MAP)
        )
        features = [_feature(page, row) for row in rows]
    return page.json({"type": "FeatureCollection", "features": features})


def _feature(page: TownPage, row: Any) -> dict[str, Any]:
    words = f"{KIND[row.kind].get(page.language)} · {STATUS[row.status].get(page.language)}"
    properties = {"title": row.title, "text": words, "url": place_of(page, row.id), "kind": TONES[row.status]}
    return {"type": "Feature", "geometry": row.place, "properties": properties}


@router.get("/procedures/new")
async def new(page: TownPage) -> Response:
    """Title and kind are enough to begin."""
    page.require(EDIT)
    return page.show("atlas/new.html", form=page.form(NewForm))


@router.post("/procedures/new")
async def create(page: TownPage) -> Response:
    """A new draft."""
    form = await page.posted(NewForm)
    made: list[UUID] = []

    async def work(ctx: Ctx, value: NewForm) -> None:
        made.append((await editing.create_procedure(ctx, value.model_dump())).id)

    if await page.submit(form, work):
        words = t("Der Entwurf ist angelegt. Ergänzen Sie nun die Angaben.", "The draft is there. Now add the details.")
        return page.done(words, place_of(page, made[-1], "edit"))
    return page.show("atlas/new.html", form=form)


@router.get("/procedures/{procedure_id}")
async def overview(page: TownPage, procedure_id: UUID) -> Response:
    """One procedure: what stands in it, how it runs, who changed it."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        query = select(Phase).where(Phase.procedure_id == procedure_id).order_by(Phase.starts_on, Phase.position)
        phases = (await ctx.session.scalars(query)).all()
        dates = (
            await ctx.session.scalars(
                select(ProcedureEvent).where(ProcedureEvent.procedure_id == procedure_id).order_by(ProcedureEvent.day)
            )
        ).all()
        topics = (await topics_of(ctx, [procedure_id]))[procedure_id]
        counts = {
            name: await ctx.session.scalar(
                select(func.count()).select_from(table).where(table.procedure_id == procedure_id)
            )
            for name, table in (("documents", Document), ("texts", ProcedureText))
        }
        entries = await history(ctx, "procedure", str(procedure_id), limit=15)
        now = today(ctx)
    return page.show(
        "atlas/procedure.html",
        head=head,
        tabs=tabs_of(page, head.procedure, ""),
        facts=facts_of(head, topics, counts, page.language),
        timeline=timeline_of(phases, dates, now, page.language),
        entries=entries,
        actions=ACTIONS,
    )
