"""Two towns with equal ids in every table of the sample plugin, on both databases, and a plugin without manners."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate
from regiohub.testing.world import World, open_world

sys.path.insert(0, str(Path(__file__).parent / "plugins"))

from equal_ids import make_twins

ENTRIES = (
    EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins"),
    EntryPoint("walls", "gq_walls:plugin", "regiohub.plugins"),
    EntryPoint("lies", "gq_lies:plugin", "regiohub.plugins"),
)


@asynccontextmanager
async def opened(address: Address, data_dir: Path, **changes: Any) -> AsyncGenerator[World]:
    """The installation with both plugins on in two towns."""
    async with open_world(address, data_dir, entries=ENTRIES, **changes) as world:
        assert world.app, "made now, so that it is checked before a test begins to lie"
        for slug in ("potsdam", "bad-belzig"):
            await world.enable(slug, "walls")
            await world.enable(slug, "lies")
        yield world


@pytest.fixture
async def walls(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """Two towns with equal ids and different contents, once on each engine."""
    async with opened(shop_database, tmp_path / "data", graphql_response_cache=False) as world:
        await make_twins(world)
        yield world


@pytest.fixture
async def postgresql(shop_postgresql: PostgresTemplate, tmp_path: Path) -> AsyncGenerator[World]:
    """The same, for what only PostgreSQL has."""
    with shop_postgresql.copy(tmp_path) as address:
        async with opened(address, tmp_path / "data", graphql_response_cache=False) as world:
            await make_twins(world)
            yield world


@pytest.fixture
async def small_pool(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The same with three connections for everybody, once on each engine."""
    changes = {"graphql_response_cache": False, "database_pool_size": 3}
    async with opened(shop_database, tmp_path / "data", **changes) as world:
        await make_twins(world)
        yield world


@pytest.fixture
async def hurried(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """Operations end after 0.4 seconds, once on each engine."""
    async with opened(shop_database, tmp_path / "data", graphql_timeout=0.4) as world:
        yield world


@pytest.fixture
async def lying(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The shop as it is, and a plugin that lies about it, once on each engine."""
    async with opened(shop_database, tmp_path / "data") as world:
        yield world


@pytest.fixture
async def walls_sqlite(shop_file: SqliteTemplate, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation on SQLite, for what depends neither on the engine nor on ids."""
    with shop_file.copy(tmp_path) as address:
        async with opened(address, tmp_path / "data") as world:
            yield world


@pytest.fixture
async def patient(shop_postgresql: PostgresTemplate, tmp_path: Path) -> AsyncGenerator[World]:
    """PostgreSQL ends statements after 0.3 seconds, the platform has time."""
    with shop_postgresql.copy(tmp_path) as address:
        async with opened(address, tmp_path / "data", database_statement_timeout=0.3) as world:
            yield world
