"""A world with the shop and, above it, a board whose answers may be kept."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from regiohub.testing.databases import Address, SqliteTemplate
from regiohub.testing.world import World, open_world

from ..conftest import SHOP  # noqa: TID252 - the conftest of the folder above

sys.path.insert(0, str(Path(__file__).parent / "plugins"))

BOARD = EntryPoint("board", "gq_board:plugin", "regiohub.plugins")


@asynccontextmanager
async def opened_board(address: Address, data_dir: Path, **changes: Any) -> AsyncGenerator[World]:
    """An installation with both plugins; the board is on in Potsdam and Bad Belzig."""
    async with open_world(address, data_dir, entries=(SHOP, BOARD), **changes) as world:
        for slug in ("potsdam", "bad-belzig"):
            if "board" not in world.tenant(slug).enabled:
                await world.enable(slug, "board")
        yield world


@pytest.fixture
async def board(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation, once on each engine."""
    async with opened_board(shop_database, tmp_path / "data") as world:
        yield world


@pytest.fixture
async def board_sqlite(shop_file: SqliteTemplate, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation on SQLite, for what does not depend on the engine."""
    with shop_file.copy(tmp_path) as address:
        async with opened_board(address, tmp_path / "data") as world:
            yield world
