"""The status over time: phases, the clock, staff's override, and the events that tell of it."""

import json
from datetime import datetime
from typing import Any

from regiohub.api import Event
from regiohub.testing import World
from regiohub_atlas.events import ProcedurePublished, ProcedureStatusChanged

PHASES = [
    {"kind": "PREPARATION", "startsOn": "2026-05-01", "endsOn": "2026-06-09"},
    {"kind": "PARTICIPATION", "startsOn": "2026-06-10", "endsOn": "2026-06-30"},
    {"kind": "EVALUATION", "startsOn": "2026-08-01", "endsOn": "2026-08-31"},
]
CREATE = "mutation($input: ProcedureInput!) { createProcedure(input: $input) { procedure { id } } }"
PUBLISH = "mutation($id: ID!) { publishProcedure(id: $id) { errors { code } } }"
STATUS = "{ atlas { procedures { nodes { status statusLabel statusSetByHand statusNote } } } }"
SET = """mutation($id: ID!, $status: ProcedureStatus, $note: String) {
  setProcedureStatus(id: $id, status: $status, note: $note) { procedure { status } errors { code } } }"""
EDITOR = ("editor",)


async def published(world: World) -> str:
    values: dict[str, Any] = {"title": "Verfahren mit Phasen", "phases": PHASES}
    answer = await world.graphql("potsdam", CREATE, {"input": values}, roles=EDITOR)
    found = str(answer.data["createProcedure"]["procedure"]["id"])
    await world.graphql("potsdam", PUBLISH, {"id": found}, roles=EDITOR)
    return found


async def stored(world: World, event: type[Event]) -> list[dict[str, Any]]:
    async with world.scope("potsdam").read() as ctx:
        rows = await ctx.session.sql(
            "SELECT payload FROM core_outbox WHERE tenant_id = :tenant_id AND name = :name ORDER BY id",
            {"name": event.name},
        )
        return [row[0] if isinstance(row[0], dict) else json.loads(row[0]) for row in rows]


async def status(world: World) -> str:
    answer = await world.graphql("potsdam", STATUS)
    assert answer.errors == []
    return str(answer.data["atlas"]["procedures"]["nodes"][0]["status"])


async def test_the_status_follows_the_clock_at_midnight_of_the_town(world: World) -> None:
    await published(world)
    seen: list[str] = []
    for moment in (
        "2026-06-09T21:59:00Z",
        "2026-06-09T22:00:00Z",
        "2026-07-01T00:00:00Z",
        "2026-08-31T12:00:00Z",
        "2026-09-01T00:00:00Z",
    ):
        world.clock.set(datetime.fromisoformat(moment))
        seen.append(await status(world))
    assert seen == ["PLANNED", "RUNNING", "EVALUATING", "EVALUATING", "FINISHED"]


async def test_staff_override_the_status_and_take_the_override_back(world: World) -> None:
    procedure = await published(world)
    variables = {"id": procedure, "status": "CANCELLED", "note": "Kein Geld."}
    assert (await world.graphql("potsdam", SET, variables, roles=EDITOR)).data["setProcedureStatus"]["errors"] == []
    found = (await world.graphql("potsdam", STATUS, language="de")).data["atlas"]["procedures"]["nodes"][0]
    assert found == {
        "status": "CANCELLED",
        "statusLabel": "abgebrochen",
        "statusSetByHand": True,
        "statusNote": "Kein Geld.",
    }
    await world.graphql("potsdam", SET, {"id": procedure, "status": None}, roles=EDITOR)
    found = (await world.graphql("potsdam", STATUS, language="de")).data["atlas"]["procedures"]["nodes"][0]
    assert found == {"status": "PLANNED", "statusLabel": "geplant", "statusSetByHand": False, "statusNote": None}


async def test_a_status_set_by_hand_leaves_the_past_as_it_was(world: World) -> None:
    procedure = await published(world)
    world.clock.set(datetime.fromisoformat("2026-06-20T08:00:00Z"))
    await world.graphql("potsdam", SET, {"id": procedure, "status": "FINISHED"}, roles=EDITOR)
    document = "query($day: Date!) { atlas { procedures(filter: {runningAt: $day}) { totalCount } } }"
    found = [
        (await world.graphql("potsdam", document, {"day": day})).data["atlas"]["procedures"]["totalCount"]
        for day in ("2026-06-10", "2026-06-19", "2026-06-20", "2026-06-25")
    ]
    assert found == [1, 1, 0, 0]


async def test_every_change_of_status_is_told_once(world: World) -> None:
    await published(world)
    await world.work()
    assert len(await stored(world, ProcedurePublished)) == 1
    # What was delivered is forgotten after a week, so each is looked for at its time.
    world.clock.set(datetime.fromisoformat("2026-06-10T06:00:00Z"))
    await world.work()
    await world.work()
    told = [(event["before"], event["after"]) for event in await stored(world, ProcedureStatusChanged)]
    assert told == [("planned", "running")]
    world.clock.set(datetime.fromisoformat("2026-07-10T06:00:00Z"))
    await world.work()
    told = [(event["before"], event["after"]) for event in await stored(world, ProcedureStatusChanged)]
    assert told == [("running", "evaluating")]


async def test_a_published_procedure_is_not_deleted_but_a_draft_is(world: World) -> None:
    procedure = await published(world)
    delete = "mutation($id: ID!) { deleteProcedure(id: $id) { errors { code } } }"
    answer = await world.graphql("potsdam", delete, {"id": procedure}, roles=EDITOR)
    assert [error["code"] for error in answer.data["deleteProcedure"]["errors"]] == ["CONFLICT"]
    answer = await world.graphql("potsdam", CREATE, {"input": {"title": "Nur ein Entwurf"}}, roles=EDITOR)
    draft = answer.data["createProcedure"]["procedure"]["id"]
    assert (await world.graphql("potsdam", delete, {"id": draft}, roles=EDITOR)).data["deleteProcedure"]["errors"] == []
    listed = await world.graphql("potsdam", "{ atlas { procedures { totalCount } } }", roles=EDITOR)
    assert listed.data["atlas"]["procedures"]["totalCount"] == 1
