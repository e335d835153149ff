"""The shop with a second plugin over its tables, on both databases."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from importlib.metadata import EntryPoint
from pathlib import Path

import httpx
import pytest

from regiohub.clock import FrozenClock
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for
from regiohub.testing.world import START, World

ENTRIES = (
    EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins"),
    EntryPoint("figures", "gq_figures:plugin", "regiohub.plugins"),
)


@asynccontextmanager
async def opened(address: Address, data_dir: Path, *, plans: bool) -> AsyncGenerator[World]:
    """The installation, with the second plugin switched on in two towns."""
    from regiohub.web.app import create_app

    clock = FrozenClock(START)
    settings = settings_for(address, data_dir).model_copy(update={"graphql_plans": plans})
    platform = Platform(settings, entries=ENTRIES, clock=clock)
    await platform.start()
    app = create_app(platform)
    transport = httpx.ASGITransport(app=app)
    try:
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            world = World(platform, app, client, clock)
            for slug in ("potsdam", "bad-belzig"):
                await world.enable(slug, "figures")
            yield world
    finally:
        await platform.stop()


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
