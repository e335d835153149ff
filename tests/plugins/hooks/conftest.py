"""An installation whose only plugin implements every hook: on in Potsdam and Bad Belzig, off in Berlin."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from regiohub.testing import World
from regiohub.testing.installations import Installations, Recipe

ENTRIES = (EntryPoint("board", "regiohub_board.plugin:plugin", "regiohub.plugins"),)
Seen = list[tuple[str, str]]


@pytest.fixture(scope="session", autouse=True)
def package() -> Iterator[None]:
    """Make the plugin importable."""
    folder = str(Path(__file__).parent / "packages")
    sys.path.insert(0, folder)
    yield
    sys.path.remove(folder)


@pytest.fixture
def seen(package: None) -> Seen:
    """What the plugin was asked to do during the test, and in which town."""
    found: Seen = import_module("regiohub_board.plugin").seen
    found.clear()
    return found


@pytest.fixture
async def board(package: None, installations: Installations, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation."""
    async with installations.open(Recipe.of("board", entries=ENTRIES), "sqlite", tmp_path) as world:
        yield world
