"""The town itself."""

from __future__ import annotations

from datetime import date
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
    ags: str = column("Official municipality key (Amtlicher Gemeindeschlüssel), eight digits.")
    population: int | None = column("Inhabitants; null where the town states none.")
    area_km2: float | None = column("Area in square kilometres.", name="areaKm2")
    programme_id: str | None = column("Programme that several towns carry together.")
    programme: str | None = column("Title of the programme that the town's strategy belongs to.")
    phase: str | None = column("Phase of the town's strategy, in the programme's words.")
    phase_until: date | None = column("Last day of that phase.")
    motto: str | None = column("Motto of the strategy.")
    office: str | None = column("Office in charge of the strategy.")
    client: str | None = column("The town's own app or portal that uses this interface.")
    innovation_fields: list[str] = computed(
        "Fields of innovation that the strategy names.", python=lambda town, _ctx: list(town.innovation_fields)
    )
