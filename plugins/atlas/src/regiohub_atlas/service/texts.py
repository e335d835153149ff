"""Texts of a procedure in other words: written, checked, published, and looked at again when the original changes."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, select

from regiohub.api import Conflict, Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_atlas.models import Procedure, ProcedureText, TextState, TextVariety
from regiohub_atlas.permissions import EDIT, PUBLISH

from .drafts import TextDraft
from .editing import update_procedure
from .readability import Reading, read_text
from .reading import find_procedure
from .validation import validated

GERMAN: Final = "de"
_LANGUAGE = re.compile(r"[a-z]{2,3}")


def shown_texts(ctx: Ctx) -> ColumnElement[bool] | None:
    """Everybody sees what is published of published procedures; those who may edit see all."""
    if ctx.can(EDIT):
        return None
    public = (
        select(Procedure.id)
        .where(
            Procedure.tenant_id == ProcedureText.tenant_id,
            Procedure.id == ProcedureText.procedure_id,
            Procedure.published_at.is_not(None),
        )
        .correlate(ProcedureText)
        .exists()
    )
    return ProcedureText.published_at.is_not(None) & public


async def write_text(
    ctx: Ctx, procedure_id: UUID, variety: TextVariety, language: str, changes: Mapping[str, Any]
) -> ProcedureText:
    """Write a text, or change some of it. It becomes a draft; what residents see stays until it is published anew.

    :raises InvalidInput: the language is no code of two or three letters, or a value breaks a rule.
    """
    ctx.require(EDIT)
    _check_language(variety, language)
    procedure = await find_procedure(ctx, procedure_id)
    text = await _find_by(ctx, procedure_id, variety, language)
    before = {} if text is None else {name: getattr(text, f"draft_{name}") for name in TextDraft.model_fields}
    draft = validated(TextDraft, {**before, **changes})
    if text is None:
        text = ProcedureText(
            id=uuid7(), procedure_id=procedure.id, variety=variety, language=language, outdated=False,
            state=TextState.DRAFT,
        )  # fmt: skip
        ctx.session.add(text)
    elif draft == validated(TextDraft, before):
        return text
    for name in TextDraft.model_fields:
        setattr(text, f"draft_{name}", getattr(draft, name))
    text.state = TextState.DRAFT
    # Whoever writes has the present original before them.
    text.outdated = False
    await ctx.session.flush()
    await _audit(ctx, "atlas.write_text", text)
    return text


async def measured(ctx: Ctx, text: str, variety: TextVariety) -> Reading:
    """How hard a text is to read; nothing of it is kept.

    :raises InvalidInput: it is longer than a text may be.
    """
    ctx.require(EDIT)
    body = validated(TextDraft, {"body": text}).body
    return await asyncio.to_thread(read_text, body or "", variety)


async def check_text(ctx: Ctx, text_id: UUID) -> ProcedureText:
    """Say that a text is right as it stands, also when the original has changed. A published one stays published.

    :raises InvalidInput: there is nothing in it yet.
    """
    ctx.require(EDIT)
    text = await _find(ctx, text_id)
    if not (text.draft_title or text.draft_body):
        raise InvalidInput(t("Der Text ist noch leer.", "The text is still empty."), field="body")
    if text.state is TextState.DRAFT or text.outdated:
        text.state = TextState.CHECKED if text.state is TextState.DRAFT else text.state
        text.outdated = False
        await ctx.session.flush()
        await _audit(ctx, "atlas.check_text", text)
    return text


async def publish_text(ctx: Ctx, text_id: UUID) -> ProcedureText:
    """Show a checked text to residents, as soon as its procedure is public. Publishing again changes nothing.

    :raises Conflict: nobody has checked it, or the original has changed since.
    """
    ctx.require(PUBLISH)
    text = await _find(ctx, text_id)
    if text.state is TextState.PUBLISHED and not text.outdated:
        return text
    if text.state is TextState.DRAFT or text.outdated:
        message = t("Der Text muss erst geprüft werden.", "The text has to be checked first.")
        raise Conflict(message, field="state")
    for name in TextDraft.model_fields:
        setattr(text, name, getattr(text, f"draft_{name}"))
    text.state, text.published_at = TextState.PUBLISHED, ctx.now()
    await _show_with_procedure(ctx, text)
    await _audit(ctx, "atlas.publish_text", text)
    return text


async def withdraw_text(ctx: Ctx, text_id: UUID) -> ProcedureText:
    """Take a text back from residents; the draft stays."""
    ctx.require(PUBLISH)
    text = await _find(ctx, text_id)
    if text.published_at is not None:
        await _take_back(ctx, text)
        text.state = TextState.CHECKED if text.state is TextState.PUBLISHED else text.state
        await ctx.session.flush()
        await _audit(ctx, "atlas.withdraw_text", text)
    return text


async def delete_text(ctx: Ctx, text_id: UUID) -> None:
    """Delete a text for good, from the public too (which needs the right to publish)."""
    ctx.require(EDIT)
    text = await _find(ctx, text_id)
    if text.published_at is not None:
        ctx.require(PUBLISH)
        await _take_back(ctx, text)
    await ctx.session.delete(text)
    await ctx.session.flush()
    await _audit(ctx, "atlas.delete_text", text)


def fields_of(variety: TextVariety, language: str) -> Mapping[str, str]:
    """Fields of the procedure itself in which a published text stands besides: clients that know no texts read them."""
    if variety is TextVariety.TRANSLATION and language == "en":
        return {"title_en": "title", "summary_en": "summary"}
    return {"plain_text": "body"} if variety is TextVariety.PLAIN and language == GERMAN else {}


async def _show_with_procedure(ctx: Ctx, text: ProcedureText) -> None:
    await ctx.session.flush()
    changes = {name: getattr(text, part) for name, part in fields_of(text.variety, text.language).items()}
    if changes:
        await update_procedure(ctx, text.procedure_id, changes)


async def _take_back(ctx: Ctx, text: ProcedureText) -> None:
    text.title = text.summary = text.body = None
    text.published_at = None
    await _show_with_procedure(ctx, text)


def _check_language(variety: TextVariety, language: str) -> None:
    if not _LANGUAGE.fullmatch(language):
        message = t(
            "Die Sprache ist ein Kürzel aus zwei oder drei Buchstaben.", "The language is a code of 2-3 letters."
        )
        raise InvalidInput(message, field="language")
    if variety is TextVariety.TRANSLATION and language == GERMAN:
        message = t("Das Original ist schon deutsch.", "The original is German already.")
        raise InvalidInput(message, field="language")


async def _find_by(ctx: Ctx, procedure_id: UUID, variety: TextVariety, language: str) -> ProcedureText | None:
    query = select(ProcedureText).where(
        ProcedureText.procedure_id == procedure_id,
        ProcedureText.variety == variety,
        ProcedureText.language == language,
    )
    return await ctx.session.scalar(query)


async def _find(ctx: Ctx, text_id: UUID) -> ProcedureText:
    """The text for changing it, with its procedure held.

    :raises NotFound: there is none in this town.
    """
    text = await ctx.session.find(ProcedureText, text_id)
    if text is None:
        raise NotFound(field="id")
    await find_procedure(ctx, text.procedure_id)
    await ctx.session.refresh(text)
    return text


async def _audit(ctx: Ctx, action: str, text: ProcedureText) -> None:
    after = {"variety": text.variety.value, "language": text.language, "state": text.state.value}
    await ctx.audit(action, kind="procedure", id=str(text.procedure_id), after=after)
