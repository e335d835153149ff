"""docs/operators/metrics.md against a running server, and complete."""

from __future__ import annotations

import asyncio
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from regiohub.testing.services.web import served
from regiohub.testing.world import World

from ..apps.walk import follow  # noqa: TID252 - pages are followed in one way
from .machines import ROOT, Machine

PAGE = (ROOT / "docs" / "operators" / "metrics.md").read_text(encoding="utf-8")


async def test_the_page_shows_what_a_server_tells(world_sqlite: World, tmp_path: Path) -> None:
    async with served(world_sqlite.app) as address:
        text = PAGE.replace("http://127.0.0.1:8000", address)
        await asyncio.to_thread(follow, text, tmp_path, Machine(tmp_path).environment)


async def test_every_metric_of_a_server_stands_on_the_page(world_sqlite: World) -> None:
    answer = await world_sqlite.client.get("/metrics")
    families = {
        family.name.removesuffix("_created")
        for family in text_string_to_metric_families(answer.text)
        if family.samples and family.name.startswith("regiohub_")
    }
    # A name such as `…_bytes` continues the one before it.
    words = PAGE.replace("`…_", "`regiohub_plugin_hook_").replace(
        "`regiohub_plugin_hook_bytes", "`regiohub_graphql_response_cache_bytes"
    )
    assert {name for name in families if name not in words} == set()
