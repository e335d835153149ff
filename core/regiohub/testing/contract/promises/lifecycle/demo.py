"""Demo content can be loaded again and again."""

from __future__ import annotations

from regiohub.plugins.parts import Demo
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise

from .contents import changes, contents

HERE = "potsdam"


async def _faults(case: Case) -> list[str]:
    if "register_demo" not in case.plugin.hooks:
        return []
    async with case.empty() as world:
        (contribution,) = world.platform.plugins.call("register_demo", frozenset({case.id}))
        demo: Demo = contribution.value
        # Without seeds: a town whose folder holds nothing for this plugin, as the author's example town.
        folder = case.seeds / HERE if case.seeds else case.within("town").folder
        await demo.load(world.scope(HERE), folder)
        first = await contents(world, case, HERE)
        if case.plugin.models and not any(first.values()):
            return [f"the demo puts nothing into the tables of the plugin from the folder {folder.name} of {HERE}"]
        await demo.load(world.scope(HERE), folder)
        return [f"loading it again changes {table}" for table in changes(first, await contents(world, case, HERE))]


DEMO_REPEATABLE = Promise(
    "demo-repeatable",
    "its demo content puts something in, and loading it again changes nothing",
    "give each row of the demo a key of its own (a slug, a source key), and leave rows alone whose key is there;"
    " ctx.session.upsert does both. Where the content stands in folders of towns: contract(…, seeds=their folder)",
    _faults,
)
