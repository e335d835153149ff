"""What happens in the atlas, for other plugins and for following a procedure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class ProcedurePublished(Event):
    """A procedure has become visible to everybody."""

    name: ClassVar[str] = "atlas.procedure_published"
    procedure_id: UUID


@dataclass(frozen=True)
class ProcedureWithdrawn(Event):
    """A procedure is no longer visible to the public."""

    name: ClassVar[str] = "atlas.procedure_withdrawn"
    procedure_id: UUID


@dataclass(frozen=True)
class ProcedureChanged(Event):
    """A visible procedure says something else; ``fields`` names what."""

    name: ClassVar[str] = "atlas.procedure_changed"
    procedure_id: UUID
    fields: list[str]


@dataclass(frozen=True)
class ProcedureStatusChanged(Event):
    """The status of a visible procedure is another one than before: by a phase, or by hand."""

    name: ClassVar[str] = "atlas.procedure_status_changed"
    procedure_id: UUID
    before: str | None
    after: str


@dataclass(frozen=True)
class ProcedureDateChanged(Event):
    """A date of a visible procedure was added, moved, changed or cancelled."""

    name: ClassVar[str] = "atlas.procedure_date_changed"
    procedure_id: UUID
    event_id: UUID
