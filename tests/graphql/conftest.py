"""A world whose only plugin is the sample plugin `shop`, on both databases."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.clock import FrozenClock
from regiohub.db.migrate import upgrade
from regiohub.platform import Platform
from regiohub.tenancy.sync import apply_town
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, settings_for
from regiohub.testing.towns import small_towns
from regiohub.testing.world import START, World, open_world

sys.path.insert(0, str(Path(__file__).parent / "plugins"))

from gq_shop.stock import stock

SHOP = EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins")


@asynccontextmanager
async def opened(address: Address, data_dir: Path, **changes: Any) -> AsyncGenerator[World]:
    """An installation with the plugin on a prepared database."""
    async with open_world(address, data_dir, entries=(SHOP,), **changes) as world:
        yield world


async def prepare(address: Address, data_dir: Path) -> None:
    """Migrate core and plugin, put the towns in, and fill the shop of each."""
    platform = Platform(settings_for(address, data_dir), entries=(SHOP,), clock=FrozenClock(START))
    try:
        await upgrade(platform.database, platform.migrations)
        for town in small_towns(platform.plugins.healthy, ["shop.things"]):
            await apply_town(platform, town)
        await platform.tenants.refresh()
        for town in platform.tenants.all():
            await stock(platform.scope(town))
    finally:
        await platform.stop()


class ShopTemplate(PostgresTemplate):
    """The prepared database of these tests on PostgreSQL."""

    NAME = "regiohub_graphql_template"


@pytest.fixture(scope="session")
def shop_postgresql(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ShopTemplate:
    """Made once per run."""
    template = ShopTemplate(request.getfixturevalue("postgres_server"))
    folder = tmp_path_factory.mktemp("graphql-postgresql")

    async def make() -> None:
        await template.create()
        await prepare(template.address, folder)

    asyncio.run(make())
    return template


@pytest.fixture(scope="session")
def shop_file(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """Made once per run."""
    folder = tmp_path_factory.mktemp("graphql-sqlite")
    template = SqliteTemplate(folder)
    asyncio.run(prepare(template.address, folder))
    return template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def shop_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """A copy of the prepared database, once on each engine."""
    template = request.getfixturevalue("shop_file" if request.param == "sqlite" else "shop_postgresql")
    with template.copy(tmp_path) as address:
        yield address


@pytest.fixture
async def shop(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation, once on each engine."""
    async with opened(shop_database, tmp_path / "data") as world:
        yield world


@pytest.fixture
async def ordinary_shop(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation without plans, once on each engine: every operation is answered by the executor."""
    async with opened(shop_database, tmp_path / "data", graphql_plans=False) as world:
        yield world


@pytest.fixture
async def shop_sqlite(shop_file: SqliteTemplate, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation on SQLite, for what does not depend on the engine."""
    with shop_file.copy(tmp_path) as address:
        async with opened(address, tmp_path / "data") as world:
            yield world
