"""What a procedure may say, checked: the one gate for staff's input, imports and demo content."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from regiohub_atlas.models.enums import (
    Commitment,
    DateStatus,
    ParticipationLevel,
    PhaseKind,
    ProcedureDocumentKind,
    ProcedureKind,
    ProcedureLinkKind,
    ProcedureRole,
    TakePart,
    TermPrecision,
)

from .characters import printable
from .place import checked_place
from .term import Term


def _blank_is_absent(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


Clean = AfterValidator(printable)
Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=200), Clean]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=250), Clean]
OptionalShort = Annotated[Short | None, BeforeValidator(_blank_is_absent)]
Paragraph = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2_000), Clean]
OptionalParagraph = Annotated[Paragraph | None, BeforeValidator(_blank_is_absent)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), Clean]
OptionalLong = Annotated[Long | None, BeforeValidator(_blank_is_absent)]
# Anything but http(s) in a link could run code in the reader's browser.
Url = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^https?://[^\s<>\"]+$"), Clean
]
OptionalUrl = Annotated[Url | None, BeforeValidator(_blank_is_absent)]
# Or a file of the town's own, named by its content.
DocumentUrl = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        max_length=2_000,
        pattern=r"^(https?://[^\s<>\"]+|/atlas/files/[0-9a-f]{64}/[A-Za-z0-9][A-Za-z0-9._-]{0,119})$",
    ),
    Clean,
]
Place = Annotated[dict[str, Any] | None, BeforeValidator(checked_place)]
Amount = Annotated[Decimal, Field(ge=0, le=Decimal("1e11"), decimal_places=2)]
MOST = 2**31 - 1
"""Whole numbers of GraphQL have 32 bits; a larger one could be stored but never shown."""
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,119}$")]


class Draft(BaseModel):
    """Base: unknown keys are refused, nothing changes after the check."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TopicDraft(Draft):
    """A topic by its title; the key follows from the title and finds an existing topic again."""

    title: Short
    title_en: OptionalShort = None


class PhaseDraft(Draft):
    """A phase; without ``ends_on`` its end is open."""

    kind: PhaseKind
    starts_on: date
    ends_on: date | None = None
    title: OptionalShort = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValueError("phase_backwards")
        return self


class ActorDraft(Draft):
    """An organisation and its role."""

    role: ProcedureRole = ProcedureRole.PARTNER
    name: Short


class DocumentDraft(Draft):
    """A document; an image needs a text for those who cannot see it, and the name of who made it."""

    kind: ProcedureDocumentKind = ProcedureDocumentKind.OTHER
    title: Short
    url: DocumentUrl
    published_on: date | None = None
    licence: OptionalShort = None
    media_type: OptionalShort = None
    sha256: Annotated[str, StringConstraints(to_lower=True, pattern=r"^[0-9a-fA-F]{64}$")] | None = None
    accessible: bool | None = None
    alt_text: OptionalParagraph = None
    copyright: OptionalShort = None
    size: Annotated[int, Field(ge=0, le=MOST)] | None = None

    @model_validator(mode="after")
    def _image_is_described(self) -> Self:
        if self.media_type is not None and self.media_type.startswith("image/"):
            if self.alt_text is None:
                raise ValueError("image_alt_text")
            if self.copyright is None:
                raise ValueError("image_copyright")
        return self


class LinkDraft(Draft):
    """A reference to another place."""

    kind: ProcedureLinkKind = ProcedureLinkKind.WEBSITE
    title: Short
    url: Url


class EventDraft(Draft):
    """A date: ``day`` alone for a whole day, or ``starts_at`` and ``ends_at`` with a time zone."""

    title: Title
    day: date | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    venue: OptionalShort = None
    place: Place = None
    place_approximate: bool = False
    online_url: OptionalUrl = None
    accessibility: OptionalParagraph = None
    note: OptionalParagraph = None
    status: DateStatus = DateStatus.CONFIRMED

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if (self.day is None) == (self.starts_at is None):
            raise ValueError("event_time")
        if self.ends_at is not None and (self.starts_at is None or self.ends_at <= self.starts_at):
            raise ValueError("event_backwards")
        if self.starts_at is not None and self.ends_at is not None and self.ends_at - self.starts_at > _LONGEST:
            raise ValueError("event_too_long")
        return self

    @property
    def moment(self) -> date | datetime:
        """The day, or the moment it starts."""
        return self.starts_at or self.day or date.min


