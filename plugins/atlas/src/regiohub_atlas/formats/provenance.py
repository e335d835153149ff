"""What any import hands over: checked drafts with the marks by which a repeated import finds them again."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from regiohub.api import DomainError
from regiohub_atlas.models.enums import ProcedureStatus, TextState, TextVariety
from regiohub_atlas.service.drafts import EventDraft, ProcedureDraft


@dataclass(frozen=True, slots=True)
class Source:
    """Where content comes from: a stable name, an address for readers if there is one."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class IncomingText:
    """A procedure in other words, and how far the text has come."""

    variety: TextVariety
    language: str
    values: Mapping[str, str]
    state: TextState = TextState.PUBLISHED


@dataclass(frozen=True, slots=True)
class Incoming:
    """One procedure of a source. ``events`` maps the source's own mark of a date to the date.

    ``stated_status`` is what the source itself says; it counts only where the dates say otherwise. ``hidden`` ones
    begin as drafts. ``texts`` are added with a new procedure and left to staff from then on.
    """

    external_id: str
    draft: ProcedureDraft
    events: Mapping[str, EventDraft] = field(default_factory=dict[str, EventDraft])
    stated_status: ProcedureStatus | None = None
    example: bool = False
    hidden: bool = False
    texts: tuple[IncomingText, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """An entry of a source that cannot be used, and why."""

    external_id: str
    error: DomainError


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything read from a source."""

    source: Source
    procedures: tuple[Incoming, ...]
    refused: tuple[Refused, ...] = ()
