"""Installations of a test's own choice."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.testing.installations import Engine, Installations, Recipe


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_only_the_chosen_plugins_are_there(installations: Installations, tmp_path: Path, engine: Engine) -> None:
    async with installations.open(Recipe(plugins=("atlas",)), engine, tmp_path) as world:
        assert set(world.platform.plugins.healthy) == {"atlas"}
        assert world.tenant("potsdam").enabled == {"atlas"}
        assert world.tenant("berlin").enabled == frozenset()
