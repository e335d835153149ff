"""Off means off: a town that has the plugin off sees and runs nothing of it, at once after the switch too."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from regiohub.plugins.hookspecs import CoreHooks
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise
from regiohub.testing.world import World

from .looks import LOOKS, STAYS, WORK, look_everywhere
from .streams import beginnings

ON, OFF = "potsdam", "berlin"
_IN_SIGHT = ("register_graphql", "register_navigation")
"""What must show where the plugin is on: else that it does not show where it is off would prove nothing."""


async def _faults(case: Case) -> list[str]:
    if case.plugin.level == "platform":
        # Nobody can switch it off.
        return []
    async with case.filled() as world, beginnings(world):
        unknown = sorted(_unknown_hooks(case))
        faults = [f"nobody knows how to see that {hook} is off: the core lacks a look for it" for hook in unknown]
        faults += await _hidden(world, case.id)
        faults += await _shown(world, case.id, "where the plugin is off")
        await world.disable(ON, case.id)
        faults += await _shown(world, case.id, "right after it was switched off", ON)
        faults += await _left_running(case)
        await world.enable(ON, case.id)
        return faults + [f"after off and on again: {fault}" for fault in await _hidden(world, case.id)]


def _unknown_hooks(case: Case) -> Iterable[str]:
    """Hooks of the core that this plugin implements and nobody looks after."""
    known = LOOKS.keys() | WORK | STAYS.keys()
    core = {name for name in vars(CoreHooks) if name.startswith("register_")}
    return (case.plugin.hooks.keys() & core) - known


async def _hidden(world: World, plugin: str) -> list[str]:
    """What is declared and does not show where the plugin is on."""
    implemented = world.platform.plugins.healthy[plugin].hooks
    looked = [await LOOKS[hook](world, plugin, ON) for hook in _IN_SIGHT if hook in implemented]
    return [
        f"{name} is not there in a town that has the plugin on"
        for each in looked
        for name in sorted(each.declared - each.found)
    ]


async def _shown(world: World, plugin: str, when: str, slug: str = OFF) -> list[str]:
    seen = await look_everywhere(world, plugin, slug)
    return [f"{name} is there {when}" for looked in seen.values() for name in sorted(looked.found)]


def _running(package: str) -> set[asyncio.Task[object]]:
    """Tasks of the event loop that run the plugin's own functions."""
    return {task for task in asyncio.all_tasks() if _module(task).partition(".")[0] == package}


def _module(task: asyncio.Task[object]) -> str:
    frame = getattr(task.get_coro(), "cr_frame", None)
    return str(frame.f_globals.get("__name__", "")) if frame else ""


async def _left_running(case: Case) -> list[str]:
    """What the plugin started by itself and did not end. What is about to end gets its turns first."""
    for _ in range(10):
        await asyncio.sleep(0)
    left = _running(case.plugin.package)
    names = sorted(getattr(task.get_coro(), "__qualname__", task.get_name()) for task in left)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    return [f"{name} goes on running after the switch" for name in names]


OFF_MEANS_OFF = Promise(
    "off-means-off",
    "a town that has it off sees no field, route, job, task, event handler, page, entry, dataset or permission of it",
    "return each part from its hook and nowhere else, so that the core can leave it out; start nothing by yourself:"
    " long-running work is a Background, work for later a Task; what on_tenant_enabled starts, on_tenant_disabled ends",
    _faults,
)
