"""Making and changing an entry."""

from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from regiohub.api import Ctx, t
from regiohub.api.console import Form, TownPage
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import editing
from regiohub_health_directory.service.drafting import bundle_of

from .entry_form import EntryForm, draft_from, initial_of, language_choices

router = APIRouter()


@router.get("/entries/new")
async def new(page: TownPage) -> Response:
    """The empty form."""
    page.require(MANAGE)
    return _show(page, page.form(EntryForm), None, "")


@router.post("/entries/new")
async def create(page: TownPage) -> Response:
    """Store a new entry; its places come next."""
    page.require(MANAGE)
    form = await page.posted(EntryForm)
    made: list[UUID] = []

    async def work(ctx: Ctx, value: EntryForm) -> None:
        made.append((await editing.create_service(ctx, await draft_from(ctx, value, None))).id)

    if await page.submit(form, work):
        said = t("Der Eintrag ist angelegt. Nun fehlt noch sein Ort.", "The entry is made. Its place is missing still.")
        return page.done(said, page.url("entries", made[-1]))
    return _show(page, form, None, "")


@router.get("/entries/{id:uuid}/edit")
async def edit(page: TownPage, id: UUID) -> Response:
    """The form with what is stored."""
    page.require(MANAGE)
    async with page.read() as ctx:
        bundle = await bundle_of(ctx, id)
    return _show(page, page.form(EntryForm, initial_of(bundle)), id, bundle.service.name)


@router.post("/entries/{id:uuid}/edit")
async def save(page: TownPage, id: UUID) -> Response:
    """Store what was changed; an unchanged form changes nothing."""
    page.require(MANAGE)
    form = await page.posted(EntryForm)

    async def work(ctx: Ctx, value: EntryForm) -> None:
        bundle = await bundle_of(ctx, id)
        await editing.update_service(ctx, id, await draft_from(ctx, value, bundle))

    if await page.submit(form, work):
        return page.done(t("Gespeichert.", "Saved."), page.url("entries", id))
    return _show(page, form, id, form.name.value)


def _show(page: TownPage, form: Form[EntryForm], id: UUID | None, name: str) -> Response:
    form.choices("languages", language_choices(page.language, form.languages.values))
    return page.show("health_directory/entry_form.html", form=form, id=id, name=name)
