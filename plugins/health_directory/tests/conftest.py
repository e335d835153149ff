"""A town with example offers, and short ways to fill in a service."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from regiohub.testing import World
from regiohub_health_directory.demo import load_demo

TOWNS = Path(__file__).parents[3] / "tenants"
CREATE = """mutation($input: HealthServiceInput!) { createHealthService(input: $input) {
  service { id revision updatedAt verifiedOn } errors { code message field
    ... on MalformedOpeningHoursError { position fragment } } } }"""


def offer(name: str, *categories: str, **more: Any) -> dict[str, Any]:
    """The input of a service at one place in Bad Belzig."""
    place = {
        "location": {
            "name": "Beispielhaus",
            "address": "Beispielweg 1",
            "postalCode": "14806",
            "city": "Bad Belzig",
            "place": {"type": "Point", "coordinates": [12.595, 52.142]},
            "wheelchair": more.pop("wheelchair", "UNKNOWN"),
        },
        "openingHours": more.pop("hours", None),
    }
    lon = more.pop("lon", None)
    if lon is not None:
        place["location"]["place"] = {"type": "Point", "coordinates": [lon, 52.142]}
    owner = more.pop("owner", "Beispielanbieter")
    return {
        "name": name,
        "organization": {"name": owner},
        "categories": list(categories) or ["ALLG"],
        "places": [place],
        **more,
    }


Add = Callable[..., Awaitable[UUID]]


@pytest.fixture
def add(world: World) -> Add:
    """Adds a service as staff and gives its id."""

    async def create(name: str, *categories: str, town: str = "bad-belzig", **more: Any) -> UUID:
        found = await world.graphql(town, CREATE, {"input": offer(name, *categories, **more)}, roles=("editor",))
        assert found.data, found.errors
        payload = found.data["createHealthService"]
        assert not payload["errors"], payload["errors"]
        return UUID(payload["service"]["id"])

    return create


@pytest.fixture
async def demo(world: World) -> World:
    """A world whose towns hold the example offers."""
    for slug in ("bad-belzig", "potsdam"):
        await load_demo(world.scope(slug), TOWNS / slug)
    return world
