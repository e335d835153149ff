"""Lists of the atlas's pages: what they show, by what they sort and filter."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from regiohub.api import Text, t
from regiohub.api.console import Cell, Column, Filter, Listing
from regiohub_atlas.models import Procedure, ProcedureKind, ProcedureStatus, ProcedureText, TextState, TextVariety
from regiohub_atlas.models.enums import PhaseKind
from regiohub_atlas.service.filtering import contains, has_phase, has_topic
from regiohub_atlas.service.status import has_status, status_at
from regiohub_atlas.service.term import Term
from regiohub_atlas.wording import KIND, OUTDATED, PHASE, STATUS, TEXT_STATE, VARIETY

from .frame import TONES


def _term(procedure: Procedure) -> Text:
    return Term(procedure.starts_on, procedure.start_precision, procedure.ends_on, procedure.end_precision).words


def _visibility(procedure: Procedure) -> Cell:
    if procedure.published_at is None:
        return Cell(t("Entwurf", "Draft"), badge="warn")
    return Cell(t("ja", "yes"), badge="good")


def _title(procedure: Procedure) -> Cell:
    return Cell(procedure.title, note=t("Beispieldaten", "example data") if procedure.example else None)


def procedures_listing(day: date, topics: Sequence[tuple[str, Text]]) -> Listing:
    """The list of procedures; the status is that of ``day``."""
    return Listing(
        "procedures",
        t("Beteiligungsverfahren", "Participation procedures"),
        columns=(
            Column(
                "title",
                t("Titel", "Title"),
                lambda row: _title(row.Procedure),
                sort=Procedure.title,
                link=lambda row: f"procedures/{row.Procedure.id}",
            ),
            Column(
                "status",
                t("Status", "Status"),
                lambda row: Cell(STATUS[row.status], badge=_tone(row.status)),
                sort=status_at(day),
            ),
            Column("kind", t("Art", "Kind"), lambda row: KIND[row.Procedure.kind], sort=Procedure.kind),
            Column("term", t("Zeitraum", "Term"), lambda row: _term(row.Procedure), sort=Procedure.first_day),
            Column(
                "published",
                t("Öffentlich", "Public"),
                lambda row: _visibility(row.Procedure),
                sort=Procedure.published_at,
            ),
            Column(
                "changed", t("Geändert", "Changed"), lambda row: row.Procedure.updated_at, sort=Procedure.updated_at
            ),
            Column("place", t("Ort", "Place"), lambda row: row.Procedure.place_label, export_only=True),
            Column("slug", t("Kurzname", "Short name"), lambda row: row.Procedure.slug, export_only=True),
        ),
        filters=(
            Filter.text("q", t("Suche", "Search"), contains),
            Filter.choice(
                "status",
                t("Status", "Status"),
                [(status.value, STATUS[status]) for status in ProcedureStatus],
                lambda value: has_status([ProcedureStatus(value)], day),
            ),
            Filter.choice(
                "phase",
                t("Phase heute", "Phase today"),
                [(kind.value, PHASE[kind]) for kind in PhaseKind],
                lambda value: has_phase(PhaseKind(value), day),
            ),
            Filter.choice("topic", t("Thema", "Topic"), topics, lambda value: has_topic([value])),
            Filter.choice(
                "kind",
                t("Art", "Kind"),
                [(kind.value, KIND[kind]) for kind in ProcedureKind],
                lambda value: Procedure.kind == ProcedureKind(value),
            ),
            Filter.flag("drafts", t("nur Entwürfe", "drafts only"), lambda _wanted: Procedure.published_at.is_(None)),
        ),
        order="-changed",
        last=Procedure.id,
        empty=t(
            "Noch keine Verfahren. Legen Sie das erste an oder übernehmen Sie eine Datei.",
            "No procedures yet. Add the first one or take over a file.",
        ),
    )


def _tone(status: ProcedureStatus) -> Any:
    return TONES[status]


def text_state(text: ProcedureText) -> Cell:
    """How far a text has come, in words."""
    tone = {TextState.DRAFT: "plain", TextState.CHECKED: "info", TextState.PUBLISHED: "good"}[text.state]
    if text.outdated:
        return Cell(OUTDATED, badge="warn")
    badge: Any = tone
    return Cell(TEXT_STATE[text.state], badge=badge)


TEXTS = Listing(
    "texts",
    t("Übersetzungen und Einfache Sprache", "Translations and plain language"),
    columns=(
        Column(
            "procedure",
            t("Verfahren", "Procedure"),
            lambda row: row.title,
            sort=Procedure.title,
            link=lambda row: f"procedures/{row.ProcedureText.procedure_id}/texts/{row.ProcedureText.id}",
        ),
        Column(
            "variety",
            t("Fassung", "Version"),
            lambda row: VARIETY[row.ProcedureText.variety],
            sort=ProcedureText.variety,
        ),
        Column(
            "language",
            t("Sprache", "Language"),
            lambda row: row.ProcedureText.language,
            sort=ProcedureText.language,
        ),
        Column("state", t("Stand", "State"), lambda row: text_state(row.ProcedureText), sort=ProcedureText.state),
        Column(
            "changed", t("Geändert", "Changed"), lambda row: row.ProcedureText.updated_at, sort=ProcedureText.updated_at
        ),
    ),
    filters=(
        Filter.text("q", t("Verfahren", "Procedure"), lambda value: Procedure.title.icontains(value, autoescape=True)),
        Filter.choice(
            "variety",
            t("Fassung", "Version"),
            [(variety.value, VARIETY[variety]) for variety in TextVariety],
            lambda value: ProcedureText.variety == TextVariety(value),
        ),
        Filter.choice(
            "state",
            t("Stand", "State"),
            [(state.value, TEXT_STATE[state]) for state in TextState],
            lambda value: ProcedureText.state == TextState(value),
        ),
        Filter.flag("outdated", t("nur veraltete", "outdated only"), lambda _wanted: ProcedureText.outdated.is_(True)),
    ),
    order="-changed",
    last=ProcedureText.id,
    empty=t(
        "Noch keine Fassungen. Sie legen sie bei einem Verfahren unter „Sprachen“ an.",
        "No versions yet. Add them at a procedure under “Languages”.",
    ),
)
