"""Databases with two filled towns, made once per run; and the figures at the end of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path

import pytest

from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate
from regiohub.testing.world import World, open_world

sys.path.insert(0, str(Path(__file__).parent))

from oracle_data import fill_towns

FIGURES = "oracle"


async def _fill(address: Address, folder: Path) -> None:
    async with open_world(address, folder) as world:
        await fill_towns(world)


@pytest.fixture(scope="session")
def filled_sqlite(sqlite_template: SqliteTemplate, tmp_path_factory: pytest.TempPathFactory) -> Generator[Address]:
    """A SQLite file with both towns filled; nobody writes to it."""
    folder = tmp_path_factory.mktemp("oracle-sqlite")
    with sqlite_template.copy(folder) as address:
        asyncio.run(_fill(address, folder / "data"))
        yield address


@pytest.fixture(scope="session")
def filled_postgresql(
    postgres_template: PostgresTemplate, tmp_path_factory: pytest.TempPathFactory
) -> Generator[Address]:
    """The same on PostgreSQL."""
    folder = tmp_path_factory.mktemp("oracle-postgresql")
    with postgres_template.copy(folder) as address:
        asyncio.run(_fill(address, folder / "data"))
        yield address


@pytest.fixture
def filled_address(request: pytest.FixtureRequest) -> Address:
    """The filled database whose fixture is named by the parameter; outside of any event loop."""
    return request.getfixturevalue(request.param)


@pytest.fixture
async def filled(filled_address: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """An installation on a filled database."""
    async with open_world(filled_address, tmp_path / "data") as world:
        yield world


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what the random documents have reached."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURES:
                terminalreporter.write_line(str(value))
