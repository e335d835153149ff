"""A plugin that fails stops no other, and it stands when another one fails."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from typing import Any

from regiohub.plugins.loading import GROUP, installed
from regiohub.plugins.manifest import Plugin
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.contract.witness import plugin as witness
from regiohub.testing.installations import Recipe
from regiohub.testing.world import World

from .looks import Looked, look_everywhere
from .returned import wrong_returns
from .streams import beginnings

TOWN = "potsdam"
WITNESS = EntryPoint(name=witness.id, value="regiohub.testing.contract.witness:plugin", group=GROUP)


class HookFailed(RuntimeError):
    """What hooks raise while this promise is tried."""


async def _faults(case: Case) -> list[str]:
    faults = list(wrong_returns(case.plugin))
    if faults:
        # What is returned wrongly stops the start: nothing more can be tried.
        return faults
    recipe = Recipe.of(case.id, witness.id, entries=(*_entries(case), WITNESS))
    usual = await _seen(case, recipe, "usual", case.plugin, None)
    own, other = usual[case.id], usual[witness.id]
    failing = await _seen(case, recipe, "own", case.plugin, case.plugin)
    faults += _missing(other, failing[witness.id], f"when the hooks of {case.id} fail, another plugin lacks")
    beside = await _seen(case, recipe, "other", case.plugin, witness)
    return faults + _missing(own, beside[case.id], "when the hooks of another plugin fail, this one lacks")


def _entries(case: Case) -> tuple[EntryPoint, ...]:
    return tuple(installed()) if case.entries is None else case.entries


async def _seen(
    case: Case, recipe: Recipe, name: str, own: Plugin, broken: Plugin | None
) -> Mapping[str, Mapping[str, Looked]]:
    """What shows of both plugins in a town while all hooks of one of them fail."""
    with _failing(broken):
        folder = case.within(name).folder
        opened = case.installations.open(recipe, case.engine, folder, prepared_as=case.recipe, strict_plugins=False)
        async with opened as world, beginnings(world):
            # The witness has no tables, so that the database of the plugin under test serves both.
            await world.enable(TOWN, witness.id)
            await _still_there(world)
            shown = {plugin.id: plugin for plugin in (own, witness) if plugin is not broken}
            return {id_: await look_everywhere(world, id_, TOWN) for id_ in shown}


@contextmanager
def _failing(plugin: Plugin | None) -> Generator[None]:
    """Let every hook of a plugin raise, for installations that are opened meanwhile."""

    def fail(*_arguments: Any, **_named: Any) -> Any:
        raise HookFailed("this hook fails on purpose")

    if plugin is None:
        yield
        return
    kept = dict(plugin.hooks)
    plugin.hooks.update(dict.fromkeys(kept, fail))
    try:
        yield
    finally:
        plugin.hooks.update(kept)


async def _still_there(world: World) -> None:
    """The town itself answers: its page, its API and its console."""
    answer = await world.graphql(TOWN, "{ __typename }")
    staff = await world.console(TOWN, roles=("tenant-admin",))
    answers = (await world.caller(TOWN).get(""), await staff.get(f"/console/{TOWN}/"))
    assert answer.data == {"__typename": "Query"}, answer.errors
    assert [found.status_code for found in answers] == [200, 200], [found.text[:300] for found in answers]


def _missing(usual: Mapping[str, Looked], now: Mapping[str, Looked], when: str) -> list[str]:
    return [f"{when} {name}" for hook, looked in usual.items() for name in sorted(looked.found - now[hook].found)]


HOOKS_ISOLATED = Promise(
    "hooks-isolated",
    "its hooks return what the core can use; when one of them fails, all other plugins go on, and the other way round",
    "return from each hook what its specification says, as plain data; read what other plugins contribute by"
    " ctx.plugins, and do without what is missing",
    _faults,
    engines=False,
)
