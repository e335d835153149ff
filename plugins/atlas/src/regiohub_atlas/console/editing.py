"""The main fields of a procedure, and its place."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, DomainError, InvalidInput, t
from regiohub.api.console import Form, FormModel, Page, TownPage
from regiohub_atlas.models import Procedure
from regiohub_atlas.service.editing import update_procedure
from regiohub_atlas.service.topics import topics_of

from .forms import GROUPS, DetailsForm, PlaceForm
from .frame import head_of, place_of, tabs_of

router = APIRouter()
M = TypeVar("M", bound=FormModel)
SAVED = t("Gespeichert.", "Saved.")


@router.get("/procedures/{procedure_id}/edit")
async def details(page: TownPage, procedure_id: UUID) -> Response:
    """The main fields as they are."""
    return await _show(page, procedure_id, "edit", "atlas/edit.html", DetailsForm)


@router.post("/procedures/{procedure_id}/edit")
async def save_details(page: TownPage, procedure_id: UUID) -> Response:
    """Change the main fields."""

    async def work(ctx: Ctx, value: DetailsForm) -> None:
        topics = (await topics_of(ctx, [procedure_id]))[procedure_id]
        known = {topic.title: topic.title_en for topic in topics}
        changes = value.model_dump() | {
            "topics": [{"title": title, "title_en": known.get(title)} for title in value.topics]
        }
        await _told_at_its_field(update_procedure(ctx, procedure_id, changes))

    return await _save(page, procedure_id, "edit", "atlas/edit.html", DetailsForm, work)


@router.get("/procedures/{procedure_id}/place")
async def place(page: TownPage, procedure_id: UUID) -> Response:
    """The place, on the map and in words."""
    return await _show(page, procedure_id, "place", "atlas/place.html", PlaceForm)


@router.post("/procedures/{procedure_id}/place")
async def save_place(page: TownPage, procedure_id: UUID) -> Response:
    """Change the place."""

    async def work(ctx: Ctx, value: PlaceForm) -> None:
        await _told_at_its_field(update_procedure(ctx, procedure_id, value.model_dump()))

    return await _save(page, procedure_id, "place", "atlas/place.html", PlaceForm, work)


async def _show(
    page: Page, procedure_id: UUID, tab: str, template: str, model: type[M], form: Form[M] | None = None
) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        topics = (await topics_of(ctx, [procedure_id]))[procedure_id]
    shown = form or page.form(model, initial=_initial(head.procedure, [topic.title for topic in topics]))
    return page.show(
        template, head=head, tabs=tabs_of(page, head.procedure, tab), form=shown, groups=GROUPS,
        local=head.procedure.local_fields if head.procedure.source else None,
    )  # fmt: skip


async def _save(
    page: Page, procedure_id: UUID, tab: str, template: str, model: type[M],
    work: Callable[[Ctx, M], Awaitable[Any]],
) -> Response:  # fmt: skip
    form = await page.posted(model)
    if await page.submit(form, work):
        return page.done(SAVED, place_of(page, procedure_id, tab))
    return await _show(page, procedure_id, tab, template, model, form)


def _initial(procedure: Procedure, topics: list[str]) -> dict[str, Any]:
    names = (*DetailsForm.model_fields, *PlaceForm.model_fields)
    values = {name: getattr(procedure, name) for name in names if name != "topics"}
    amounts = {name: _plain(values[name]) for name in ("cost_min", "cost_max")}
    return values | amounts | {"topics": topics}


def _plain(amount: Decimal | None) -> str | None:
    """An amount without the zeros that the column adds."""
    return None if amount is None else f"{amount.normalize():f}"


async def _told_at_its_field(work: Awaitable[Any]) -> None:
    """A fault in an entry of a list (``topics.0.title``) stands at the list's own field."""
    try:
        await work
    except DomainError as error:
        if error.field and "." in error.field:
            raise InvalidInput(error.message, field=error.field.partition(".")[0]) from error
        raise
