"""Dates of procedures: one time each, changed with a revision, refused with a field."""

from typing import Any

from regiohub.testing import World

CREATE = 'mutation { createProcedure(input: {title: "Verfahren mit Terminen"}) { procedure { id } } }'
PUBLISH = "mutation($id: ID!) { publishProcedure(id: $id) { errors { code } } }"
ADD = """mutation($id: ID!, $input: ProcedureDateInput!) { addProcedureDate(procedureId: $id, input: $input) {
  date { id title day startsAt endsAt status } errors { code field } } }"""
CHANGE = """mutation($id: ID!, $input: ProcedureDateInput!) { updateProcedureDate(id: $id, input: $input) {
  date { id title day startsAt endsAt status } errors { code field } } }"""
AGENDA = """query($from: Date, $to: Date) { atlas { dates(from: $from, to: $to) { totalCount nodes {
  title day procedure { title nextDate } } } } }"""
EDITOR = ("editor",)


async def procedure(world: World, *, publish: bool = True) -> str:
    answer = await world.graphql("potsdam", CREATE, roles=EDITOR)
    found = str(answer.data["createProcedure"]["procedure"]["id"])
    if publish:
        await world.graphql("potsdam", PUBLISH, {"id": found}, roles=EDITOR)
    return found


async def add(world: World, owner: str, **values: Any) -> Any:
    answer = await world.graphql("potsdam", ADD, {"id": owner, "input": values}, roles=EDITOR)
    assert answer.errors == [], answer.errors
    return answer.data["addProcedureDate"]


async def test_a_time_near_midnight_belongs_to_the_towns_own_day(world: World) -> None:
    owner = await procedure(world)
    added = await add(world, owner, title="Nachttreffen", startsAt="2026-07-01T22:30:00Z")
    assert added["date"]["day"] == "2026-07-02"
    assert added["date"]["startsAt"] == "2026-07-01T22:30:00.000Z"


async def test_a_day_can_become_a_time_and_a_time_a_day(world: World) -> None:
    owner = await procedure(world)
    date_id = (await add(world, owner, title="Rundgang", day="2026-07-01"))["date"]["id"]
    timed = {"startsAt": "2026-07-03T10:00:00+02:00", "endsAt": "2026-07-03T11:00:00+02:00"}
    answer = await world.graphql("potsdam", CHANGE, {"id": date_id, "input": timed}, roles=EDITOR)
    assert answer.data["updateProcedureDate"]["date"]["day"] == "2026-07-03"
    answer = await world.graphql("potsdam", CHANGE, {"id": date_id, "input": {"day": "2026-07-04"}}, roles=EDITOR)
    changed = answer.data["updateProcedureDate"]["date"]
    assert (changed["day"], changed["startsAt"], changed["endsAt"]) == ("2026-07-04", None, None)


async def test_impossible_dates_are_refused_with_their_field(world_sqlite: World) -> None:
    owner = await procedure(world_sqlite)
    cases: list[tuple[dict[str, Any], str]] = [
        ({"title": "Ohne Tag"}, "startsAt"),
        ({"title": "Beides", "day": "2026-07-01", "startsAt": "2026-07-01T10:00:00Z"}, "startsAt"),
        ({"title": "Rückwärts", "startsAt": "2026-07-01T10:00:00Z", "endsAt": "2026-07-01T09:00:00Z"}, "endsAt"),
        ({"title": "Endlos", "startsAt": "2026-07-01T10:00:00Z", "endsAt": "2026-09-01T09:00:00Z"}, "endsAt"),
        ({"title": "Nur Ende", "day": "2026-07-01", "endsAt": "2026-07-01T09:00:00Z"}, "endsAt"),
        ({"title": "Böser Verweis", "day": "2026-07-01", "onlineUrl": "javascript:alert(1)"}, "onlineUrl"),
        ({"day": "2026-07-01"}, "title"),
    ]
    for values, field in cases:
        refused = await add(world_sqlite, owner, **values)
        assert refused["date"] is None
        assert [error["field"] for error in refused["errors"]] == [field], values


async def test_the_agenda_lists_coming_dates_of_public_procedures_in_order(world: World) -> None:
    owner, hidden = await procedure(world), await procedure(world, publish=False)
    for day in ("2026-08-01", "2026-06-01", "2026-05-31"):
        await add(world, owner, title=f"Treffen {day}", day=day)
    await add(world, hidden, title="Verborgen", day="2026-07-01")
    agenda = (await world.graphql("potsdam", AGENDA)).data["atlas"]["dates"]
    assert [node["day"] for node in agenda["nodes"]] == ["2026-06-01", "2026-08-01"]
    assert agenda["nodes"][0]["procedure"] == {"title": "Verfahren mit Terminen", "nextDate": "2026-06-01"}
    past = (await world.graphql("potsdam", AGENDA, {"from": "2026-01-01", "to": "2026-05-31"})).data["atlas"]["dates"]
    assert [node["day"] for node in past["nodes"]] == ["2026-05-31"]
    staff = (await world.graphql("potsdam", AGENDA, roles=EDITOR)).data["atlas"]["dates"]
    assert staff["totalCount"] == 3


async def test_a_cancelled_date_is_no_next_date(world: World) -> None:
    owner = await procedure(world)
    first = (await add(world, owner, title="Fällt aus", day="2026-06-10"))["date"]["id"]
    await add(world, owner, title="Findet statt", day="2026-06-20")
    cancel = 'mutation($id: ID!) { cancelProcedureDate(id: $id, note: "Sturm") { date { status note } } }'
    answer = await world.graphql("potsdam", cancel, {"id": first}, roles=EDITOR)
    assert answer.data["cancelProcedureDate"]["date"] == {"status": "CANCELLED", "note": "Sturm"}
    found = await world.graphql("potsdam", "{ atlas { procedures { nodes { nextDate } } } }")
    assert found.data["atlas"]["procedures"]["nodes"] == [{"nextDate": "2026-06-20"}]


async def test_a_date_of_another_town_cannot_be_changed(world: World) -> None:
    owner = await procedure(world)
    date_id = (await add(world, owner, title="Rundgang", day="2026-07-01"))["date"]["id"]
    answer = await world.graphql("bad-belzig", CHANGE, {"id": date_id, "input": {"title": "Gekapert"}}, roles=EDITOR)
    assert [error["code"] for error in answer.data["updateProcedureDate"]["errors"]] == ["NOT_FOUND"]
