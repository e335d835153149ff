"""Words for the enums: each value is described in German and English."""

import enum
from collections.abc import Mapping
from typing import Any

from regiohub.api import Text, enum_type
from regiohub_atlas import wording
from regiohub_atlas.models.enums import (
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
from regiohub_atlas.service.matching import MatchCriterion, MatchFit

_WORDS: tuple[tuple[type[enum.Enum], Mapping[Any, Text]], ...] = (
    (ProcedureStatus, wording.STATUS),
    (ProcedureKind, wording.KIND),
    (ParticipationLevel, wording.LEVEL),
    (TermPrecision, wording.PRECISION),
    (PhaseKind, wording.PHASE),
    (ProcedureRole, wording.ROLE),
    (ProcedureDocumentKind, wording.DOCUMENT),
    (ProcedureLinkKind, wording.LINK),
    (TakePart, wording.TAKE_PART),
    (Commitment, wording.COMMITMENT),
    (DateStatus, wording.EVENT_STATUS),
    (TextVariety, wording.VARIETY),
    (TextState, wording.TEXT_STATE),
)


_PLAIN: tuple[tuple[type[enum.Enum], Mapping[Any, str]], ...] = (
    (
        MatchCriterion,
        {
            MatchCriterion.INTERESTS: "Topics that the person likes.",
            MatchCriterion.TIME: "Time per week.",
            MatchCriterion.PLACE: "Distance.",
            MatchCriterion.FORM: "Way to take part.",
            MatchCriterion.COMMITMENT: "Once or for longer.",
        },
    ),
    (
        MatchFit,
        {
            MatchFit.YES: "Met.",
            MatchFit.PARTLY: "Met in part.",
            MatchFit.NO: "Not met.",
            MatchFit.UNKNOWN: "The procedure does not tell.",
        },
    ),
)


def describe() -> None:
    """Give every enum its description, before any type names it."""
    for kind, words in _WORDS:
        enum_type(kind.__doc__ or "", {member: f"{text.de} / {text.en}" for member, text in words.items()})(kind)
    for kind, plain in _PLAIN:
        enum_type(kind.__doc__ or "", plain)(kind)
