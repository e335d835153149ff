"""The shop with a second plugin over its tables, on both databases."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from regiohub.testing.databases import Address
from regiohub.testing.world import World, open_world

ENTRIES = (
    EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins"),
    EntryPoint("figures", "gq_figures:plugin", "regiohub.plugins"),
)


@asynccontextmanager
async def opened(address: Address, data_dir: Path, *, plans: bool) -> AsyncGenerator[World]:
    """The installation, with the second plugin switched on in two towns."""
    async with open_world(address, data_dir, entries=ENTRIES, graphql_plans=plans) as world:
        assert world.app, "made now, so that it is checked before a test begins to lie"
        for slug in ("potsdam", "bad-belzig"):
            await world.enable(slug, "figures")
        yield world


@pytest.fixture(params=["ordinary", "plans"])
async def figures(request: pytest.FixtureRequest, shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation, once on each engine and in each way of answering."""
    async with opened(shop_database, tmp_path / "data", plans=request.param == "plans") as world:
        yield world


@pytest.fixture
async def ordinary(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation without plans, once on each engine."""
    async with opened(shop_database, tmp_path / "data", plans=False) as world:
        yield world


@pytest.fixture
def faults() -> Iterator[dict[str, bool]]:
    """Lies that a test wants the second plugin to tell; none when it is over."""
    from gq_figures import FAULTS

    yield FAULTS
    FAULTS.update(dict.fromkeys(FAULTS, False))
