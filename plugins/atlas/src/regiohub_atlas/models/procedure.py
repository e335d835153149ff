"""The participation procedure: one row per procedure, with the ten fields of the atlas and where it came from."""

import uuid
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, geometry, index, reference, relation, unique

from .enums import Commitment, ParticipationLevel, PhaseKind, ProcedureKind, ProcedureStatus, TermPrecision

if TYPE_CHECKING:
    from .parts import Actor, Document, Link, ProcedureEvent
    from .texts import ProcedureText


class Procedure(TenantModel, Timestamps):
    """A participation procedure of a town.

    Exactly one of three things is said about its place: a geometry, the whole town (``city_wide``), or nothing.
    ``first_day`` and ``last_day`` are the outer bounds of the term, worked out from the dates and their precision.
    ``status_since`` is the day from which a status set by hand holds; without one it holds on all days.
    ``search_text`` is the folded text of everything a reader may search for.
    """

    __tablename__ = "atlas_procedure"
    __table_args__ = (
        unique("slug"),
        unique("source", "external_id"),
        index("atlas_procedure", "published_at"),
        index("atlas_procedure", "first_day", "last_day"),
    )

    slug: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str | None]
    summary: Mapped[str | None]
    summary_en: Mapped[str | None]
    description: Mapped[str | None]
    plain_text: Mapped[str | None]
    kind: Mapped[ProcedureKind]
    formal: Mapped[bool]
    level: Mapped[ParticipationLevel | None]

    place: Mapped[dict[str, Any] | None] = geometry()
    place_label: Mapped[str | None]
    place_approximate: Mapped[bool]
    city_wide: Mapped[bool]
    districts: Mapped[list[str]]

    starts_on: Mapped[date | None]
    start_precision: Mapped[TermPrecision]
    ends_on: Mapped[date | None]
    end_precision: Mapped[TermPrecision]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    status_override: Mapped[ProcedureStatus | None]
    status_since: Mapped[date | None]
    status_note: Mapped[str | None]
    announced_status: Mapped[ProcedureStatus | None]

    cost_min: Mapped[Decimal | None]
    cost_max: Mapped[Decimal | None]
    currency: Mapped[str]
    cost_text: Mapped[str | None]

    audience: Mapped[str | None]
    audience_en: Mapped[str | None]
    take_part: Mapped[list[str]]
    commitment: Mapped[Commitment | None]
    minutes_per_week: Mapped[int | None]
    accessibility: Mapped[str | None]
    contact: Mapped[str | None]

    result: Mapped[str | None]
    outcome: Mapped[str | None]
    figures: Mapped[dict[str, Any]]

    published_at: Mapped[datetime | None]
    example: Mapped[bool]
    source: Mapped[str | None]
    source_url: Mapped[str | None]
    external_id: Mapped[str | None]
    synced_at: Mapped[datetime | None]
    local_fields: Mapped[list[str]]
    search_text: Mapped[str]

    phases: Mapped[list["Phase"]] = relation("Phase", back="procedure_id")
    actors: Mapped[list["Actor"]] = relation("Actor", back="procedure_id")
    documents: Mapped[list["Document"]] = relation("Document", back="procedure_id")
    links: Mapped[list["Link"]] = relation("Link", back="procedure_id")
    texts: Mapped[list["ProcedureText"]] = relation("ProcedureText", back="procedure_id")
    events: Mapped[list["ProcedureEvent"]] = relation("ProcedureEvent", back="procedure_id")


class Phase(TenantModel):
    """A phase of a procedure, with first and last day; the last one is missing while it is open."""

    __tablename__ = "atlas_phase"

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    kind: Mapped[PhaseKind]
    title: Mapped[str | None]
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    position: Mapped[int]


class StatusDays(TenantModel):
    """Days on which a procedure has one status: its whole course, worked out whenever it is saved."""

    __tablename__ = "atlas_status_days"
    __table_args__ = (unique("procedure_id", "first_day"), index("atlas_status_days", "status", "first_day"))

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    first_day: Mapped[date]
    last_day: Mapped[date]
    status: Mapped[ProcedureStatus]
