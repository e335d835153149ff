"""Inputs of the atlas's mutations, and how they become plain values for the services."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regiohub.api import UNSET, GeoJSON, column, input_type
from regiohub_atlas.models import TakePart
from regiohub_atlas.models.enums import (
    Commitment,
    DateStatus,
    ParticipationLevel,
    PhaseKind,
    ProcedureDocumentKind,
    ProcedureKind,
    ProcedureLinkKind,
    ProcedureRole,
    TermPrecision,
)

from . import enums

enums.describe()

_LISTS = frozenset({"districts", "take_part", "topics", "phases", "actors", "documents", "links", "figures"})


@input_type
class ProcedureTopicInput:
    """A topic by its title; a new one is added to the town's list."""

    title: str = column("Title in German.")
    title_en: str | None = column("Title in English.", default=None)


@input_type
class ProcedurePhaseInput:
    """A phase."""

    kind: PhaseKind = column("What happens in it.")
    starts_on: date = column("First day.")
    ends_on: date | None = column("Last day; leave out while its end is open.", default=None)
    title: str | None = column("Title.", default=None)


@input_type
class ProcedureActorInput:
    """An organisation; never a person."""

    name: str = column("Name.")
    role: ProcedureRole = column("What it does.", default=ProcedureRole.PARTNER)


@input_type
class ProcedureDocumentInput:
    """A document: elsewhere, or among the town's files (its url as the upload gave it)."""

    title: str = column("Title.")
    url: str = column("Address (http or https).")
    kind: ProcedureDocumentKind = column("What it is.", default=ProcedureDocumentKind.OTHER)
    published_on: date | None = column("Day of publication.", default=None)
    licence: str | None = column("Licence.", default=None)
    media_type: str | None = column("Media type.", default=None)
    sha256: str | None = column("Checksum, SHA-256 in hexadecimal.", default=None)
    accessible: bool | None = column("Whether it is accessible.", default=None)
    alt_text: str | None = column("What an image shows; images need it.", default=None)
    copyright: str | None = column("Who holds the rights in an image; images need it.", default=None)
    size: int | None = column("Bytes, if known.", default=None)


@input_type
class ProcedureFileInput:
    """A file that becomes a document of a procedure. Requests have a limit; larger files go by the console."""

    name: str = column("Name of the file with its ending (`plan.pdf`).")
    content: str = column("The file in Base64 (RFC 4648).")
    title: str = column("Title.")
    kind: ProcedureDocumentKind = column("What it is.", default=ProcedureDocumentKind.OTHER)
    published_on: date | None = column("Day of publication.", default=None)
    licence: str | None = column("Licence.", default=None)
    accessible: bool | None = column("Whether it is accessible.", default=None)
    alt_text: str | None = column("What an image shows; images need it.", default=None)
    copyright: str | None = column("Who holds the rights in an image; images need it.", default=None)


@input_type
class ProcedureTextInput:
    """A text in other words. When changing one, leave out what stays."""

    title: str | None = column("Title.", default=UNSET)
    summary: str | None = column("Summary.", default=UNSET)
    body: str | None = column("The text itself.", default=UNSET)


@input_type
class ProcedureLinkInput:
    """A reference to another place."""

    title: str = column("Title.")
    url: str = column("Address (http or https).")
    kind: ProcedureLinkKind = column("Where it leads.", default=ProcedureLinkKind.WEBSITE)


@input_type
class ProcedureFigureInput:
    """A number about a procedure."""

    key: str = column("What it counts, for example `answered`.")
    value: int = column("The number.")


