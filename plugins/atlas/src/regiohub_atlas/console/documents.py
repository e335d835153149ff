"""Documents of a procedure: links, and files that are uploaded here."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub.api.console import Page, TownPage
from regiohub_atlas.models import Document
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.routes import file_response
from regiohub_atlas.service.entries import attach_file, drop_entry, move_entry, put_entry
from regiohub_atlas.service.files import TYPES, public_file
from regiohub_atlas.settings import AtlasSettings
from regiohub_atlas.wording import DOCUMENT

from . import questions
from .editing import SAVED
from .entries import entries_of
from .forms import DocumentForm
from .frame import address_in, head_of, place_of, tabs_of

router = APIRouter()
NOTHING = t("Bitte eine Datei wählen oder eine Adresse angeben.", "Please choose a file or give an address.")
_ACCESSIBLE = {"yes": True, "no": False, None: None}
_SAID = {True: "yes", False: "no", None: None}


@router.get("/procedures/{procedure_id}/documents")
async def documents(page: TownPage, procedure_id: UUID) -> Response:
    """All documents in their order."""
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        rows = await entries_of(ctx, procedure_id, "documents")
    tabs = tabs_of(page, head.procedure, "documents")
    return page.show(
        "atlas/documents.html", head=head, tabs=tabs, documents=rows, kinds=DOCUMENT, open_at=address_in(page)
    )


@router.get("/files/{checksum}/{name}")
async def draft_file(page: TownPage, checksum: str) -> Response:
    """A file of any procedure, for staff."""
    async with page.read() as ctx:
        document, path = await public_file(ctx, checksum, drafts=True)
    return file_response(document, path, cache="no-store")


@router.get("/procedures/{procedure_id}/documents/new")
async def new_document(page: TownPage, procedure_id: UUID) -> Response:
    """An empty form."""
    return await _form_page(page, procedure_id, None)


@router.post("/procedures/{procedure_id}/documents/new")
async def add_document(page: TownPage, procedure_id: UUID) -> Response:
    """Add a document, with its file if one was chosen."""
    return await _save(page, procedure_id, None)


@router.get("/procedures/{procedure_id}/documents/{entry_id}/edit")
async def document(page: TownPage, procedure_id: UUID, entry_id: UUID) -> Response:
    """The form of a document."""
    return await _form_page(page, procedure_id, entry_id)


@router.post("/procedures/{procedure_id}/documents/{entry_id}/edit")
async def change_document(page: TownPage, procedure_id: UUID, entry_id: UUID) -> Response:
    """Change a document; a file that was chosen replaces the one before."""
    return await _save(page, procedure_id, entry_id)


@router.post("/procedures/{procedure_id}/documents/{entry_id}/move")
async def move_document(page: TownPage, procedure_id: UUID, entry_id: UUID) -> Response:
    """Move a document up or down."""
    by = -1 if page.values().get("way") == ["up"] else 1
    await page.act(lambda ctx: move_entry(ctx, procedure_id, "documents", entry_id, by))
    return page.done(SAVED, place_of(page, procedure_id, "documents"))


@router.post("/procedures/{procedure_id}/documents/{entry_id}/delete")
async def remove_document(page: TownPage, procedure_id: UUID, entry_id: UUID) -> Response:
    """Take a document out, after a question."""
    page.require(EDIT)
    back = place_of(page, procedure_id, "documents")
    if not await page.confirmed():
        return questions.REMOVE_DOCUMENT.ask(page, back)
    await page.act(lambda ctx: drop_entry(ctx, procedure_id, "documents", entry_id))
    return page.done(t("Entfernt.", "Removed."), back)


async def _form_page(page: Page, procedure_id: UUID, entry_id: UUID | None, form: Any = None) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        row = None if entry_id is None else await ctx.session.find(Document, entry_id)
        most = ctx.settings(AtlasSettings).upload_megabytes
        if entry_id is not None and row is None and form is None:
            raise NotFound(field="id")
    if form is None:
        form = page.form(DocumentForm, initial=_initial(row))
    return page.show(
        "atlas/document.html", head=head, tabs=tabs_of(page, head.procedure, "documents"), form=form, document=row,
        most=most, endings=", ".join(f".{ending}" for ending in TYPES), back=place_of(page, procedure_id, "documents"),
    )  # fmt: skip


def _initial(row: Document | None) -> dict[str, Any] | None:
    if row is None:
        return None
    values = {name: getattr(row, name) for name in DocumentForm.model_fields}
    url = None if row.url.startswith("/") else row.url
    return values | {"url": url, "accessible": _SAID[row.accessible]}


async def _save(page: Page, procedure_id: UUID, entry_id: UUID | None) -> Response:
    page.require(EDIT)
    form = await page.posted(DocumentForm)
    upload = page.file("file")
    content = None if upload is None else await upload.read()

    async def work(ctx: Ctx, value: DocumentForm) -> None:
        values = value.model_dump(exclude={"url", "accessible"}) | {"accessible": _ACCESSIBLE.get(value.accessible)}
        if upload is not None and content is not None:
            await attach_file(ctx, procedure_id, upload.filename or "", content, values, entry_id)
            return
        if value.url:
            # A link takes the place of a file; nothing of the file is true of it.
            values |= {"url": value.url, "media_type": None, "sha256": None, "size": None}
        elif entry_id is None:
            message = t(
                "Bitte eine Datei wählen oder eine Adresse angeben.", "Choose a file or give an address, please."
            )
            raise InvalidInput(message, field="url")
        await put_entry(ctx, procedure_id, "documents", values, entry_id)

    if await page.submit(form, work):
        return page.done(SAVED, place_of(page, procedure_id, "documents"))
    return await _form_page(page, procedure_id, entry_id, form)
