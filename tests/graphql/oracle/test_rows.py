"""Random rows: the same identifiers in two towns, other content, and everything that is awkward."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from oracle_data import MODELS, TOWNS

import regiohub_booking.models as booking
import regiohub_lorawan.models as lorawan
from regiohub.testing.world import World

pytestmark = pytest.mark.parametrize("filled_address", ["filled_sqlite"], indirect=True)


async def rows_of(world: World, town: str, model: type[Any]) -> list[Any]:
    """All rows of a table in a town."""
    async with world.scope(town).read() as ctx:
        return list((await ctx.session.scalars(sa.select(model))).all())


async def test_two_towns_have_the_same_identifiers_and_other_content(filled: World) -> None:
    first, second = [
        {row.id: (row.name, row.units, row.equipment) for row in await rows_of(filled, town, booking.Resource)}
        for town in TOWNS
    ]
    same = first.keys() & second.keys()
    assert len(same) >= 20
    assert len([id_ for id_ in same if first[id_] != second[id_]]) >= len(same) - 2
    assert second.keys() - first.keys(), "some rows are in the second town only"


async def test_every_table_is_filled(filled: World) -> None:
    numbers = {model.__tablename__: len(await rows_of(filled, TOWNS[0], model)) for model in MODELS}
    assert {name: number for name, number in numbers.items() if number < 3} == {}


async def test_values_are_awkward(filled: World) -> None:
    resources = await rows_of(filled, TOWNS[0], booking.Resource)
    texts = "".join(row.name + row.description for row in resources)
    assert set("\"'ß") & set(texts)
    assert [] in [row.equipment for row in resources]
    assert {row.persons is None for row in resources} == {True, False}
    values = {row.value for row in await rows_of(filled, TOWNS[0], lorawan.Observation)}
    assert values >= {0.1 + 0.2, 1e-7, 1e16}
    assert any(row.starts_at.microsecond for row in await rows_of(filled, TOWNS[0], booking.Booking))
