"""Procedures in other words: all of them in one list, and one with its readability beside it."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import select

from regiohub.api import Conflict, Ctx, NotFound, Text, t
from regiohub.api.console import Page, TownPage
from regiohub_atlas.models import Procedure, ProcedureText, TextVariety
from regiohub_atlas.permissions import EDIT, PUBLISH
from regiohub_atlas.service import texts
from regiohub_atlas.service.readability import TARGETS, Reading
from regiohub_atlas.wording import EASE, VARIETY

from . import questions
from .editing import SAVED
from .forms import LANGUAGES, NewTextForm, TextForm
from .frame import head_of, place_of, tabs_of
from .listings import TEXTS, text_state

router = APIRouter()
_TONES = {"empty": "info", "good": "good", "hard": "warn", "too_hard": "bad"}


@router.get("/texts")
async def all_texts(page: TownPage) -> Response:
    """All versions of all procedures, so that nobody has to look for what is outdated."""
    page.require(EDIT)
    async with page.read() as ctx:
        statement = select(ProcedureText, Procedure.title.label("title")).join(
            Procedure, (Procedure.tenant_id == ProcedureText.tenant_id) & (Procedure.id == ProcedureText.procedure_id)
        )
        found = await page.list(ctx, TEXTS, statement)
    return page.show("atlas/texts.html", found=found)


@router.get("/procedures/{procedure_id}/texts")
async def texts_of_procedure(page: TownPage, procedure_id: UUID) -> Response:
    """The versions of one procedure."""
    return await _overview(page, procedure_id, page.form(NewTextForm, {"language": texts.GERMAN}))


@router.post("/procedures/{procedure_id}/texts")
async def begin_text(page: TownPage, procedure_id: UUID) -> Response:
    """Begin a version; what the procedure says in these words already stands in it."""
    form = await page.posted(NewTextForm)
    made: list[UUID] = []

    async def work(ctx: Ctx, value: NewTextForm) -> None:
        head = await head_of(page, ctx, procedure_id)
        variety = TextVariety(value.variety)
        known = texts.fields_of(variety, value.language)
        present = {part: getattr(head.procedure, name) for name, part in known.items()}
        if await _exists(ctx, procedure_id, variety, value.language):
            raise Conflict(t("Diese Fassung gibt es schon.", "There is such a version already."), field="variety")
        made.append((await texts.write_text(ctx, procedure_id, variety, value.language, present)).id)

    if await page.submit(form, work):
        return page.done(
            t("Die Fassung ist angelegt.", "The version is there."), place_of(page, procedure_id, "texts", made[-1])
        )
    return await _overview(page, procedure_id, form)


@router.get("/procedures/{procedure_id}/texts/{text_id}")
async def text(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """One version beside its original, with how hard it is to read."""
    return await _text_page(page, procedure_id, text_id)


@router.post("/procedures/{procedure_id}/texts/{text_id}")
async def save_text(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """Save the draft of a version."""
    form = await page.posted(TextForm)

    async def work(ctx: Ctx, value: TextForm) -> None:
        found = await _find(ctx, procedure_id, text_id)
        await texts.write_text(ctx, procedure_id, found.variety, found.language, value.model_dump())

    if await page.submit(form, work):
        return page.done(SAVED, place_of(page, procedure_id, "texts", text_id))
    return await _text_page(page, procedure_id, text_id, form)


@router.post("/procedures/{procedure_id}/texts/{text_id}/readability")
async def readability(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """The readability of what is being typed, as a piece of the page; nothing is kept."""
    page.require(EDIT)
    body = "".join(page.values().get("body", []))
    async with page.read() as ctx:
        found = await _find(ctx, procedure_id, text_id)
        reading = await texts.measured(ctx, body, found.variety)
    return HTMLResponse(page.fragment("atlas/readability.html", **_hint(reading, found.variety)))


@router.post("/procedures/{procedure_id}/texts/{text_id}/check")
async def check(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """Say that it is right as it stands."""
    page.require(EDIT)
    await page.act(lambda ctx: texts.check_text(ctx, text_id))
    return page.done(t("Als geprüft vermerkt.", "Noted as checked."), place_of(page, procedure_id, "texts", text_id))


@router.post("/procedures/{procedure_id}/texts/{text_id}/publish")
async def publish(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """Show it to residents, after a question."""
    page.require(PUBLISH)
    back = place_of(page, procedure_id, "texts", text_id)
    if not await page.confirmed():
        return questions.PUBLISH_TEXT.ask(page, back)
    await page.act(lambda ctx: texts.publish_text(ctx, text_id))
    return page.done(t("Die Fassung ist veröffentlicht.", "The version is published."), back)


@router.post("/procedures/{procedure_id}/texts/{text_id}/withdraw")
async def withdraw(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """Take it back from residents, after a question."""
    page.require(PUBLISH)
    back = place_of(page, procedure_id, "texts", text_id)
    if not await page.confirmed():
        return questions.WITHDRAW_TEXT.ask(page, back)
    await page.act(lambda ctx: texts.withdraw_text(ctx, text_id))
    return page.done(t("Die Fassung ist nicht mehr öffentlich.", "The version is no longer public."), back)


@router.post("/procedures/{procedure_id}/texts/{text_id}/delete")
async def delete(page: TownPage, procedure_id: UUID, text_id: UUID) -> Response:
    """Delete it for good, after a question."""
    page.require(EDIT)
    back = place_of(page, procedure_id, "texts")
    if not await page.confirmed():
        return questions.DELETE_TEXT.ask(page, back)
    await page.act(lambda ctx: texts.delete_text(ctx, text_id))
    return page.done(t("Die Fassung ist gelöscht.", "The version is deleted."), back)


async def _overview(page: Page, procedure_id: UUID, form: Any) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        query = (
            select(ProcedureText)
            .where(ProcedureText.procedure_id == procedure_id)
            .order_by(ProcedureText.variety, ProcedureText.language)
        )
        rows = (await ctx.session.scalars(query)).all()
    return page.show(
        "atlas/languages.html", head=head, tabs=tabs_of(page, head.procedure, "texts"), texts=rows, form=form,
        varieties=VARIETY, language_of=_language, state_of=text_state,
    )  # fmt: skip


async def _text_page(page: Page, procedure_id: UUID, text_id: UUID, form: Any = None) -> Response:
    async with page.read() as ctx:
        head = await head_of(page, ctx, procedure_id)
        found = await _find(ctx, procedure_id, text_id)
        body = found.draft_body if form is None else form.body.value
        german = found.language == texts.GERMAN
        reading = await texts.measured(ctx, body or "", found.variety) if german else None
    if form is None:
        form = page.form(TextForm, {name: getattr(found, f"draft_{name}") for name in TextForm.model_fields})
    return page.show(
        "atlas/text.html", head=head, tabs=tabs_of(page, head.procedure, "texts"), form=form, text=found,
        heading=_heading(found), state=text_state(found), may_publish=page.can(PUBLISH),
        hint=None if reading is None else _hint(reading, found.variety),
        here=place_of(page, procedure_id, "texts", text_id),
    )  # fmt: skip


def _heading(found: ProcedureText) -> Text:
    words, language = VARIETY[found.variety], _language(found.language)
    return t(f"{words.de}: {language.de}", f"{words.en[:1].upper()}{words.en[1:]}: {language.en}")


def _language(code: str) -> Text:
    return LANGUAGES.get(code) or Text(code, code)


def _hint(reading: Reading, variety: TextVariety) -> dict[str, Any]:
    return {
        "reading": reading, "target": TARGETS[variety], "ease": EASE[reading.ease],
        "tone": _TONES[reading.ease.value], "variety": VARIETY[variety],
    }  # fmt: skip


async def _exists(ctx: Ctx, procedure_id: UUID, variety: TextVariety, language: str) -> bool:
    query = select(ProcedureText.id).where(
        ProcedureText.procedure_id == procedure_id, ProcedureText.variety == variety, ProcedureText.language == language
    )
    return await ctx.session.scalar(query) is not None


async def _find(ctx: Ctx, procedure_id: UUID, text_id: UUID) -> ProcedureText:
    found = await ctx.session.find(ProcedureText, text_id)
    if found is None or found.procedure_id != procedure_id:
        raise NotFound(field="id")
    return found
