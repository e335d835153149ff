"""Example objectives and figures: loaded once, marked as examples, never over what people keep."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from regiohub.demo.goals import DEMO
from regiohub.tenancy.indicators import service
from regiohub.tenancy.indicators.reading import all_indicators, history_of
from regiohub.testing import World
from regiohub.testing.towns import MEASURE

TENANTS = Path(__file__).parents[2] / "tenants"
GOALS = f"""
[[measures]]
measure = "{MEASURE}"
objective = "Ziel (Beispiel)"
[[measures.results]]
title = "Geräte (Beispiel)"
kind = "output"
start = 0
target = 10
figures = [[2026-05-01, 3], [2026-06-01, 5], [2026-07-01, 9]]
[[measures]]
measure = "not-here"
objective = "Gehört zu keiner Maßnahme dieser Kommune"
results = []
"""


async def test_examples_are_loaded_once_and_only_up_to_today(world: World, tmp_path: Path) -> None:
    (tmp_path / "goals.toml").write_text(GOALS, encoding="utf-8")
    for _ in range(2):
        await DEMO.load(world.scope("potsdam"), tmp_path)
    async with world.scope("potsdam").read() as ctx:
        (placed,) = await all_indicators(ctx)
        days = [(figure.on, figure.note) for figure in await history_of(ctx, placed.view.row.id)]
    assert placed.view.share == 0.5
    assert days == [(date(2026, month, 1), "Beispielwert, nicht gemessen") for month in (5, 6)]


async def test_a_measure_with_indicators_of_its_own_stays_as_it_is(world_sqlite: World, tmp_path: Path) -> None:
    (tmp_path / "goals.toml").write_text(GOALS, encoding="utf-8")
    async with world_sqlite.scope("potsdam").write() as ctx:
        await service.add_indicator(ctx, MEASURE, {"title": "Eigener"})
    await DEMO.load(world_sqlite.scope("potsdam"), tmp_path)
    async with world_sqlite.scope("potsdam").read() as ctx:
        assert [one.view.row.title for one in await all_indicators(ctx)] == ["Eigener"]


@pytest.mark.parametrize("file", sorted(TENANTS.glob("*/goals.toml")), ids=lambda file: file.parent.name)
def test_every_shipped_example_says_that_it_is_one(file: Path) -> None:
    titles = [line for line in file.read_text(encoding="utf-8").splitlines() if line.startswith(("title", "objective"))]
    assert titles
    assert all("(Beispiel)" in line or "(example)" in line for line in titles)
