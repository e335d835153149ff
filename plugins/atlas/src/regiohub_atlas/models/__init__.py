"""Tables of the participation atlas."""

from .enums import (
    ActorRole,
    Commitment,
    DocumentKind,
    EventStatus,
    LinkKind,
    ParticipationLevel,
    PhaseKind,
    Precision,
    ProcedureKind,
    ProcedureStatus,
    TakePart,
)
from .parts import Actor, Document, Link, ProcedureEvent, ProcedureTopic, Topic
from .procedure import Phase, Procedure, StatusDays

TABLES = (Procedure, Phase, StatusDays, Topic, ProcedureTopic, Actor, Document, Link, ProcedureEvent)

__all__ = [
    "TABLES",
    "Actor",
    "ActorRole",
    "Commitment",
    "Document",
    "DocumentKind",
    "EventStatus",
    "Link",
    "LinkKind",
    "ParticipationLevel",
    "Phase",
    "PhaseKind",
    "Precision",
    "Procedure",
    "ProcedureEvent",
    "ProcedureKind",
    "ProcedureStatus",
    "ProcedureTopic",
    "StatusDays",
    "TakePart",
    "Topic",
]
