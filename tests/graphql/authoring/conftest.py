"""The shop with a second plugin over its tables, on both databases."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator, Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import httpx
import pytest

from regiohub.clock import FrozenClock
from regiohub.platform import Platform
from regiohub.testing.databases import Address, settings_for
from regiohub.testing.world import START, World

sys.path.insert(0, str(Path(__file__).parent / "plugins"))

ENTRIES = (
    EntryPoint("shop", "gq_shop.plugin:plugin", "regiohub.plugins"),
    EntryPoint("figures", "gq_figures:plugin", "regiohub.plugins"),
)


@pytest.fixture
async def figures(shop_database: Address, tmp_path: Path) -> AsyncGenerator[World]:
    """The installation, once on each engine, with the second plugin switched on in two towns."""
    from regiohub.web.app import create_app

    clock = FrozenClock(START)
    platform = Platform(settings_for(shop_database, tmp_path / "data"), entries=ENTRIES, clock=clock)
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


@pytest.fixture
def faults() -> Iterator[dict[str, bool]]:
    """Lies that a test wants the second plugin to tell; none when it is over."""
    from gq_figures import FAULTS

    yield FAULTS
    FAULTS.update(dict.fromkeys(FAULTS, False))
