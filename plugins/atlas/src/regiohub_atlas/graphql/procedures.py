"""The procedure as a GraphQL type."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from regiohub.api import (
    Connection,
    Ctx,
    GeoJSON,
    InvalidInput,
    bound,
    column,
    computed,
    distance_to,
    rows_of,
    t,
    to_many,
    value,
)
from regiohub_atlas.models import Actor, Document, Link, Phase, Procedure, ProcedureEvent, ProcedureText, TakePart
from regiohub_atlas.models.enums import (
    Commitment,
    ParticipationLevel,
    ProcedureKind,
    ProcedureStatus,
    TermPrecision,
)
from regiohub_atlas.permissions import EDIT
from regiohub_atlas.service.labels import label_of
from regiohub_atlas.service.reading import visible
from regiohub_atlas.service.records import next_date_from
from regiohub_atlas.service.status import status_at, today
from regiohub_atlas.service.term import Term
from regiohub_atlas.service.topics import topics_below
from regiohub_atlas.wording import KIND, STATUS

from .parts import (
    ProcedureActorType,
    ProcedureDateType,
    ProcedureDocumentType,
    ProcedureLinkType,
    ProcedurePhaseType,
    ProcedureTopicType,
)
from .texts import ProcedureTextType


@value
class ProcedureFigureType:
    """A number about a procedure, for example how many people answered."""

    key: str = column("What it counts, for example `sent` or `answered`.")
    value: int = column("The number.")


def _status(ctx: Ctx) -> Any:
    return status_at(today(ctx))


def _status_label(ctx: Ctx) -> Any:
    return label_of(status_at(today(ctx)), STATUS, ctx.locale)


def _kind_label(ctx: Ctx) -> Any:
    return label_of(Procedure.kind, KIND, ctx.locale)


def _next_date(ctx: Ctx) -> Any:
    return next_date_from(today(ctx))


def _distance(lon: float, lat: float) -> Any:
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidInput(t("Der Punkt liegt außerhalb der Erde.", "The point lies outside the world."), field="lon")
    return distance_to(Procedure.place, lon, lat)


def _term(row: Any, ctx: Ctx) -> str:
    return Term(row.starts_on, row.start_precision, row.ends_on, row.end_precision).words.get(ctx.locale)


def _forms(row: Any, _ctx: Ctx) -> list[TakePart]:
    return [TakePart(form) for form in row.take_part]


def _figures(row: Any, _ctx: Ctx) -> list[ProcedureFigureType]:
    return [ProcedureFigureType(key=key, value=number) for key, number in sorted(row.figures.items())]


@bound(Procedure, rows=visible, cacheable=True)
class ProcedureType:
    """A participation procedure: planned, running or over, formal or informal."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name for addresses, unique in the town.")
    title: str = column("Title in German.")
    title_en: str | None = column("Title in English.")
    summary: str | None = column("Summary in German.")
    summary_en: str | None = column("Summary in English.")
    description: str | None = column("Full description.")
    plain_text: str | None = column("The same in plain language.")
    status: ProcedureStatus = computed("Status today: from the phases, or as set by staff.", sql=_status)
    status_set_by_hand: bool = computed(
        "Whether staff set the status.", sql=lambda: Procedure.status_override.is_not(None)
    )
    status_note: str | None = column("Why the status was set by hand.")
    kind: ProcedureKind = column("Kind of procedure.")
    kind_label: str = computed(
        "The kind in the caller's language.",
        sql=_kind_label,
        python=lambda row, ctx: KIND[row.kind].get(ctx.locale),
        reads=(Procedure.kind,),
    )
    formal: bool = column("Whether a law prescribes it.")
    level: ParticipationLevel | None = column("How far the public's influence reaches.")
    place: GeoJSON | None = column("Point, line or area; null if city-wide or unknown.")
    place_label: str | None = column("The place in words.")
    place_approximate: bool = column("Whether the place on the map is only approximate.")
    city_wide: bool = column("Whether it is for the whole town.")
    districts: list[str] = column("Districts concerned.")
    starts_on: date | None = column("A day in the span that startPrecision names; null if open.")
    start_precision: TermPrecision = column("How exactly the beginning is known.")
    ends_on: date | None = column("A day in the span that endPrecision names; null if open.")
    end_precision: TermPrecision = column("How exactly the end is known.")
    term: str = computed(
        "The term in words, no more exact than it is known.",
        python=_term,
        reads=(Procedure.starts_on, Procedure.start_precision, Procedure.ends_on, Procedure.end_precision),
        cacheable=True,
    )
    cost_min: Decimal | None = column("Lower end of the cost frame.")
    cost_max: Decimal | None = column("Upper end of the cost frame.")
    currency: str = column("Currency, ISO 4217.")
    cost_text: str | None = column("The cost frame in words.")
    audience: str | None = column("Who is meant, in German.")
    audience_en: str | None = column("Who is meant, in English.")
    take_part: list[TakePart] = computed(
        "Ways to take part.", python=_forms, reads=(Procedure.take_part,), cacheable=True
    )
    commitment: Commitment | None = column("Whether taking part is done once or goes on.")
    minutes_per_week: int | None = column("Effort in minutes a week.")
    accessibility: str | None = column("Accessibility of the procedure: languages, sign language, childcare.")
    contact: str | None = column("Office to turn to.")
    result: str | None = column("Result.")
    outcome: str | None = column("What became of it.")
    example: bool = column("Whether this is example data.")
    published_at: datetime | None = column("When it became public; null for drafts.")
    updated_at: datetime = column("When it last changed.")
    source: str | None = column("Where it was imported from.")
    source_url: str | None = column("Address of the source.")
    external_id: str | None = column("Its id there.")
    synced_at: datetime | None = column("When the source was last read.")
    local_fields: list[str] | None = column("Fields changed here, which imports leave alone.", permission=EDIT)
    phases: Connection[ProcedurePhaseType] = to_many(
        "Phases in order of time.", Procedure.phases, order_by=(Phase.starts_on, Phase.position)
    )
    actors: Connection[ProcedureActorType] = to_many("Actors.", Procedure.actors, order_by=Actor.position)
    documents: Connection[ProcedureDocumentType] = to_many(
        "Documents.", Procedure.documents, order_by=Document.position
    )
    links: Connection[ProcedureLinkType] = to_many("Links.", Procedure.links, order_by=Link.position)
    texts: Connection[ProcedureTextType] = to_many(
        "The procedure in other words: translations, plain and easy language.",
        Procedure.texts,
        order_by=(ProcedureText.variety, ProcedureText.language),
    )
    dates: Connection[ProcedureDateType] = to_many(
        "Dates in order of time.", Procedure.events, order_by=(ProcedureEvent.day, ProcedureEvent.starts_at)
    )
    status_label: str = computed("The status in the caller's language.", sql=_status_label)
    figures: list[ProcedureFigureType] = computed(
        "Numbers about it.", python=_figures, reads=(Procedure.figures,), cacheable=True
    )
    topics: list[ProcedureTopicType] = rows_of("Topics.", of=topics_below)
    next_date: date | None = computed("The next day with a date.", sql=_next_date)
    distance: float | None = computed(
        "Metres from a point to the nearest part of its place; null without a place.",
        sql=_distance,
        args={"lon": "Longitude in degrees (WGS 84).", "lat": "Latitude in degrees (WGS 84)."},
    )
