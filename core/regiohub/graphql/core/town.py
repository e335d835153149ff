"""The town itself."""

from __future__ import annotations

from typing import Any

from regiohub.graphql.authoring.fields import column, computed
from regiohub.graphql.authoring.scalars import GeoJSON
from regiohub.graphql.authoring.types import value


def _centre(town: Any, _ctx: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(town.centre)}


@value
class Tenant:
    """A municipality on this platform."""

    slug: str = column("Short name in addresses: potsdam.")
    name: str = column("Official name.")
    short_name: str = column("Name for everyday use.")
    timezone: str = computed("Time zone of the town (IANA).", python=lambda town, _ctx: str(town.timezone))
    subdivision: str = column("Federal state as in ISO 3166-2, without the country: BB.")
    country: str = column("Country as in ISO 3166-1: DE.")
    centre: GeoJSON = computed("A point in the middle of the town.", python=_centre)
    locale: str = column("Language and region of the town: de-DE.")
