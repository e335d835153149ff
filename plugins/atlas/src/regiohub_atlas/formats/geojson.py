"""Procedures as GeoJSON (RFC 7946) in the shape of OGC API Features, Part 1."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from regiohub.api import Language
from regiohub_atlas.models import Actor, Document, Link, TakePart
from regiohub_atlas.service.records import Record
from regiohub_atlas.service.term import Term
from regiohub_atlas.service.topics import topic_text
from regiohub_atlas.wording import COMMITMENT, KIND, LEVEL, ROLE, STATUS, TAKE_PART

MEDIA_TYPE = "application/geo+json"


def feature(record: Record, language: Language) -> dict[str, Any]:
    """One procedure. ``geometry`` is null where it is for the whole town or nothing is known about its place.

    Codes are language-free; members ending in ``Label`` and texts are in the language asked for, German where a text
    has no English version.
    """
    procedure = record.procedure
    english = language == "en"
    term = Term(procedure.starts_on, procedure.start_precision, procedure.ends_on, procedure.end_precision)
    properties: dict[str, Any] = {
        "slug": procedure.slug,
        "title": (english and procedure.title_en) or procedure.title,
        "summary": (english and procedure.summary_en) or procedure.summary,
        "description": procedure.description,
        "plainText": procedure.plain_text,
        "status": record.status.value,
        "statusLabel": STATUS[record.status].get(language),
        "statusNote": procedure.status_note,
        "kind": procedure.kind.value,
        "kindLabel": KIND[procedure.kind].get(language),
        "formal": procedure.formal,
        "level": procedure.level and procedure.level.value,
        "levelLabel": procedure.level and LEVEL[procedure.level].get(language),
        "topics": [{"key": topic.key, "title": topic_text(topic).get(language)} for topic in record.topics],
        "cityWide": procedure.city_wide,
        "placeLabel": procedure.place_label,
        "placeApproximate": procedure.place_approximate,
        "districts": procedure.districts,
        "term": term.words.get(language),
        "startsOn": procedure.starts_on and procedure.starts_on.isoformat(),
        "startPrecision": procedure.start_precision.value,
        "endsOn": procedure.ends_on and procedure.ends_on.isoformat(),
        "endPrecision": procedure.end_precision.value,
        "nextDate": record.next_date and record.next_date.isoformat(),
        "costMin": _amount(procedure.cost_min),
        "costMax": _amount(procedure.cost_max),
        "currency": procedure.currency,
        "costText": procedure.cost_text,
        "actors": [_actor(actor, language) for actor in record.actors],
        "documents": [_document(document, record.base) for document in record.documents],
        "links": [_link(link) for link in record.links],
        "audience": (english and procedure.audience_en) or procedure.audience,
        "takePart": procedure.take_part,
        "takePartLabels": [TAKE_PART[TakePart(form)].get(language) for form in procedure.take_part],
        "commitment": procedure.commitment and procedure.commitment.value,
        "commitmentLabel": procedure.commitment and COMMITMENT[procedure.commitment].get(language),
        "minutesPerWeek": procedure.minutes_per_week,
        "accessibility": procedure.accessibility,
        "contact": procedure.contact,
        "result": procedure.result,
        "outcome": procedure.outcome,
        "example": procedure.example,
        "source": procedure.source,
        "sourceUrl": procedure.source_url,
        "syncedAt": procedure.synced_at and _moment(procedure.synced_at),
        "updatedAt": _moment(procedure.updated_at),
    }
    return {"type": "Feature", "id": str(procedure.id), "geometry": procedure.place, "properties": properties}


def collection(
    records: Sequence[Record], *, matched: int, at: datetime, links: Sequence[dict[str, str]], language: Language
) -> dict[str, Any]:
    """A page of procedures; ``matched`` counts all that fit, ``links`` lead to this page and the next."""
    return {
        "type": "FeatureCollection",
        "timeStamp": _moment(at),
        "numberMatched": matched,
        "numberReturned": len(records),
        "links": list(links),
        "features": [feature(record, language) for record in records],
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _amount(value: Decimal | None) -> str | None:
    # As text: a map client must not turn money into binary fractions.
    return None if value is None else f"{value:.2f}"


def _actor(actor: Actor, language: Language) -> dict[str, Any]:
    return {"role": actor.role.value, "roleLabel": ROLE[actor.role].get(language), "name": actor.name}


def _document(document: Document, base: str) -> dict[str, Any]:
    return {
        "kind": document.kind.value,
        "title": document.title,
        "url": base + document.url if document.url.startswith("/") else document.url,
        "publishedOn": document.published_on and document.published_on.isoformat(),
        "licence": document.licence,
        "accessible": document.accessible,
        "altText": document.alt_text,
        "copyright": document.copyright,
        "size": document.size,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"kind": link.kind.value, "title": link.title, "url": link.url}
