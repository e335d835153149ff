"""What towns publish to the region."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from regiohub.api import (
    BboxInput,
    Connection,
    GeoJSON,
    NearInput,
    bound,
    column,
    computed,
    filters,
    query,
    region_many,
    where,
)
from regiohub_atlas.models import Procedure
from regiohub_atlas.models.enums import Commitment, ParticipationLevel, ProcedureKind, ProcedureStatus, TermPrecision
from regiohub_atlas.service.filtering import contains
from regiohub_atlas.service.status import has_status, status_at, today_in_region

from . import conditions, enums

DATASET = "atlas.procedures"
enums.describe()


def _published(_ctx: Any) -> Any:
    return Procedure.published_at.is_not(None)


def _status(ctx: Any) -> Any:
    return status_at(today_in_region(ctx.now()))


def _status_is(wanted: Sequence[ProcedureStatus], ctx: Any) -> Any:
    return has_status(wanted, today_in_region(ctx.now())) if wanted else None


@filters(Procedure)
class RegionProcedureFilter:
    """Which of the region's procedures are wanted."""

    status: list[ProcedureStatus] | None = where("One of these statuses today.", _status_is)
    kind: list[ProcedureKind] | None = where("One of these kinds.", conditions.kind_is)
    text: str | None = where("All these words, in any text.", contains)
    near: NearInput | None = where("Within metres of a point.", conditions.is_near)
    bbox: BboxInput | None = where("In a box on the map.", conditions.in_box)
    example: bool | None = where("Only example data, or none of it.", Procedure.example)


@bound(Procedure, rows=_published, cacheable=True)
class RegionProcedureType:
    """A participation procedure that a town publishes to the region."""

    id: UUID = column("Identifier within its town.")
    slug: str = column("Short name within its town.")
    title: str = column("Title in German.")
    title_en: str | None = column("Title in English.")
    summary: str | None = column("Summary in German.")
    summary_en: str | None = column("Summary in English.")
    plain_text: str | None = column("Summary in plain language.")
    status: ProcedureStatus = computed("Status today.", sql=_status)
    kind: ProcedureKind = column("Kind of procedure.")
    level: ParticipationLevel | None = column("How far the public's influence reaches.")
    place: GeoJSON | None = column("Point, line or area; null if for the whole town or unknown.")
    place_label: str | None = column("The place in words.")
    city_wide: bool = column("Whether it is for the whole town.")
    starts_on: date | None = column("A day in the span that startPrecision names.")
    start_precision: TermPrecision = column("How exactly the beginning is known.")
    ends_on: date | None = column("A day in the span that endPrecision names.")
    end_precision: TermPrecision = column("How exactly the end is known.")
    commitment: Commitment | None = column("Whether taking part is done once or goes on.")
    minutes_per_week: int | None = column("Effort in minutes a week.")
    updated_at: datetime = column("When it last changed.")
    example: bool = column("Whether this is example data.")


@query
class RegionAtlasQuery:
    """Participation procedures of all towns that share them with the region."""

    procedures: Connection[RegionProcedureType] = region_many(
        "Published procedures.",
        dataset=DATASET,
        filter=RegionProcedureFilter,
        order_by=Procedure.title,
        orders={"TITLE": Procedure.title, "START_LATEST_FIRST": Procedure.first_day.desc()},
        cacheable=True,
    )
