"""Taking over a file of participation formats."""

from typing import Any

import orjson
from fastapi import APIRouter, Response

from regiohub.api import Ctx, InvalidInput, t
from regiohub.api.console import TownPage
from regiohub_atlas.formats.participation import read_participation
from regiohub_atlas.permissions import IMPORT
from regiohub_atlas.service.importing import ImportReport, import_batch

from .forms import ImportForm

router = APIRouter()
NOTHING = t("Bitte eine Datei wählen oder ihren Inhalt einfügen.", "Please choose a file or paste its content.")


@router.get("/import")
async def import_page(page: TownPage) -> Response:
    """What the file looks like, and where it goes."""
    page.require(IMPORT)
    return page.show("atlas/import.html", form=page.form(ImportForm), report=None)


@router.post("/import")
async def take_over(page: TownPage) -> Response:
    """Take the file over and say what came of it, entry by entry."""
    page.require(IMPORT)
    form = await page.posted(ImportForm)
    upload = page.file("file")
    raw: bytes = await upload.read() if upload else b""
    reports: list[ImportReport] = []

    async def work(ctx: Ctx, value: ImportForm) -> None:
        batch = read_participation(_decoded(raw or (value.content or "").encode()))
        reports.append(await import_batch(ctx, batch))

    await page.submit(form, work)
    return page.show("atlas/import.html", form=form, report=reports[-1] if reports else None)


def _decoded(raw: bytes) -> Any:
    if not raw.strip():
        message = t(
            "Bitte eine Datei wählen oder ihren Inhalt einfügen.", "Choose a file or paste its content, please."
        )
        raise InvalidInput(message, field="content")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as broken:
        message = t(
            f"Das ist kein gültiges JSON (Zeile {broken.lineno}).", f"This is not valid JSON (line {broken.lineno})."
        )
        raise InvalidInput(message, field="content") from None
