"""The marker and recipes choose plugins and towns; mistakes are told in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.testing import Recipe, World
from regiohub.testing.fixtures import TwoTowns
from regiohub.testing.installations import Installations


@pytest.mark.regiohub(plugins=("atlas",))
async def test_only_the_chosen_plugin_is_there(world: World) -> None:
    assert set(world.platform.plugins.healthy) == {"atlas"}
    assert world.tenant("bad-belzig").enabled == {"atlas"}
    assert world.tenant("berlin").enabled == frozenset()


@pytest.mark.regiohub(plugins="atlas", towns={"niemegk": ("atlas",), "brueck": ()})
async def test_towns_can_be_invented(world_sqlite: World) -> None:
    assert {town.slug: town.enabled for town in world_sqlite.platform.tenants.all()} == {
        "niemegk": {"atlas"},
        "brueck": frozenset(),
    }


@pytest.mark.regiohub(plugins=("atlas", "booking"))
async def test_two_towns_have_the_same_plugins(two_towns: TwoTowns) -> None:
    world, here, there = two_towns
    assert (here, there) == ("potsdam", "bad-belzig")
    assert world.tenant(here).enabled == world.tenant(there).enabled == {"atlas", "booking"}


def test_a_plugin_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(LookupError, match=r"plugin places cannot be used: not installed; there are: atlas, booking"):
        Recipe.of("places")


async def test_what_was_put_in_is_made_once_and_copied(installations: Installations, tmp_path: Path) -> None:
    filled: list[str] = []

    async def fill(world: World) -> None:
        filled.append(world.dialect)
        (world.scope("potsdam").data_dir / "note.txt").write_text("kept", encoding="utf-8")
        await world.disable("potsdam", "atlas")

    for number in range(2):
        async with installations.open_filled(
            Recipe.of("atlas"), "sqlite", tmp_path / str(number), "once", fill
        ) as world:
            assert world.tenant("potsdam").enabled == frozenset()
            assert (world.scope("potsdam").data_dir / "note.txt").read_text(encoding="utf-8") == "kept"
            await world.enable("potsdam", "atlas")
    assert filled == ["sqlite"]
