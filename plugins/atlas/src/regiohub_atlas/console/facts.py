"""What stands in a procedure, as pairs for its overview: the ten fields of the atlas and what is missing."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency

from regiohub.api import Language, Text, t
from regiohub.api.console import Cell
from regiohub_atlas.models import Procedure, TakePart, Topic
from regiohub_atlas.service.term import Term
from regiohub_atlas.service.topics import topic_text
from regiohub_atlas.wording import COMMITMENT, KIND, LEVEL, TAKE_PART

from .frame import Head

Pairs = list[tuple[Text, Any]]


def facts_of(head: Head, topics: Sequence[Topic], counts: Mapping[str, int | None], language: Language) -> Pairs:
    """Pairs of label and value in one language; what is empty shows as a dash."""
    procedure = head.procedure
    term = Term(procedure.starts_on, procedure.start_precision, procedure.ends_on, procedure.end_precision)
    words, tone = head.visibility
    badge: Any = tone
    status: Any = head.tone
    forms = ", ".join(TAKE_PART[TakePart(form)].get(language) for form in procedure.take_part)
    return [
        (t("Öffentlich", "Public"), Cell(words, badge=badge)),
        (t("Status", "Status"), Cell(head.status_words, badge=status, note=_status_note(procedure))),
        (t("Art", "Kind"), KIND[procedure.kind]),
        (t("Themen", "Topics"), ", ".join(topic_text(topic).get(language) for topic in topics)),
        (t("Ort", "Place"), _place(procedure)),
        (t("Zeitraum", "Term"), term.words),
        (t("Stufe der Beteiligung", "Level of participation"), LEVEL[procedure.level] if procedure.level else None),
        (t("Wer gemeint ist", "Who is meant"), procedure.audience),
        (t("Mitmachen", "Taking part"), forms),
        (t("Aufwand", "Effort"), _effort(procedure)),
        (t("Kosten", "Costs"), _costs(procedure, language)),
        (t("Dokumente", "Documents"), counts["documents"]),
        (t("Fassungen in anderen Worten", "Versions in other words"), counts["texts"]),
        (t("Kurzname", "Short name"), procedure.slug),
        (t("Herkunft", "Origin"), procedure.source),
    ]


def _status_note(procedure: Procedure) -> Text | str | None:
    if procedure.status_override is None:
        return t("folgt aus den Phasen", "follows from the phases")
    return procedure.status_note or t("von Hand gesetzt", "set by hand")


def _place(procedure: Procedure) -> Text | str | None:
    if procedure.city_wide:
        return t("im ganzen Ort", "the whole town")
    if procedure.place_label:
        return procedure.place_label
    return t("auf der Karte", "on the map") if procedure.place else None


def _effort(procedure: Procedure) -> Text | None:
    once = COMMITMENT[procedure.commitment] if procedure.commitment else None
    if procedure.minutes_per_week is None:
        return once
    minutes = t(f"{procedure.minutes_per_week} Minuten je Woche", f"{procedure.minutes_per_week} minutes a week")
    return Text(f"{minutes.de}, {once.de}", f"{minutes.en}, {once.en}") if once else minutes


def _costs(procedure: Procedure, language: Language) -> str | None:
    amounts = [amount for amount in (procedure.cost_min, procedure.cost_max) if amount is not None]
    shown = " – ".join(_amount(amount, procedure.currency, language) for amount in dict.fromkeys(amounts))
    return " · ".join(part for part in (shown, procedure.cost_text) if part) or None


def _amount(amount: Decimal, currency: str, language: Language) -> str:
    return format_currency(amount, currency, locale="en_GB" if language == "en" else "de_DE")
