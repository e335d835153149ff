"""Every step of staff is written down, with what changed and without contact details."""

import json
from typing import Any

from regiohub.testing import World

EDITOR = ("editor",)


async def entries(world: World) -> list[tuple[str, Any, Any]]:
    def plain(value: Any) -> Any:
        return json.loads(value) if isinstance(value, str) else value

    async with world.scope("potsdam").read() as ctx:
        rows = await ctx.session.sql(
            "SELECT action, before, after FROM core_audit WHERE tenant_id = :tenant_id AND plugin = 'atlas' ORDER BY id"
        )
        return [(row.action, plain(row.before), plain(row.after)) for row in rows]


async def run(world: World, document: str, **variables: Any) -> Any:
    answer = await world.graphql("potsdam", document, variables, roles=EDITOR)
    assert answer.errors == [], answer.errors
    return answer.data


async def test_the_log_tells_the_whole_life_of_a_procedure(world: World) -> None:
    made = await run(world, 'mutation { createProcedure(input: {title: "Ein Verfahren"}) { procedure { id } } }')
    found = made["createProcedure"]["procedure"]["id"]
    await run(
        world,
        """mutation($id: ID!) { updateProcedure(id: $id, input: {title: "Anderer Titel", contact: "Amt, Zimmer 3"}) {
             errors { code } } }""",
        id=found,
    )
    unchanged = (
        """mutation($id: ID!) { updateProcedure(id: $id, input: {title: "Anderer Titel"}) { errors { code } } }"""
    )
    await run(world, unchanged, id=found)
    for name in ("publishProcedure", "publishProcedure", "withdrawProcedure"):
        await run(world, f"mutation($id: ID!) {{ {name}(id: $id) {{ errors {{ code }} }} }}", id=found)
    await run(
        world,
        "mutation($id: ID!) { setProcedureStatus(id: $id, status: PAUSED) { errors { code } } }",
        id=found,
    )
    await run(
        world,
        """mutation($id: ID!) { addProcedureDate(procedureId: $id, input: {title: "Treffen", day: "2026-07-01"}) {
             errors { code } } }""",
        id=found,
    )
    written = await entries(world)
    assert [entry[0] for entry in written] == [
        "atlas.create", "atlas.update", "atlas.publish", "atlas.withdraw", "atlas.set_status", "atlas.add_date",
    ]  # fmt: skip
    assert written[1][1:] == ({"title": "Ein Verfahren"}, {"title": "Anderer Titel"})
    assert written[4][1:] == ({"status": None}, {"status": "paused"})
