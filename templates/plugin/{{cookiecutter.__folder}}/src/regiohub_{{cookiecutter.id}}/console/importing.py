"""Taking over a file: it is uploaded, and each entry's fate is told."""

from fastapi import APIRouter, Response
from regiohub.api import Ctx, t
from regiohub.api.console import FormModel, TownPage, asked
from regiohub_{{ cookiecutter.id }}.formats.places_file import COLUMNS
from regiohub_{{ cookiecutter.id }}.permissions import IMPORT
from regiohub_{{ cookiecutter.id }}.service.importing import Report, import_file

router = APIRouter()


class ImportForm(FormModel):
    """A file's text, for those who paste it."""

    content: str | None = asked(
        t("Inhalt der Datei", "Content of the file"),
        default=None,
        kind="code",
        rows=8,
        help=t("Nur, wenn Sie unten keine Datei wählen.", "Only if you choose no file below."),
    )


@router.get("/import")
async def import_page(page: TownPage) -> Response:
    """What the file looks like."""
    page.require(IMPORT)
    return page.show("{{ cookiecutter.id }}/import.html", form=page.form(ImportForm), columns=COLUMNS, report=None)


@router.post("/import")
async def take_over(page: TownPage) -> Response:
    """Take the file over and say what came of it, entry by entry."""
    page.require(IMPORT)
    form = await page.posted(ImportForm)
    upload = page.file("file")
    raw = await upload.read() if upload else b""
    reports: list[Report] = []

    async def work(ctx: Ctx, value: ImportForm) -> None:
        reports.append(await import_file(ctx, raw or (value.content or "").encode()))

    await page.submit(form, work)
    return page.show("{{ cookiecutter.id }}/import.html", form=form, columns=COLUMNS, report=reports[-1] if reports else None)
