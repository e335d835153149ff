"""Phases, actors and links: one entry at a time."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api import Ctx, NotFound, Text, t
from regiohub.api.console import FormModel, Page, TownPage
from regiohub_atlas import wording
from regiohub_atlas.models import ProcedureEvent
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.entries import TABLES, Part, drop_entry, move_entry, put_entry
from regiohub_atlas.service.status import today

from .editing import SAVED
from .forms import ActorForm, LinkForm, PhaseForm
from .frame import head_of, place_of, tabs_of
from .timeline import timeline_of

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of entries: where it is stored, how it is asked for, which tab leads back."""

    part: Part
    form: type[FormModel]
    tab: str
    new: Text
    change: Text
    gone: Text


SORTS: Final = {
    "phases": Sort(
        "phases", PhaseForm, "phases", t("Neue Phase", "New phase"), t("Phase ändern", "Change the phase"),
        t("Phase entfernen?", "Remove the phase?"),
    ),
    "actors": Sort(
        "actors", ActorForm, "people", t("Neue Beteiligte", "New actor"), t("Beteiligte ändern", "Change the actor"),
        t("Beteiligte entfernen?", "Remove the actor?"),
    ),
    "links": Sort(
        "links", LinkForm, "people", t("Neuer Link", "New link"), t("Link ändern", "Change the link"),
        t("Link entfernen?", "Remove the link?"),
    ),
}  # fmt: skip


@router.get("/procedures/{procedure_id}/phases")
async def phases(page: TownPage, procedure_id: UUID) -> Response:
    """The phases on a timeline, with their table."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        rows = await entries_of(ctx, procedure_id, "phases")
        query = select(ProcedureEvent).where(ProcedureEvent.procedure_id == procedure_id).order_by(ProcedureEvent.day)
        dates = (await ctx.session.scalars(query)).all()
        day = today(ctx)
    in_time = sorted(rows, key=lambda phase: (phase.starts_on, phase.position))
    return page.show(
        "atlas/phases.html", head=head, tabs=tabs_of(page, head.procedure, "phases"), phases=in_time,
        timeline=timeline_of(in_time, dates, day, page.language),
    )  # fmt: skip


@router.get("/procedures/{procedure_id}/people")
async def people(page: TownPage, procedure_id: UUID) -> Response:
    """Who takes part, and where else to look."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        actors = await entries_of(ctx, procedure_id, "actors")
        links = await entries_of(ctx, procedure_id, "links")
    tabs = tabs_of(page, head.procedure, "people")
    return page.show("atlas/people.html", head=head, tabs=tabs, actors=actors, links=links, words=wording)


@router.get("/procedures/{procedure_id}/{sort}/new")
async def new_entry(page: TownPage, procedure_id: UUID, sort: str) -> Response:
    """An empty form for an entry."""
    return await _form_page(page, procedure_id, _sort(sort), None)


@router.post("/procedures/{procedure_id}/{sort}/new")
async def add_entry(page: TownPage, procedure_id: UUID, sort: str) -> Response:
    """Add an entry."""
    return await _save(page, procedure_id, _sort(sort), None)


@router.get("/procedures/{procedure_id}/{sort}/{entry_id}/edit")
async def entry(page: TownPage, procedure_id: UUID, sort: str, entry_id: UUID) -> Response:
    """The form of an entry."""
    return await _form_page(page, procedure_id, _sort(sort), entry_id)


@router.post("/procedures/{procedure_id}/{sort}/{entry_id}/edit")
async def change_entry(page: TownPage, procedure_id: UUID, sort: str, entry_id: UUID) -> Response:
    """Change an entry."""
    return await _save(page, procedure_id, _sort(sort), entry_id)


@router.post("/procedures/{procedure_id}/{sort}/{entry_id}/move")
async def move(page: TownPage, procedure_id: UUID, sort: str, entry_id: UUID) -> Response:
    """Move an entry up or down."""
    found = _sort(sort)
    by = -1 if page.values().get("way") == ["up"] else 1
    await page.act(lambda ctx: move_entry(ctx, procedure_id, found.part, entry_id, by))
    return page.done(SAVED, place_of(page, procedure_id, found.tab))


@router.post("/procedures/{procedure_id}/{sort}/{entry_id}/delete")
async def remove(page: TownPage, procedure_id: UUID, sort: str, entry_id: UUID) -> Response:
    """Take an entry out, after a question."""
    page.require(EDIT)
    found = _sort(sort)
    back = place_of(page, procedure_id, found.tab)
    if not await page.confirmed():
        return page.ask(found.gone, submit=t("Entfernen", "Remove"), back=back)
    await page.act(lambda ctx: drop_entry(ctx, procedure_id, found.part, entry_id))
    return page.done(t("Entfernt.", "Removed."), back)


async def entries_of(ctx: Ctx, procedure_id: UUID, part: Part) -> list[Any]:
    """The entries of a list in their order."""
    table = TABLES[part]
    rows = await ctx.session.scalars(select(table).where(table.procedure_id == procedure_id).order_by(table.position))
    return list(rows)


def _sort(name: str) -> Sort:
    if name not in SORTS:
        raise NotFound
    return SORTS[name]


async def _form_page(page: Page, procedure_id: UUID, sort: Sort, entry_id: UUID | None, form: Any = None) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        row = None if entry_id is None else await ctx.session.find(TABLES[sort.part], entry_id)
        if entry_id is not None and row is None and form is None:
            raise NotFound(field="id")
    if form is None:
        initial = None if row is None else {name: getattr(row, name) for name in sort.form.model_fields}
        form = page.form(sort.form, initial=initial)
    return page.show(
        "atlas/entry.html", head=head, tabs=tabs_of(page, head.procedure, sort.tab), form=form,
        heading=sort.new if entry_id is None else sort.change, back=place_of(page, procedure_id, sort.tab), files=False,
    )  # fmt: skip


async def _save(page: Page, procedure_id: UUID, sort: Sort, entry_id: UUID | None) -> Response:
    page.require(EDIT)
    form = await page.posted(sort.form)

    async def work(ctx: Ctx, value: FormModel) -> None:
        await put_entry(ctx, procedure_id, sort.part, value.model_dump(), entry_id)

    if await page.submit(form, work):
        return page.done(SAVED, place_of(page, procedure_id, sort.tab))
    return await _form_page(page, procedure_id, sort, entry_id, form)
