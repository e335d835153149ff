"""Every revision of every distribution, down and up again, beside filled tables of all others that stay as they are."""

from __future__ import annotations

import pytest

from regiohub.db.migrate import CORE, downgrade, status, upgrade
from regiohub.platform import Platform

from .conftest import revisions
from .prints import fingerprints, others


def _owners(platform: Platform) -> list[str]:
    return [migrations.owner for migrations in platform.migrations]


@pytest.mark.timeout(300)
async def test_every_revision_of_every_plugin_goes_down_and_up_and_touches_no_foreign_table(filled: Platform) -> None:
    steps = 0
    for migrations in reversed(filled.migrations[1:]):
        before = await others(filled.database, migrations.owner, _owners(filled))
        way = revisions(migrations)
        for target in [*way[-2::-1], "base"]:
            await downgrade(filled.database, migrations, target)
            assert await others(filled.database, migrations.owner, _owners(filled)) == before, f"down to {target}"
        for target in way:
            await upgrade(filled.database, [migrations], target)
            assert await others(filled.database, migrations.owner, _owners(filled)) == before, f"up to {target}"
        steps += 2 * len(way)
    assert not any(state.pending for state in await status(filled.database, filled.migrations))
    assert steps >= 2 * len(filled.migrations[1:])


@pytest.mark.timeout(300)
async def test_every_revision_of_the_core_goes_down_and_up_under_filled_plugins(filled: Platform) -> None:
    before = await others(filled.database, CORE.owner, _owners(filled))
    assert len(before) > 40
    way = revisions(CORE)
    for target in way[-2::-1]:
        await downgrade(filled.database, CORE, target)
        assert await others(filled.database, CORE.owner, _owners(filled)) == before, f"down to {target}"
    for target in way[1:]:
        await upgrade(filled.database, [CORE], target)
        assert await others(filled.database, CORE.owner, _owners(filled)) == before, f"up to {target}"
    assert not any(state.pending for state in await status(filled.database, filled.migrations))


@pytest.mark.timeout(300)
async def test_a_plugin_installed_again_has_the_tables_of_its_first_installation(filled: Platform) -> None:
    for migrations in reversed(filled.migrations[1:]):
        await downgrade(filled.database, migrations)
    bare = await fingerprints(filled.database)
    await upgrade(filled.database, filled.migrations)
    first = await fingerprints(filled.database)
    for migrations in reversed(filled.migrations[1:]):
        await downgrade(filled.database, migrations)
    assert await fingerprints(filled.database) == bare
    await upgrade(filled.database, filled.migrations)
    assert await fingerprints(filled.database) == first


async def test_a_touched_row_or_wall_of_another_distribution_shows(filled: Platform) -> None:
    """What the fingerprints are worth: one changed value and one changed guard are each seen."""
    before = await fingerprints(filled.database)
    engine = filled.database.migrating()
    async with engine.begin() as connection:
        await connection.exec_driver_sql("UPDATE booking_place SET name = name || '!'")
        if filled.database.dialect == "postgresql":
            await connection.exec_driver_sql("DROP POLICY floor_insert ON booking_resource")
        else:
            await connection.exec_driver_sql("DROP TRIGGER guard_booking_resource_insert")
    await engine.dispose()
    after = await fingerprints(filled.database)
    assert {name for name in before if before[name] != after[name]} == {"booking_place", "booking_resource"}
