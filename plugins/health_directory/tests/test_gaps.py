"""Where offers are missing: straight lines, known entries only, and a cost with a bound."""

import math
from typing import Any
from uuid import uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_health_directory.service import gaps

from .conftest import Add
from .test_editing import STAFF

TOWN = "bad-belzig"
GAPS = """query($code: String!, $metres: Int!) { healthDirectory { gaps(category: $code, metres: $metres) {
  offers withoutPosition method settlements { name covered distance nearestServiceId } map } } }"""


async def missing(world: World, code: str, metres: int) -> dict[str, Any]:
    found = await world.graphql(TOWN, GAPS, {"code": code, "metres": metres}, roles=STAFF)
    assert not found.errors, found.errors
    return found.data["healthDirectory"]["gaps"]


async def test_a_village_too_far_from_any_offer_is_named_with_its_distance(world: World, add: Add) -> None:
    one = await add("Praxis", "ALLG")
    far = {"name": "Dorfhaus", "district": "Fernes Dorf", "place": {"type": "Point", "coordinates": [12.695, 52.142]}}
    await add("Wandergruppe", "BEWE", places=[{"location": far}])
    found = await missing(world, "ARZT", 5000)
    (village,) = [place for place in found["settlements"] if place["name"] == "Fernes Dorf"]
    assert village["covered"] is False
    assert 6700 < village["distance"] < 6900
    assert village["nearestServiceId"] == str(one)
    assert found["settlements"][0] == village
    assert found["offers"] == 1
    assert "Straight line" in found["method"]
    assert {feature["geometry"]["type"] for feature in found["map"]["features"]} >= {"Point"}
    near = await missing(world, "ALLG", 10_000)
    assert all(place["covered"] for place in near["settlements"])


async def test_offers_that_are_hidden_or_without_a_position_do_not_count(world: World, add: Add) -> None:
    await add("Ohne Lage", "ALLG", places=[{"location": {"name": "Irgendwo"}}])
    await add("Zurückgezogen", "ALLG", status="INACTIVE")
    found = await missing(world, "ALLG", 5000)
    assert (found["offers"], found["withoutPosition"]) == (0, 1)
    assert all(place["distance"] is None and not place["covered"] for place in found["settlements"])


async def test_gaps_read_by_a_number_of_statements_that_does_not_grow(world: World, add: Add) -> None:
    counts: list[int] = []
    for _ in range(2):
        for number in range(3):
            await add(f"Praxis {number}", "ALLG", lon=12.5 + number / 10 + len(counts) / 100)
        with world.statements() as seen:
            await missing(world, "ALLG", 5000)
        counts.append(len(seen))
    assert counts[0] == counts[1]


async def test_a_distance_out_of_bounds_and_an_unknown_term_are_refused(world_sqlite: World) -> None:
    for code, metres in (("ALLG", 100), ("ALLG", 200_000), ("NIX", 5000)):
        found = await world_sqlite.graphql(TOWN, GAPS, {"code": code, "metres": metres}, roles=STAFF)
        assert found.codes == ["INVALID_INPUT"]
    refused = await world_sqlite.graphql(TOWN, GAPS, {"code": "ALLG", "metres": 5000}, subject="eva")
    assert refused.codes == ["FORBIDDEN"]


_POINTS = st.tuples(st.floats(12.0, 13.0), st.floats(51.8, 52.4))


@given(st.lists(_POINTS, max_size=30), _POINTS)
def test_the_nearest_offer_is_the_one_that_looking_at_all_finds(
    points: list[tuple[float, float]], where: tuple[float, float]
) -> None:
    plane = gaps._Plane(12.595, 52.142)  # pyright: ignore[reportPrivateUsage]
    offers = [(point, uuid4(), str(number)) for number, point in enumerate(points)]
    finder = gaps._Finder(plane, offers)  # pyright: ignore[reportPrivateUsage]
    found = finder.nearest(where)
    x, y = plane.metres(where)
    spots = [plane.metres(point) for point in points]
    assert (found is None) == (not points)
    if found is not None:
        assert abs(found.metres - min(math.hypot(a - x, b - y) for a, b in spots)) <= 0.06


@settings(max_examples=50)
@given(st.lists(_POINTS, min_size=1, max_size=20))
def test_there_are_never_more_squares_than_the_bound(points: list[tuple[float, float]]) -> None:
    plane = gaps._Plane(12.595, 52.142)  # pyright: ignore[reportPrivateUsage]
    finder = gaps._Finder(plane, [])  # pyright: ignore[reportPrivateUsage]
    cells = list(gaps._cells(plane, points, finder, 1000))  # pyright: ignore[reportPrivateUsage]
    assert 1 <= len(cells) <= gaps.MOST_CELLS
    assert all(cell.west < cell.east and cell.south < cell.north for cell in cells)
