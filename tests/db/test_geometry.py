"""Geometry gives the same answers on both databases, and those of a plain calculation."""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from regiohub.api import InvalidInput, check_geometry, distance_to, near, uuid7, within_bbox
from regiohub.db import planar
from regiohub.db.database import Database

from .conftest import BELZIG, POTSDAM, Spot, add_spot

SQUARE = {"type": "Polygon", "coordinates": [[[13.0, 52.0], [13.1, 52.0], [13.1, 52.1], [13.0, 52.1], [13.0, 52.0]]]}
LINE = {"type": "LineString", "coordinates": [[12.5, 52.1], [12.6, 52.1]]}


def point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


async def found(db: Database, criterion: Any) -> set[str]:
    async with db.read(POTSDAM) as session:
        return set(await session.scalars(sa.select(Spot.name).where(criterion)))


async def test_a_geometry_comes_back_as_it_was_given(db: Database) -> None:
    for name, place in (("p", point(13.0591, 52.3906)), ("l", LINE), ("s", SQUARE), ("none", None)):
        await add_spot(db, POTSDAM, name, place=place)
        async with db.read(POTSDAM) as session:
            assert await session.scalar(sa.select(Spot.place).where(Spot.name == name)) == place


async def test_near_finds_points_lines_and_areas_by_their_nearest_place(db: Database) -> None:
    await add_spot(db, POTSDAM, "inside", place=SQUARE)
    await add_spot(db, POTSDAM, "line", place=LINE)
    await add_spot(db, POTSDAM, "point", place=point(12.55, 52.109))
    await add_spot(db, BELZIG, "foreign", place=point(12.55, 52.109))
    await add_spot(db, POTSDAM, "nowhere")
    assert await found(db, near(Spot.place, 13.05, 52.05, 1)) == {"inside"}
    assert await found(db, near(Spot.place, 12.55, 52.1, 500)) == {"line"}
    assert await found(db, near(Spot.place, 12.55, 52.1, 1100)) == {"line", "point"}


async def test_distance_is_metres_on_both_databases(db: Database) -> None:
    await add_spot(db, POTSDAM, "p", place=point(13.06, 52.39))
    async with db.read(POTSDAM) as session:
        metres = await session.scalar(sa.select(distance_to(Spot.place, 13.06, 52.40)))
    assert metres == pytest.approx(1111.949, abs=0.01)


async def test_the_index_follows_updates_and_deletes(db: Database) -> None:
    id_ = await add_spot(db, POTSDAM, "moving", place=point(13.0, 52.0))
    for place, here in ((point(14.0, 53.0), False), (None, False), (point(13.0, 52.0), True)):
        async with db.write(POTSDAM) as session:
            spot = await session.find(Spot, id_)
            assert spot is not None
            spot.place = place
            await session.commit()
        assert (await found(db, near(Spot.place, 13.0, 52.0, 50)) == {"moving"}) is here
    async with db.write(POTSDAM) as session:
        spot = await session.find(Spot, id_)
        await session.delete(spot)
        await session.commit()
    assert await found(db, within_bbox(Spot.place, -180, -90, 180, 90)) == set()


async def test_bbox_and_near_agree_with_a_plain_calculation_over_300_points(db: Database) -> None:
    chance = random.Random(3)
    places = {f"p{n}": (chance.uniform(12.9, 13.3), chance.uniform(52.2, 52.5)) for n in range(300)}
    async with db.write(POTSDAM) as session:
        session.add_all([Spot(id=uuid7(), name=n, visits=0, place=point(*xy)) for n, xy in places.items()])
        await session.commit()
    for _ in range(20):
        lon, lat, metres = chance.uniform(12.9, 13.3), chance.uniform(52.2, 52.5), chance.uniform(500, 9000)
        kx, ky = planar.scale(lat)
        wanted = {n for n, (x, y) in places.items() if math.hypot((x - lon) * kx, (y - lat) * ky) <= metres}
        assert await found(db, near(Spot.place, lon, lat, metres)) == wanted
        w, s = chance.uniform(12.9, 13.1), chance.uniform(52.2, 52.4)
        wanted = {n for n, (x, y) in places.items() if w <= x <= w + 0.1 and s <= y <= s + 0.1}
        assert await found(db, within_bbox(Spot.place, w, s, w + 0.1, s + 0.1)) == wanted


@pytest.mark.parametrize(
    ("geometry", "field", "words"),
    [
        ("here", "geometry", "GeoJSON object"),
        ({"type": "Circle"}, "geometry", "Unknown geometry type 'Circle'"),
        (point(200, 52), "geometry.coordinates", "outside the world"),
        (point(13, float("nan")), "geometry.coordinates", "outside the world"),
        (point(13, "52"), "geometry.coordinates", "in degrees"),  # type: ignore[arg-type]
        ({"type": "LineString", "coordinates": [[13, 52]]}, "geometry.coordinates", "at least two"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1]]]}, "geometry.coordinates[0]", "closed"),
        ({"type": "MultiPoint", "coordinates": [[0, 0], [0, 91]]}, "geometry.coordinates[1]", "outside the world"),
        ({"type": "GeometryCollection", "geometries": []}, "geometry", "no geometries"),
        ({"type": "MultiPoint", "coordinates": [[0, 0]] * 20_001}, "geometry.coordinates[20000]", "20000"),
    ],
)
def test_a_bad_geometry_is_refused_with_place_and_reason(geometry: Any, field: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_geometry(geometry)
    assert refused.value.field == field
    assert words in refused.value.message.en


def test_only_the_wanted_kinds_of_geometry_are_taken() -> None:
    assert check_geometry(point(13, 52), kinds=("Point",))["type"] == "Point"
    with pytest.raises(InvalidInput, match="GeoJSON of type Point") as refused:
        check_geometry({"type": "LineString", "coordinates": [[13, 52], [14, 52]]}, field="place", kinds=("Point",))
    assert refused.value.field == "place"


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda c: st.lists(c) | st.dictionaries(st.sampled_from(["type", "coordinates", "geometries"]), c),
    )
)
def test_whatever_comes_is_a_geometry_or_a_clear_refusal(thing: Any) -> None:
    field = None
    try:
        geometry = check_geometry(thing)
    except InvalidInput as refused:
        geometry, field = {}, refused.field
    assert "type" in geometry or field
