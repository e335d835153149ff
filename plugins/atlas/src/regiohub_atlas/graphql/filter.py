"""Which procedures are wanted."""

from datetime import date

from regiohub.api import BboxInput, NearInput, filters, where
from regiohub_atlas.models import Procedure, ProcedureKind, ProcedureStatus
from regiohub_atlas.models.enums import ParticipationLevel
from regiohub_atlas.service.filtering import contains

from . import conditions, enums

enums.describe()


@filters(Procedure)
class ProcedureFilter:
    """Which procedures are wanted; what has no place never lies near a point or in a box."""

    status: list[ProcedureStatus] | None = where("One of these statuses today.", conditions.status_is)
    kind: list[ProcedureKind] | None = where("One of these kinds.", conditions.kind_is)
    topic: list[str] | None = where("At least one of these topics, by key.", conditions.topic_is)
    text: str | None = where("All these words, in any text; case, accents and umlauts do not matter.", contains)
    near: NearInput | None = where("Within metres of a point.", conditions.is_near)
    bbox: BboxInput | None = where("In a box on the map.", conditions.in_box)
    running_at: date | None = where("Running on this day.", conditions.runs_at)
    city_wide: bool | None = where("Only those for the whole town, or only others.", Procedure.city_wide)
    formal: bool | None = where("Only formal or only informal ones.", Procedure.formal)
    level: ParticipationLevel | None = where("Only this level of participation.", Procedure.level)
    example: bool | None = where("Only example data, or none of it.", Procedure.example)
    published: bool | None = where("Only published ones, or only drafts (staff).", conditions.is_published)
