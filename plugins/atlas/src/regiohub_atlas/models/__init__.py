"""Tables of the participation atlas."""

from .enums import (
    Commitment,
    DateStatus,
    ParticipationLevel,
    PhaseKind,
    ProcedureDocumentKind,
    ProcedureKind,
    ProcedureLinkKind,
    ProcedureRole,
    ProcedureStatus,
    TakePart,
    TermPrecision,
    TextState,
    TextVariety,
)
from .parts import Actor, Document, Link, ProcedureEvent, ProcedureTopic, Topic
from .procedure import Phase, Procedure, StatusDays
from .texts import ProcedureText

TABLES = (Procedure, Phase, StatusDays, Topic, ProcedureTopic, Actor, Document, Link, ProcedureEvent, ProcedureText)

__all__ = [
    "TABLES",
    "Actor",
    "Commitment",
    "DateStatus",
    "Document",
    "Link",
    "ParticipationLevel",
    "Phase",
    "PhaseKind",
    "Procedure",
    "ProcedureDocumentKind",
    "ProcedureEvent",
    "ProcedureKind",
    "ProcedureLinkKind",
    "ProcedureRole",
    "ProcedureStatus",
    "ProcedureText",
    "ProcedureTopic",
    "StatusDays",
    "TakePart",
    "TermPrecision",
    "TextState",
    "TextVariety",
    "Topic",
]
