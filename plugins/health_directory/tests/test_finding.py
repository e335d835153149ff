"""Finding services through the town's API, the same on both databases."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from regiohub.testing import World

from .conftest import Add

FIND = """query($filter: HealthServiceFilter, $from: PointInput!, $first: Int = 100, $after: String) {
  healthDirectory { services(filter: $filter, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { name openNow nextChange distance(from: $from) categories { code title } languages { code name }
      wheelchair acceptingNewPatients freshness } } } }"""
CENTRE = {"lon": 12.595, "lat": 52.142}


async def find(world: World, town: str = "bad-belzig", **wanted: Any) -> list[dict[str, Any]]:
    found = await world.graphql(town, FIND, {"filter": wanted, "from": CENTRE})
    assert not found.errors, found.errors
    return found.data["healthDirectory"]["services"]["nodes"]


async def names(world: World, **wanted: Any) -> list[str]:
    return [node["name"] for node in await find(world, **wanted)]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Zahnartz", "MZAH"),
        ("Fysiotherapie", "PHYS"),
        ("Apoteke", "APOT"),
        ("Hebame", "HEBA"),
        ("Augenarz", "AUGE"),
        ("Sychotherapie", "PST"),
        ("Logopedie", "SPR"),
        ("Krankengymnastik", "PHYS"),
        ("Fußpflege", "POD"),
        ("Kinderarzt", "KIJU"),
        ("Hausärztin", "ALLG"),
        ("Zahnärztin", "MZAH"),
        ("Frauenarzt", "FRAU"),
    ],
)
async def test_typos_and_everyday_words_bring_the_right_offer_first(demo: World, typed: str, code: str) -> None:
    first = (await find(demo, text=typed))[0]
    assert code in [category["code"] for category in first["categories"]]
