"""What belongs to a procedure: topics, actors, documents, links and dates."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, geometry, index, reference, relation, unique

from .enums import DateStatus, ProcedureDocumentKind, ProcedureLinkKind, ProcedureRole
from .procedure import Procedure


class Topic(TenantModel):
    """A topic of the town's own list."""

    __tablename__ = "atlas_topic"
    __table_args__ = (unique("key"),)

    key: Mapped[str]
    title: Mapped[str]
    title_en: Mapped[str | None]


class ProcedureTopic(TenantModel):
    """A procedure is about a topic."""

    __tablename__ = "atlas_procedure_topic"
    __table_args__ = (unique("procedure_id", "topic_id"),)

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    topic_id: Mapped[uuid.UUID] = reference("atlas_topic", ondelete="CASCADE")
    topic: Mapped["Topic"] = relation("Topic", by="topic_id")


class Actor(TenantModel):
    """An organisation with its role. Persons are not kept here."""

    __tablename__ = "atlas_actor"

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    role: Mapped[ProcedureRole]
    name: Mapped[str]
    position: Mapped[int]


class Document(TenantModel):
    """A document with what a reader needs to know before opening it.

    It stands elsewhere (``url`` is an address) or in the town's own folder (``url`` is a path below the town that names
    the file by its content; ``sha256``, ``media_type`` and ``size`` (bytes) were then worked out from it). Images have
    ``alt_text`` and ``copyright``.
    """

    __tablename__ = "atlas_document"

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    kind: Mapped[ProcedureDocumentKind]
    title: Mapped[str]
    url: Mapped[str]
    published_on: Mapped[date | None]
    licence: Mapped[str | None]
    media_type: Mapped[str | None]
    sha256: Mapped[str | None]
    accessible: Mapped[bool | None]
    alt_text: Mapped[str | None]
    copyright: Mapped[str | None]
    size: Mapped[int | None]
    position: Mapped[int]

    __table_args__ = (index("atlas_document", "url"),)


class Link(TenantModel):
    """A reference to another place: participation tool, council paper, plan portal, tutorial."""

    __tablename__ = "atlas_link"

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    kind: Mapped[ProcedureLinkKind]
    title: Mapped[str]
    url: Mapped[str]
    position: Mapped[int]


class ProcedureEvent(TenantModel, Timestamps):
    """A date of a procedure: a whole day (``day`` alone) or a span of time (``starts_at``, ``ends_at``).

    ``revision`` counts changes, so that calendars replace what they have. ``key`` is the source's own mark of the
    date, which lets a repeated import find it again.
    """

    __tablename__ = "atlas_event"
    __table_args__ = (unique("procedure_id", "key"), index("atlas_event", "day"))

    procedure_id: Mapped[uuid.UUID] = reference("atlas_procedure", ondelete="CASCADE")
    procedure: Mapped["Procedure"] = relation("Procedure", by="procedure_id")
    key: Mapped[str]
    title: Mapped[str]
    day: Mapped[date]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    venue: Mapped[str | None]
    place: Mapped[dict[str, Any] | None] = geometry()
    place_approximate: Mapped[bool]
    online_url: Mapped[str | None]
    accessibility: Mapped[str | None]
    note: Mapped[str | None]
    status: Mapped[DateStatus]
    revision: Mapped[int]
