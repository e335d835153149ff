"""Places as GeoJSON (RFC 7946) in the shape of OGC API Features, Part 1."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from regiohub.api import Language
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.service.hours import Span, hours_text
from regiohub_{{ cookiecutter.id }}.wording import KIND

MEDIA_TYPE = "application/geo+json"


def feature(place: {{ cookiecutter.__Thing }}, spans: Sequence[Span], open_now: bool | None, language: Language) -> dict[str, Any]:
    """One place; ``geometry`` is null where its location is not known. Codes are language-free, labels are not."""
    properties: dict[str, Any] = {
        "name": place.name,
        "kind": place.kind.value,
        "kindLabel": KIND[place.kind].get(language),
        "description": place.description,
        "address": place.address,
        "wheelchair": place.wheelchair,
        "hours": hours_text(spans) or None,
        "openNow": open_now,
        "externalId": place.external_id,
        "updatedAt": _moment(place.updated_at),
    }
    return {"type": "Feature", "id": str(place.id), "geometry": place.location, "properties": properties}


def collection(
    features: Sequence[dict[str, Any]], *, matched: int, at: datetime, links: Sequence[dict[str, str]]
) -> dict[str, Any]:
    """A page of places; ``matched`` counts all that fit, ``links`` lead to this page and the next."""
    return {
        "type": "FeatureCollection",
        "timeStamp": _moment(at),
        "numberMatched": matched,
        "numberReturned": len(features),
        "links": list(links),
        "features": list(features),
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
