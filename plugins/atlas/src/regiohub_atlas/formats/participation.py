"""Import of published participation formats: a JSON file with venues, procedures and their dates.

The format (``tenants/potsdam/participation.json`` is an example): ``venues`` maps ids to name, ``lon`` and ``lat``;
``procedures`` is a list with ``id``, ``title``, ``type``, ``topics``, ``status`` and optionally ``start``, ``end``,
``events`` (``title``, ``date``, ``venue``), ``actors``, ``audience``, ``figures`` and texts. What the file does not say
stays empty: a place comes from the venues, a term from the dates, and nothing is guessed beyond that.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import Field

from regiohub.api import DomainError, InvalidInput, t
from regiohub_atlas.models.enums import Commitment, ParticipationLevel, ProcedureKind, ProcedureStatus, TakePart
from regiohub_atlas.service.drafts import ActorDraft, Draft, EventDraft, Key, OptionalUrl, ProcedureDraft, Short, Title
from regiohub_atlas.service.topics import topic_key
from regiohub_atlas.service.validation import validated

from .provenance import Batch, Incoming, Refused, Source


class VenueEntry(Draft):
    """A place where dates were held."""

    name: Short
    lon: float
    lat: float


class EventEntry(Draft):
    """A date, to the day."""

    title: Title
    date: date
    venue: str | None = None


class ProcedureEntry(Draft):
    """A procedure as the file states it. Fields with ``_en`` are the English versions."""

    id: Key
    title: Title
    title_en: str | None = None
    type: ProcedureKind
    topics: list[Short] = Field(default_factory=list[str])
    status: ProcedureStatus | None = None
    start: date | None = None
    end: date | None = None
    summary: str | None = None
    summary_en: str | None = None
    description: str | None = None
    plain_text: str | None = None
    level: ParticipationLevel | None = None
    take_part: list[TakePart] = Field(default_factory=list[TakePart])
    commitment: Commitment | None = None
    audience: str | None = None
    audience_en: str | None = None
    result: str | None = None
    figures: dict[Key, int] = Field(default_factory=dict[str, int])
    actors: list[Short] = Field(default_factory=list[str])
    venue: str | None = None
    city_wide: bool = False
    events: list[EventEntry] = Field(default_factory=list[EventEntry])


class FileHead(Draft):
    """The file without its procedures, which are checked one by one."""

    note: str | None = None
    source: Short = "participation"
    source_url: OptionalUrl = None
    topics_en: dict[str, str] = Field(default_factory=dict[str, str])
    venues: dict[str, VenueEntry] = Field(default_factory=dict[str, VenueEntry])
    procedures: list[Any]


def read_participation(content: Any) -> Batch:
    """Read a decoded JSON file. An entry that breaks a rule is refused alone; the others are read.

    :raises InvalidInput: the file as a whole does not have this format.
    """
    if not isinstance(content, Mapping):
        raise InvalidInput(t("Erwartet wird ein JSON-Objekt.", "A JSON object is expected."), field="content")
    head = validated(FileHead, content)
    incoming: list[Incoming] = []
    refused: list[Refused] = []
    seen: set[str] = set()
    for number, raw in enumerate(head.procedures):
        name = str(raw.get("id", number)) if isinstance(raw, Mapping) else str(number)
        try:
            incoming.append(_incoming(raw, head, seen))
        except DomainError as error:
            refused.append(Refused(name[:120], error))
    return Batch(Source(head.source, head.source_url), tuple(incoming), tuple(refused))


def _incoming(raw: Any, head: FileHead, seen: set[str]) -> Incoming:
    if not isinstance(raw, Mapping):
        raise InvalidInput(t("Ein Verfahren ist ein JSON-Objekt.", "A procedure is a JSON object."), field="procedures")
    entry = validated(ProcedureEntry, raw)
    if entry.id in seen:
        message = t("Diese Kennung steht zweimal in der Datei.", "This id stands twice in the file.")
        raise InvalidInput(message, field="id")
    seen.add(entry.id)
    venues = [_venue(name, head) for name in _venue_names(entry)]
    days = sorted(event.date for event in entry.events)
    draft = validated(
        ProcedureDraft,
        {
            **entry.model_dump(
                include={
                    "title", "title_en", "summary", "summary_en", "description", "plain_text", "level", "take_part",
                    "commitment", "audience", "audience_en", "result", "figures", "city_wide",
                }
            ),
            "kind": entry.type,
            "starts_on": entry.start or (days[0] if days else None),
            "ends_on": entry.end or (days[-1] if days else None),
            "place": _place(venues),
            "place_label": ", ".join(venue.name for venue in venues)[:250] or None,
            "place_approximate": bool(venues),
            "topics": [{"title": topic, "title_en": head.topics_en.get(topic)} for topic in entry.topics],
            "actors": [ActorDraft(name=name).model_dump() for name in entry.actors],
        },
    )  # fmt: skip
    return Incoming(entry.id, draft, _events(entry, head), entry.status)


def _events(entry: ProcedureEntry, head: FileHead) -> dict[str, EventDraft]:
    """Dates by a mark made of day and title: stable as long as the source does not move or rename the date."""
    events: dict[str, EventDraft] = {}
    for event in entry.events:
        venue = None if event.venue is None else _venue(event.venue, head)
        mark = f"{event.date.isoformat()}-{topic_key(event.title)}"
        events[mark] = EventDraft(
            title=event.title,
            day=event.date,
            venue=venue and venue.name,
            place=venue and {"type": "Point", "coordinates": [venue.lon, venue.lat]},
            place_approximate=venue is not None,
        )
    return events


def _venue_names(entry: ProcedureEntry) -> list[str]:
    names = [entry.venue, *(event.venue for event in entry.events)]
    return list(dict.fromkeys(name for name in names if name is not None))


def _venue(name: str, head: FileHead) -> VenueEntry:
    if name not in head.venues:
        raise InvalidInput(
            t(f"Der Ort „{name}“ steht nicht unter venues.", f'The venue "{name}" is not listed.'), field="venue"
        )
    return head.venues[name]


def _place(venues: list[VenueEntry]) -> dict[str, Any] | None:
    points = [[venue.lon, venue.lat] for venue in venues]
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}