@input_type
class ProcedureInput:
    """A procedure. When changing one, leave out what stays; null empties a field; a list replaces the whole list."""

    title: str | None = column("Title in German; needed for a new procedure.", default=UNSET)
    title_en: str | None = column("Title in English.", default=UNSET)
    summary: str | None = column("Summary in German.", default=UNSET)
    summary_en: str | None = column("Summary in English.", default=UNSET)
    description: str | None = column("Full description.", default=UNSET)
    plain_text: str | None = column("The same in plain language.", default=UNSET)
    kind: ProcedureKind | None = column("Kind of procedure.", default=UNSET)
    formal: bool | None = column("Whether a law prescribes it.", default=UNSET)
    level: ParticipationLevel | None = column("How far the public's influence reaches.", default=UNSET)
    place: GeoJSON | None = column("Point, line or area in degrees (WGS 84).", default=UNSET)
    place_label: str | None = column("The place in words.", default=UNSET)
    place_approximate: bool | None = column("Whether the place is only approximate.", default=UNSET)
    city_wide: bool | None = column("Whether it is for the whole town; excludes a place.", default=UNSET)
    districts: list[str] | None = column("Districts concerned.", default=UNSET)
    starts_on: date | None = column("Beginning.", default=UNSET)
    start_precision: TermPrecision | None = column("How exactly it is known; to the day if left out.", default=UNSET)
    ends_on: date | None = column("End.", default=UNSET)
    end_precision: TermPrecision | None = column("How exactly it is known; to the day if left out.", default=UNSET)
    cost_min: Decimal | None = column("Lower end of the cost frame.", default=UNSET)
    cost_max: Decimal | None = column("Upper end of the cost frame.", default=UNSET)
    currency: str | None = column("Currency, ISO 4217.", default=UNSET)
    cost_text: str | None = column("The cost frame in words.", default=UNSET)
    audience: str | None = column("Who is meant, in German.", default=UNSET)
    audience_en: str | None = column("Who is meant, in English.", default=UNSET)
    take_part: list[TakePart] | None = column("Ways to take part.", default=UNSET)
    commitment: Commitment | None = column("Once, or over some time.", default=UNSET)
    minutes_per_week: int | None = column("Effort in minutes a week.", default=UNSET)
    accessibility: str | None = column("Accessibility of the procedure.", default=UNSET)
    contact: str | None = column("Office to turn to; no private persons.", default=UNSET)
    result: str | None = column("Result.", default=UNSET)
    outcome: str | None = column("What became of it.", default=UNSET)
    figures: list[ProcedureFigureInput] | None = column("Numbers about it.", default=UNSET)
    topics: list[ProcedureTopicInput] | None = column("Topics.", default=UNSET)
    phases: list[ProcedurePhaseInput] | None = column("Phases.", default=UNSET)
    actors: list[ProcedureActorInput] | None = column("Actors.", default=UNSET)
    documents: list[ProcedureDocumentInput] | None = column("Documents.", default=UNSET)
    links: list[ProcedureLinkInput] | None = column("Links.", default=UNSET)


@input_type
class ProcedureDateInput:
    """A date. When changing one, leave out what stays. Give either a day or a time."""

    title: str | None = column("Title; needed for a new date.", default=UNSET)
    day: date | None = column("The day, for a whole day.", default=UNSET)
    starts_at: datetime | None = column("When it starts.", default=UNSET)
    ends_at: datetime | None = column("When it ends.", default=UNSET)
    venue: str | None = column("Where it is.", default=UNSET)
    place: GeoJSON | None = column("Where it is on the map.", default=UNSET)
    place_approximate: bool | None = column("Whether the place is only approximate.", default=UNSET)
    online_url: str | None = column("Where to take part online (http or https).", default=UNSET)
    accessibility: str | None = column("Accessibility.", default=UNSET)
    note: str | None = column("Note.", default=UNSET)
    status: DateStatus | None = column("Whether it takes place.", default=UNSET)


def values_of(given: Any) -> dict[str, Any]:
    """The fields that the caller gave; those left out are left out here too."""
    values = {entry.name: _plain(getattr(given, entry.name)) for entry in fields(given)}
    values = {
        name: [] if value is None and name in _LISTS else value for name, value in values.items() if value is not UNSET
    }
    if (figures := values.get("figures")) is not None:
        values["figures"] = {figure["key"]: figure["value"] for figure in figures}
    return values


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value
