"""No table of a town is forgotten: it is in the archive, or exempt with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from regiohub.archive.departure import Leaving, remove_town
from regiohub.archive.tables import EXEMPT, models_by_owner, tables_in
from regiohub.errors import Conflict
from regiohub.testing import World
from regiohub.testing.installations import Recipe

from .conftest import ONE, Open, exported

BOTH = pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])


async def catalogue(world: World) -> set[str]:
    engine = world.platform.database.migrating()
    try:
        async with engine.connect() as connection:
            return set(await connection.run_sync(tables_in))
    finally:
        await engine.dispose()


async def test_every_table_with_a_town_in_the_database_is_in_the_archive_or_exempt(
    world: World, tmp_path: Path
) -> None:
    done = await exported(world, tmp_path / "1.zip")
    there = await catalogue(world)
    named = {table.name for table in done.manifest.tables}
    assert there - named == set(EXEMPT)
    assert named <= there
    assert {
        str(m.__tablename__) for models in models_by_owner(world.platform.plugins).values() for m in models
    } == there
    assert all(EXEMPT.values())
    assert {table.owner for table in done.manifest.tables} == {"core", *world.platform.plugins.healthy}


@BOTH
async def test_rows_of_a_plugin_that_is_gone_are_noticed_and_go_with_the_town(
    opens: Open, tmp_path: Path, engine: str
) -> None:
    async with opens(engine, Recipe()) as world:
        number = world.tenant("potsdam").id
        await world.platform.stop()
    # The same tables, and only one of the plugins.
    async with opens(engine, ONE, prepared_as=Recipe()) as world:
        migrating = world.platform.database.migrating()
        async with migrating.begin() as connection:
            await connection.execute(
                sa.text("INSERT INTO atlas_topic (tenant_id, id, key, title) VALUES (:town, :id, 'k', 't')"),
                {"town": number, "id": "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"},
            )
        await migrating.dispose()
        with pytest.raises(Conflict, match=r"atlas_topic \(1\)"):
            await exported(world, tmp_path / "1.zip")
        with pytest.raises(Conflict, match=r"atlas_topic \(1\)"):
            await remove_town(world.platform, "potsdam", Leaving(export=tmp_path / "2.zip", settle=0.0))
        done = await exported(world, tmp_path / "3.zip", strange=True)
        assert "1 rows of a plugin" in done.manifest.left_out["atlas_topic"]
        gone = await remove_town(world.platform, "potsdam", Leaving(settle=0.0))
        assert gone.tables["atlas_topic"] == 1
