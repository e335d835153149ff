"""Data protection: what is held on one person, handed out or erased. Nobody's name ever stands in an address."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter
from pydantic_core import to_json
from starlette.responses import Response

from regiohub.auth.permissions import TENANT_PRIVACY
from regiohub.console.dependencies import TownPage
from regiohub.console.forms import Form, FormModel, asked
from regiohub.console.listing import Cell, Column, Listing
from regiohub.console.page import Page
from regiohub.errors import InvalidInput
from regiohub.plugins.subjects import Subject
from regiohub.privacy import ErasureReport, erase_subject, export_subject, look_up, subject_named
from regiohub.privacy.retention import retention_report
from regiohub.texts import Text, t

from .retention import KEPT

router = APIRouter()

_NOTHING: Final = t("Zu dieser Person ist hier nichts gespeichert.", "Nothing is held on this person here.")


class WhoForm(FormModel):
    """Whom it is about."""

    who: list[str] = asked(
        t("Kennung oder E-Mail-Adressen", "Identifier or e-mail addresses"), kind="lines", rows=3, min_length=1,
        help=t(
            "Eine Angabe je Zeile: die Kennung des Kontos beim Anmeldedienst und Adressen, die sicher dieser Person "
            "gehören.",
            "One entry a line: the identifier of the account at the login server, and addresses that are certainly "
            "this person's.",
        ),
    )  # fmt: skip


@router.get("/privacy")
async def begin(page: TownPage) -> Response:
    """Asks whom it is about, and shows what is kept how long."""
    page.require(TENANT_PRIVACY)
    async with page.read() as ctx:
        times = await retention_report(ctx)
    kept = await page.list(None, KEPT, list(times.lines))
    return _show(page, page.form(WhoForm), times=times, kept=kept)


@router.post("/privacy")
async def search(page: TownPage) -> Response:
    """Shows what is held on the person, and what erasing would do."""
    page.require(TENANT_PRIVACY)
    form, subject = await _named(page)
    if subject is None:
        return _show(page, form)
    return await _result(page, form, await page.act(lambda ctx: look_up(ctx, subject)))


@router.post("/privacy/export")
async def export(page: TownPage) -> Response:
    """The document, as a file."""
    page.require(TENANT_PRIVACY)
    form, subject = await _named(page)
    if subject is None:
        return _show(page, form)
    found = await page.act(lambda ctx: export_subject(ctx, subject))
    day = found.made_at.astimezone(page.town.timezone).date().isoformat()
    word = "data" if page.language == "en" else "auskunft"
    return Response(
        to_json(found.document(), indent=2),
        media_type="application/json",
        headers={
            "Content-Disposition": f'attachment; filename="{page.town.slug}-{word}-{day}.json"',
            "Cache-Control": "no-store",
        },
    )


@router.post("/privacy/erase")
async def erase(page: TownPage) -> Response:
    """Erases, once it is confirmed; then shows the report."""
    page.require(TENANT_PRIVACY)
    form, subject = await _named(page)
    if subject is None:
        return _show(page, form)
    if await page.confirmed():
        return await _result(page, form, await page.act(lambda ctx: erase_subject(ctx, subject)))
    look = await page.act(lambda ctx: look_up(ctx, subject))
    if not look.found:
        return await _result(page, form, look)
    return page.ask(
        t("Alle Daten zu dieser Person löschen?", "Erase all data on this person?"),
        [
            *map(_sentence, look.outcomes),
            *look.consequences,
            t("Das lässt sich nicht rückgängig machen.", "This cannot be undone."),
        ],
        submit=t("Endgültig löschen", "Erase for good"),
        back=page.town_url("privacy"),
    )


async def _named(page: Page) -> tuple[Form[WhoForm], Subject | None]:
    """The form with its faults, and whom it names if it has none."""
    form = await page.posted(WhoForm)
    if form.value is None:
        return form, None
    try:
        return form, subject_named(form.value.who, field="who")
    except InvalidInput as error:
        form.fail(error)
        return form, None


def _show(page: Page, form: Form[WhoForm], **more: Any) -> Response:
    context: dict[str, Any] = {
        "report": None,
        "found": None,
        "who": "",
        "times": None,
        "search": t("Suchen", "Search"),
        **more,
    }
    return page.show("town/privacy.html", form=form, **context)


async def _result(page: Page, form: Form[WhoForm], report: ErasureReport) -> Response:
    who = "\n".join(form.value.who) if form.value else ""
    found = await page.list(None, _listing(preview=report.preview), list(report.outcomes))
    return _show(page, form, report=report, found=found, who=who)


def _listing(*, preview: bool) -> Listing:
    def numbers(row: Any) -> Cell | str:
        notes = Text(" ".join(n.de for n in row.notes), " ".join(n.en for n in row.notes)) if row.notes else None
        return Cell(row.title, note=notes) if notes else row.title

    return Listing(
        "held",
        t("Gespeicherte Daten", "Data held"),
        columns=(
            Column("plugin", t("Wo", "Where"), lambda row: row.plugin_title),
            Column("what", t("Was", "What"), numbers),
            Column("found", t("Gefunden", "Found"), lambda row: row.found, numeric=True),
            Column(
                "deleted", t("Wird gelöscht", "To be deleted") if preview else t("Gelöscht", "Deleted"),
                lambda row: row.deleted, numeric=True,
            ),
            Column(
                "cleared", t("Bleibt ohne die Person", "To stay without the person") if preview
                else t("Person entfernt", "Person removed"),
                lambda row: row.cleared, numeric=True,
            ),
            Column("kept", t("Bleibt", "Kept"), lambda row: row.kept, numeric=True),
        ),
        empty=_NOTHING,
    )  # fmt: skip


def _sentence(one: Any) -> Text:
    def words(language: str) -> str:
        parts = [
            (one.deleted, ("gelöscht", "deleted")),
            (one.cleared, ("ohne die Person weitergeführt", "kept without the person")),
            (one.kept, ("unverändert behalten", "kept as they are")),
        ]
        told = [f"{number} {pair[language == 'en']}" for number, pair in parts if number]
        return f"{one.plugin_title.get(language)}, {one.title.get(language)}: {', '.join(told)}"

    return Text(words("de"), words("en"))
