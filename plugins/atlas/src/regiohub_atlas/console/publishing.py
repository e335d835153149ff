"""What makes a procedure public, and what takes it back; the status by hand; deleting a draft."""

from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, t
from regiohub.api.console import TownPage
from regiohub_atlas.models import ProcedureStatus
from regiohub_atlas.permissions import EDIT, PUBLISH
from regiohub_atlas.service import editing

from . import questions
from .forms import StatusForm
from .frame import head_of, place_of, tabs_of

router = APIRouter()


@router.post("/procedures/{procedure_id}/publish")
async def publish(page: TownPage, procedure_id: UUID) -> Response:
    """Show it to everybody."""
    page.require(PUBLISH)
    if not await page.confirmed():
        return questions.PUBLISH.ask(page, place_of(page, procedure_id))
    await page.act(lambda ctx: editing.publish_procedure(ctx, procedure_id))
    return page.done(t("Das Verfahren ist öffentlich.", "The procedure is public."), place_of(page, procedure_id))


@router.post("/procedures/{procedure_id}/withdraw")
async def withdraw(page: TownPage, procedure_id: UUID) -> Response:
    """Take it back from the public."""
    page.require(PUBLISH)
    if not await page.confirmed():
        return questions.WITHDRAW.ask(page, place_of(page, procedure_id))
    await page.act(lambda ctx: editing.withdraw_procedure(ctx, procedure_id))
    words = t("Das Verfahren ist wieder ein Entwurf.", "The procedure is a draft again.")
    return page.done(words, place_of(page, procedure_id))


@router.post("/procedures/{procedure_id}/delete")
async def delete(page: TownPage, procedure_id: UUID) -> Response:
    """Delete a draft for good."""
    page.require(EDIT)
    if not await page.confirmed():
        return questions.DELETE.ask(page, place_of(page, procedure_id))
    await page.act(lambda ctx: editing.delete_procedure(ctx, procedure_id))
    return page.done(t("Der Entwurf ist gelöscht.", "The draft is deleted."), page.url("procedures"))


@router.get("/procedures/{procedure_id}/status")
async def status(page: TownPage, procedure_id: UUID) -> Response:
    """The status by hand, as it is."""
    page.require(PUBLISH)
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
    now = {"status": head.procedure.status_override, "note": head.procedure.status_note}
    form = page.form(StatusForm, initial=now)
    return page.show("atlas/status.html", head=head, tabs=tabs_of(page, head.procedure, ""), form=form)


@router.post("/procedures/{procedure_id}/status")
async def set_status(page: TownPage, procedure_id: UUID) -> Response:
    """Set the status by hand, or let it follow from the phases again."""
    form = await page.posted(StatusForm)

    async def work(ctx: Ctx, value: StatusForm) -> None:
        chosen = None if value.status is None else ProcedureStatus(value.status)
        await editing.set_status(ctx, procedure_id, chosen, value.note)

    if await page.submit(form, work):
        return page.done(t("Der Status ist gesetzt.", "The status is set."), place_of(page, procedure_id))
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
    return page.show("atlas/status.html", head=head, tabs=tabs_of(page, head.procedure, ""), form=form)
