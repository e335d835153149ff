"""Dates of a procedure."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from sqlalchemy import select

from regiohub.api import Ctx, NotFound, t
from regiohub.api.console import Page, TownPage
from regiohub_atlas.models import ProcedureEvent
from regiohub_atlas.models.enums import DateStatus
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.dates import add_date, cancel_date, change_date
from regiohub_atlas.wording import EVENT_STATUS

from . import questions
from .editing import SAVED
from .forms import DateForm
from .frame import head_of, place_of, tabs_of

router = APIRouter()
_TONES = {DateStatus.CONFIRMED: "good", DateStatus.TENTATIVE: "info", DateStatus.CANCELLED: "bad"}


@router.get("/procedures/{procedure_id}/dates")
async def dates(page: TownPage, procedure_id: UUID) -> Response:
    """All dates in order of time."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        query = (
            select(ProcedureEvent)
            .where(ProcedureEvent.procedure_id == procedure_id)
            .order_by(ProcedureEvent.day, ProcedureEvent.starts_at)
        )
        rows = (await ctx.session.scalars(query)).all()
    return page.show(
        "atlas/dates.html", head=head, tabs=tabs_of(page, head.procedure, "dates"), dates=rows, words=EVENT_STATUS,
        tones=_TONES,
    )  # fmt: skip


@router.get("/procedures/{procedure_id}/dates/new")
async def new_date(page: TownPage, procedure_id: UUID) -> Response:
    """An empty form."""
    return await _form_page(page, procedure_id, None)


@router.post("/procedures/{procedure_id}/dates/new")
async def create_date(page: TownPage, procedure_id: UUID) -> Response:
    """Add a date."""
    form = await page.posted(DateForm)
    if await page.submit(form, lambda ctx, value: add_date(ctx, procedure_id, value.model_dump())):
        return page.done(SAVED, place_of(page, procedure_id, "dates"))
    return await _form_page(page, procedure_id, None, form)


@router.get("/procedures/{procedure_id}/dates/{event_id}/edit")
async def date_form(page: TownPage, procedure_id: UUID, event_id: UUID) -> Response:
    """The form of a date."""
    return await _form_page(page, procedure_id, event_id)


@router.post("/procedures/{procedure_id}/dates/{event_id}/edit")
async def save_date(page: TownPage, procedure_id: UUID, event_id: UUID) -> Response:
    """Change a date; calendars get the new version."""
    form = await page.posted(DateForm)

    async def work(ctx: Ctx, value: DateForm) -> None:
        # The form says all of it: an empty time beside a day must not be taken for "unchanged".
        await change_date(ctx, event_id, value.model_dump())

    if await page.submit(form, work):
        return page.done(SAVED, place_of(page, procedure_id, "dates"))
    return await _form_page(page, procedure_id, event_id, form)


@router.post("/procedures/{procedure_id}/dates/{event_id}/cancel")
async def call_off(page: TownPage, procedure_id: UUID, event_id: UUID) -> Response:
    """Call a date off, after a question."""
    page.require(EDIT)
    back = place_of(page, procedure_id, "dates")
    if not await page.confirmed():
        return questions.CANCEL_DATE.ask(page, back)
    await page.act(lambda ctx: cancel_date(ctx, event_id, None))
    return page.done(t("Der Termin ist abgesagt.", "The date is cancelled."), back)


async def _form_page(page: Page, procedure_id: UUID, event_id: UUID | None, form: Any = None) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        row = None if event_id is None else await ctx.session.find(ProcedureEvent, event_id)
        if event_id is not None and row is None:
            raise NotFound(field="id")
    if form is None:
        initial: dict[str, Any] = {"status": DateStatus.CONFIRMED}
        if row is not None:
            initial = {name: getattr(row, name) for name in DateForm.model_fields}
        if initial.get("starts_at") is not None:
            initial["day"] = None
        form = page.form(DateForm, initial=initial)
    heading = t("Neuer Termin", "New date") if event_id is None else t("Termin ändern", "Change the date")
    return page.show(
        "atlas/entry.html", head=head, tabs=tabs_of(page, head.procedure, "dates"), form=form, heading=heading,
        back=place_of(page, procedure_id, "dates"), files=False,
    )  # fmt: skip
