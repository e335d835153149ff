"""Invented rows: complete, different from each other, and refused with the reason where a rule stands in the way."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.plugins.host import PluginHost
from regiohub.testing import RowRefused, World, make
from regiohub.testing.contract.filling import fill_tables


def model(plugin: str, name: str) -> type[Any]:
    """A table of an installed plugin."""
    return next(found for found in PluginHost().healthy[plugin].models if found.__name__ == name)


async def test_a_row_comes_with_the_rows_that_it_refers_to(world: World) -> None:
    lot, place = model("booking", "Lot"), model("booking", "Place")
    async with world.scope("potsdam").write() as ctx:
        made = await make(ctx, lot, units=3)
        assert made.units == 3
        assert await ctx.session.find(place, made.place_id) is not None


async def test_rows_differ_where_they_must(world: World) -> None:
    resource = model("booking", "Resource")
    async with world.scope("potsdam").write() as ctx:
        slugs = {(await make(ctx, resource)).slug for _ in range(5)}
        assert len(slugs) == 5
    async with world.scope("bad-belzig").write() as ctx:
        assert (await make(ctx, resource)).slug in slugs


async def test_a_rule_that_wants_one_of_two_references_is_met(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        closure = await make(ctx, model("booking", "Closure"))
        assert (closure.resource_id is None) != (closure.place_id is None)
        assert closure.ends_at > closure.starts_at > ctx.now()


async def test_a_name_that_is_no_column_is_refused(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam").write() as ctx:
        with pytest.raises(TypeError, match="Place has no column colour"):
            await make(ctx, model("booking", "Place"), colour="red")


async def test_a_row_that_no_invention_makes_is_refused_with_the_rule(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        with pytest.raises(RowRefused, match=r"booking_tariff takes no invented row: .*amounts.*fill="):
            await make(ctx, model("booking", "Tariff"), price=-1)
        # The unit of work goes on.
        assert await make(ctx, model("booking", "Tariff"), price=1)


async def test_every_table_of_a_plugin_is_filled(world: World) -> None:
    await fill_tables("atlas")(world.scope("potsdam"), 3)
    async with world.scope("potsdam").read() as ctx:
        for table in PluginHost().healthy["atlas"].models:
            assert await ctx.session.scalar(sa.select(sa.func.count()).select_from(table)) == 3