_LONGEST = timedelta(days=31)


class ProcedureDraft(Draft):
    """A whole procedure with the ten fields of the atlas: status (by phases and term), kind, topics, place,
    description with plain language, term, actors, cost frame, documents, links."""

    title: Title
    title_en: OptionalShort = None
    summary: OptionalParagraph = None
    summary_en: OptionalParagraph = None
    description: OptionalLong = None
    plain_text: OptionalLong = None
    kind: ProcedureKind = ProcedureKind.OTHER
    formal: bool = False
    level: ParticipationLevel | None = None
    place: Place = None
    place_label: OptionalShort = None
    place_approximate: bool = False
    city_wide: bool = False
    districts: list[Short] = Field(default_factory=list[str], max_length=200)
    starts_on: date | None = None
    start_precision: TermPrecision = TermPrecision.OPEN
    ends_on: date | None = None
    end_precision: TermPrecision = TermPrecision.OPEN
    cost_min: Amount | None = None
    cost_max: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = "EUR"
    cost_text: OptionalShort = None
    audience: OptionalParagraph = None
    audience_en: OptionalParagraph = None
    take_part: list[TakePart] = Field(default_factory=list[TakePart], max_length=3)
    commitment: Commitment | None = None
    minutes_per_week: Annotated[int, Field(ge=1, le=10_080)] | None = None
    accessibility: OptionalParagraph = None
    contact: OptionalParagraph = None
    result: OptionalLong = None
    outcome: OptionalLong = None
    figures: dict[Key, Annotated[int, Field(ge=0, le=MOST)]] = Field(default_factory=dict[str, int], max_length=30)
    topics: list[TopicDraft] = Field(default_factory=list[TopicDraft], max_length=30)
    phases: list[PhaseDraft] = Field(default_factory=list[PhaseDraft], max_length=50)
    actors: list[ActorDraft] = Field(default_factory=list[ActorDraft], max_length=50)
    documents: list[DocumentDraft] = Field(default_factory=list[DocumentDraft], max_length=200)
    links: list[LinkDraft] = Field(default_factory=list[LinkDraft], max_length=100)

    @model_validator(mode="before")
    @classmethod
    def _precision_follows_date(cls, data: Any) -> Any:
        """A date given without a precision is meant to the day."""
        if not isinstance(data, dict):
            return data
        return {
            "start_precision": TermPrecision.OPEN if data.get("starts_on") is None else TermPrecision.DAY,
            "end_precision": TermPrecision.OPEN if data.get("ends_on") is None else TermPrecision.DAY,
            **{key: value for key, value in data.items() if not (key.endswith("_precision") and value is None)},
        }

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.place is not None and self.city_wide:
            raise ValueError("place_twice")
        if self.cost_min is not None and self.cost_max is not None and self.cost_max < self.cost_min:
            raise ValueError("cost_backwards")
        _ = self.term  # a term that contradicts itself is refused here, not when it is stored
        return self

    @property
    def term(self) -> Term:
        """The term with its precision."""
        return Term(self.starts_on, self.start_precision, self.ends_on, self.end_precision)


class TextDraft(Draft):
    """What a text says."""

    title: OptionalShort = None
    summary: OptionalParagraph = None
    body: OptionalLong = None


class StatusNote(Draft):
    """Why staff set a status by hand."""

    note: OptionalParagraph = None


PARTS = ("topics", "phases", "actors", "documents", "links")
"""Fields of a draft that are tables of their own."""
COLUMNS = tuple(name for name in ProcedureDraft.model_fields if name not in PARTS)
"""Fields of a draft that are columns of the procedure."""
