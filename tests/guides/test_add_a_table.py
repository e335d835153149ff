"""docs/how-to/add-a-table.md: a plugin whose second migration meets data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from regiohub.api import near
from regiohub.db.migrate import Migrations, downgrade, upgrade
from regiohub.testing import World
from regiohub.testing.installations import Engine, Installations, Recipe

from .conftest import ENGINES, plugin_of

PAGE = "how-to/add-a-table.md"
MIGRATIONS = Migrations("benches", "regiohub_benches.migrations")


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EntryPoint]:
    """The plugin of the page."""
    with plugin_of(PAGE, "benches", tmp_path_factory.mktemp("benches")) as entry:
        yield entry


def _place(north: float = 0.0) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [13.06, 52.4 + north]}


async def _fill(world: World) -> None:
    from regiohub_benches.models import Bench, Condition  # pyright: ignore[reportMissingImports]

    for slug in ("potsdam", "bad-belzig"):
        async with world.scope(slug).write() as ctx:
            ctx.session.add_all([
                Bench(number="1", place=_place(), repaired_on=date(2026, 3, 1), condition=Condition.WORN),
                Bench(number="2", place=_place(), repaired_on=None, condition=Condition.WORN),
            ])  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
async def test_the_second_migration_keeps_rows_guards_and_places(
    installations: Installations, benches: EntryPoint, tmp_path: Path, engine: Engine
) -> None:
    async with installations.open(Recipe(entries=(benches,)), engine, tmp_path) as world:
        from regiohub_benches.models import Bench  # pyright: ignore[reportMissingImports]

        await _fill(world)
        await downgrade(world.platform.database, MIGRATIONS, "0001")
        await upgrade(world.platform.database, [MIGRATIONS])
        for slug in ("potsdam", "bad-belzig"):
            async with world.scope(slug).write() as ctx:
                first, second = (await ctx.session.scalars(select(Bench).order_by(Bench.number))).all()
                assert (first.condition, second.condition) == ("good", "unknown")
                # The index follows, although the table was rebuilt.
                second.place = _place(north=0.5)
        async with world.scope("potsdam").read() as ctx:
            moved = select(Bench.number).where(near(Bench.place, 13.06, 52.9, 100))
            assert (await ctx.session.scalars(moved)).all() == ["2"]
        assert await _foreign_write_is_refused(world)


async def _foreign_write_is_refused(world: World) -> bool:
    other = world.tenant("bad-belzig").id
    try:
        async with world.scope("potsdam").write() as ctx:
            changed = await ctx.session.sql(
                f"UPDATE benches_bench SET number = 'x' WHERE :tenant_id > 0 AND tenant_id = {other}"
            )
            return changed.rowcount == 0
    except Exception as error:
        return "guard" in str(error)
