"""Off means off is only worth something where the look sees what is on: each look sees the witness, and so do all."""

from __future__ import annotations

from pathlib import Path

import pytest

from regiohub.plugins.hookspecs import CoreHooks
from regiohub.testing import Engine, Recipe
from regiohub.testing.contract.promises.lifecycle.isolation import WITNESS
from regiohub.testing.contract.promises.lifecycle.looks import LOOKS, STAYS, WORK, look_everywhere
from regiohub.testing.contract.promises.lifecycle.returned import ONE, SEVERAL
from regiohub.testing.contract.promises.lifecycle.work import look_at_work
from regiohub.testing.contract.witness import plugin as witness
from regiohub.testing.installations import Installations

HOOKS = {name for name in vars(CoreHooks) if name.startswith("register_")}


def test_every_hook_has_a_look_or_a_reason_to_stay() -> None:
    assert LOOKS.keys() | WORK | STAYS.keys() == HOOKS
    assert not LOOKS.keys() & STAYS.keys()
    assert all(len(reason) > 40 for reason in STAYS.values())


def test_what_every_hook_returns_is_known() -> None:
    assert ONE.keys() | SEVERAL.keys() == HOOKS


def test_the_witness_has_a_part_of_every_kind_that_goes_off() -> None:
    assert witness.hooks.keys() >= LOOKS.keys() | WORK


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_each_look_sees_all_where_the_plugin_is_on_and_nothing_where_it_is_off(
    installations: Installations, tmp_path: Path, engine: Engine
) -> None:
    recipe = Recipe.of("witness", entries=(WITNESS,))
    async with installations.open(recipe, engine, tmp_path) as world:
        for hook, look in LOOKS.items():
            on = await look(world, "witness", "potsdam")
            assert on.declared, hook
            assert on.found == on.declared, hook
            off = await look(world, "witness", "berlin")
            assert len(off.declared) == len(on.declared), hook
            assert off.found == frozenset(), hook
        declared, found = await look_at_work(world, "witness", "potsdam")
        assert len(declared) == len(WORK)
        assert found == declared
        assert (await look_at_work(world, "witness", "berlin"))[1] == frozenset()
        assert (await look_everywhere(world, "witness", "potsdam"))["permissions"].found == {
            "the permission witness.look"
        }
