"""Texts in other words and their readability, as GraphQL types."""

from datetime import datetime
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, bound, column, computed, enum_type, value
from regiohub_atlas.models import ProcedureText, TextState, TextVariety
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.labels import label_of
from regiohub_atlas.service.readability import Ease, Reading
from regiohub_atlas.service.texts import shown_texts
from regiohub_atlas.wording import EASE, VARIETY

from . import enums

enums.describe()
enum_type("How a text fits what it wants to be.", {ease: f"{words.de} / {words.en}" for ease, words in EASE.items()})(
    Ease
)


def _label(ctx: Ctx) -> Any:
    return label_of(ProcedureText.variety, VARIETY, ctx.locale)


@bound(ProcedureText, rows=shown_texts, cacheable=True)
class ProcedureTextType:
    """A procedure in other words: a translation, plain or easy language. Residents see published ones."""

    id: UUID = column("Identifier.")
    variety: TextVariety = column("What it is.")
    label: str = computed(
        "The variety in the caller's language.",
        sql=_label,
        python=lambda row, ctx: VARIETY[row.variety].get(ctx.locale),
        reads=(ProcedureText.variety,),
    )
    language: str = column("Language (BCP 47).")
    title: str | None = column("Published title.")
    summary: str | None = column("Published summary.")
    body: str | None = column("Published text.")
    published_at: datetime | None = column("When it was published; null while it is not.")
    outdated: bool = column("Whether the original has changed since it was last looked at.")
    state: TextState | None = column("How far the draft has come.", permission=EDIT)
    draft_title: str | None = column("Title that staff work on.", permission=EDIT)
    draft_summary: str | None = column("Summary that staff work on.", permission=EDIT)
    draft_body: str | None = column("Text that staff work on.", permission=EDIT)


@value
class ReadabilityType:
    """How hard a German text is to read, by the first Wiener Sachtextformel: a hint, no proof."""

    ease: Ease = column("How it fits what it wants to be.")
    school_year: float | None = column("School year for which it is right (4 very easy, 15 very hard).")
    words: int = column("Words.")
    sentences: int = column("Sentences.")
    long_sentences: list[str] = column("Sentences to shorten first.")
    long_words: list[str] = column("Words to replace or divide first.")


def readability_value(reading: Reading) -> ReadabilityType:
    """What was measured, as a GraphQL value."""
    return ReadabilityType(
        ease=reading.ease,
        school_year=reading.year,
        words=reading.words,
        sentences=reading.sentences,
        long_sentences=list(reading.long_sentences),
        long_words=list(reading.long_words),
    )
