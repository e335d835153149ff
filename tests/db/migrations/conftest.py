"""An installation whose plugins all have rows, and the way up and down of each distribution."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from regiohub.db.migrate import Migrations
from regiohub.platform import Platform
from regiohub.testing.contract.filling import fill_tables
from regiohub.testing.databases import settings_for
from regiohub.testing.installations import Engine, Installations, Recipe
from regiohub.testing.world import START, World
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import backfill
from regiohub_lorawan.store.observations import Point
from regiohub_lorawan.testing import register

TOWN = "potsdam"


async def _fill(world: World) -> None:
    for plugin in world.platform.plugins.healthy:
        if plugin == "lorawan" and world.dialect == "postgresql":
            # Partitions are made with the values that come: rows of any time find none.
            sensor = await register(world.scope(TOWN))
            first = to_millis(START - timedelta(days=2))
            points = [Point(sensor.temperature.series, first + n * 600_000, n / 10) for n in range(50)]
            await backfill.load(sensor.scope, points)
        else:
            await fill_tables(plugin)(world.scope(TOWN), 3)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def filled(
    request: pytest.FixtureRequest, installations: Installations, tmp_path: Path
) -> AsyncIterator[Platform]:
    """The platform of a database with rows of every plugin, newest revisions; on each database."""
    engine: Engine = request.param
    async with installations.open_filled(Recipe(), engine, tmp_path, "migrations", _fill) as world:
        yield world.platform


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def empty(
    request: pytest.FixtureRequest, installations: Installations, tmp_path: Path
) -> AsyncIterator[Platform]:
    """The platform of a database without any table."""
    engine: Engine = request.param
    with (await installations.blank(engine)).copy(tmp_path) as address:
        platform = Platform(settings_for(address, tmp_path / "data"))
        yield platform
        await platform.stop()


def revisions(migrations: Migrations) -> list[str]:
    """The oldest first."""
    return [revision.revision for revision in migrations.script().walk_revisions()][::-1]
