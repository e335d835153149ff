"""pytest fixtures: a whole installation on SQLite, on PostgreSQL, or on each in turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.installations import Installations
from regiohub.testing.world import World, open_world


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    """A migrated SQLite file with three towns, made once per run."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    template = SqliteTemplate(folder)
    asyncio.run(prepare(template.address, folder))
    return template


@pytest.fixture(scope="session")
def postgres_template(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PostgresTemplate:
    """A migrated PostgreSQL database with three towns, made once per run."""
    template = PostgresTemplate(request.getfixturevalue("postgres_server"))
    folder = tmp_path_factory.mktemp("postgres-template")

    async def make() -> None:
        await template.create()
        await prepare(template.address, folder)

    asyncio.run(make())
    return template


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Address]:
    """A fresh copy of the prepared database, once on each engine."""
    template = request.getfixturevalue("sqlite_template" if request.param == "sqlite" else "postgres_template")
    with template.copy(tmp_path) as address:
        yield address


@pytest.fixture
async def world(database: Address, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation, once on each engine."""
    async with open_world(database, tmp_path / "data") as opened:
        yield opened


@pytest.fixture
async def world_sqlite(sqlite_template: SqliteTemplate, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation on SQLite, for what does not depend on the engine."""
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data") as opened:
            yield opened


@pytest.fixture
async def world_postgresql(postgres_template: PostgresTemplate, tmp_path: Path) -> AsyncIterator[World]:
    """A whole installation on PostgreSQL, for what only it can do."""
    with postgres_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data") as opened:
            yield opened


@pytest.fixture(scope="session")
def installations(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Installations:
    """Opens installations with chosen plugins and towns; see `Recipe`."""
    return Installations(request, tmp_path_factory)
