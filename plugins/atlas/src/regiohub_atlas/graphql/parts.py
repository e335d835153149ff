"""What belongs to a procedure, as GraphQL types."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import func, select

from regiohub.api import Ctx, GeoJSON, bound, column, computed, to_one
from regiohub.api.graphql import watch
from regiohub_atlas.models import (
    Actor,
    Document,
    Link,
    Phase,
    Procedure,
    ProcedureEvent,
    ProcedureTopic,
    StatusDays,
    Topic,
)
from regiohub_atlas.models.enums import (
    DateStatus,
    PhaseKind,
    ProcedureDocumentKind,
    ProcedureLinkKind,
    ProcedureRole,
)
from regiohub_atlas.service.files import address_of
from regiohub_atlas.service.labels import label_of
from regiohub_atlas.service.reading import visible
from regiohub_atlas.wording import PHASE, ROLE

from . import enums

if TYPE_CHECKING:
    from .procedures import ProcedureType

enums.describe()
# No type shows them, but counts and filters of cacheable lists read them.
watch(ProcedureTopic, StatusDays)


def visible_dates(ctx: Ctx) -> Any:
    """Dates of procedures that the caller may see."""
    rule = visible(ctx)
    if rule is None:
        return None
    return (
        select(Procedure.id)
        .where(Procedure.tenant_id == ProcedureEvent.tenant_id, Procedure.id == ProcedureEvent.procedure_id, rule)
        .correlate(ProcedureEvent)
        .exists()
    )


def _procedure_count(ctx: Ctx) -> Any:
    query = (
        select(func.count())
        .select_from(ProcedureTopic)
        .join(
            Procedure,
            (Procedure.tenant_id == ProcedureTopic.tenant_id) & (Procedure.id == ProcedureTopic.procedure_id),
        )
        .where(ProcedureTopic.tenant_id == Topic.tenant_id, ProcedureTopic.topic_id == Topic.id)
    )
    rule = visible(ctx)
    return (query if rule is None else query.where(rule)).correlate(Topic).scalar_subquery()


def _phase_label(ctx: Ctx) -> Any:
    return label_of(Phase.kind, PHASE, ctx.locale)


def _role_label(ctx: Ctx) -> Any:
    return label_of(Actor.role, ROLE, ctx.locale)


@bound(Topic, cacheable=True)
class ProcedureTopicType:
    """A topic of the town's list."""

    key: str = column("Key, for filters.")
    title: str = column("Title in German.")
    title_en: str | None = column("Title in English, if there is one.")
    procedure_count: int = computed("Number of procedures about it that the caller may see.", sql=_procedure_count)


@bound(Phase, cacheable=True)
class ProcedurePhaseType:
    """A phase; the status of a procedure follows from its phases."""

    id: UUID = column("Identifier.")
    kind: PhaseKind = column("What happens in it.")
    label: str = computed(
        "The kind in the caller's language.",
        sql=_phase_label,
        python=lambda row, ctx: PHASE[row.kind].get(ctx.locale),
        reads=(Phase.kind,),
    )
    title: str | None = column("Title, if it has one of its own.")
    starts_on: date = column("First day.")
    ends_on: date | None = column("Last day; null while its end is open.")


@bound(Actor, cacheable=True)
class ProcedureActorType:
    """An organisation with its role in a procedure."""

    role: ProcedureRole = column("What it does.")
    label: str = computed(
        "The role in the caller's language.",
        sql=_role_label,
        python=lambda row, ctx: ROLE[row.role].get(ctx.locale),
        reads=(Actor.role,),
    )
    name: str = column("Name of the organisation.")


@bound(Document, cacheable=True)
class ProcedureDocumentType:
    """A document about a procedure, elsewhere or among the town's own files."""

    id: UUID = column("Identifier.")
    kind: ProcedureDocumentKind = column("What it is.")
    title: str = column("Title.")
    url: str = computed(
        "Where it can be read.",
        python=lambda row, ctx: address_of(ctx, row.url),
        reads=(Document.url,),
        cacheable=True,
    )
    published_on: date | None = column("Day of publication.")
    licence: str | None = column("Licence.")
    media_type: str | None = column("Media type, for example application/pdf.")
    sha256: str | None = column("Checksum of the file, SHA-256 in hexadecimal.")
    accessible: bool | None = column("Whether it is accessible; null if that was not checked.")
    alt_text: str | None = column("Of an image: what it shows, for those who do not see it.")
    copyright: str | None = column("Of an image: who holds the rights.")
    size: int | None = column("Bytes of the file, where the town keeps it.")


@bound(Link, cacheable=True)
class ProcedureLinkType:
    """A reference from a procedure to another place."""

    id: UUID = column("Identifier.")
    kind: ProcedureLinkKind = column("Where it leads.")
    title: str = column("Title.")
    url: str = column("Address.")


@bound(ProcedureEvent, rows=visible_dates, cacheable=True)
class ProcedureDateType:
    """A date of a procedure: a whole day, or a time."""

    id: UUID = column("Identifier.")
    title: str = column("Title.")
    day: date = column("The day, in the town's time zone.")
    starts_at: datetime | None = column("When it starts; null for a whole day.")
    ends_at: datetime | None = column("When it ends, if that is known.")
    venue: str | None = column("Where it is.")
    place: GeoJSON | None = column("Where it is on the map.")
    place_approximate: bool = column("Whether the place on the map is only approximate.")
    online_url: str | None = column("Where to take part online.")
    accessibility: str | None = column("Accessibility: access, languages, sign language, childcare.")
    note: str | None = column("Note, for example why it was cancelled.")
    status: DateStatus = column("Whether it takes place.")
    procedure: Annotated["ProcedureType", strawberry.lazy(".procedures")] = to_one(
        "The procedure it belongs to.", ProcedureEvent.procedure, always=True
    )
