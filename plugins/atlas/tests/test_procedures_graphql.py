"""Procedures through the API: the ten fields, filters, drafts, permissions."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import func, select

from regiohub.testing import World
from regiohub_atlas.models import Procedure

DRAFT: dict[str, Any] = {
    "title": "Umbau der Bäckerstraße",
    "titleEn": "Rebuilding Bäckerstraße",
    "summary": "Wie soll die Straße aussehen?",
    "description": "Lange Beschreibung.",
    "plainText": "Die Straße wird neu.",
    "kind": "PUBLIC_WORKSHOP",
    "level": "COOPERATION",
    "place": {"type": "LineString", "coordinates": [[13.05, 52.39], [13.06, 52.40]]},
    "placeLabel": "Bäckerstraße",
    "startsOn": "2026-05-01",
    "endsOn": "2026-07-01",
    "endPrecision": "QUARTER",
    "costMin": "10000",
    "costMax": "20000.50",
    "costText": "aus dem Haushalt",
    "takePart": ["ON_SITE", "ONLINE"],
    "commitment": "ONE_OFF",
    "minutesPerWeek": 90,
    "topics": [{"title": "Mobilität", "titleEn": "Mobility"}, {"title": "Stadtgrün"}],
    "actors": [{"name": "Bauamt", "role": "LEAD"}, {"name": "Ortsbeirat", "role": "POLITICS"}],
    "documents": [{"title": "Plan", "url": "https://example.org/plan.pdf", "kind": "PLAN", "accessible": True}],
    "links": [{"title": "Mitreden", "url": "https://example.org/mitreden", "kind": "PARTICIPATION_TOOL"}],
    "figures": [{"key": "invited", "value": 120}],
}
CREATE = """mutation($input: ProcedureInput!) {
  createProcedure(input: $input) { procedure { id slug } errors { code field message } } }"""
PUBLISH = "mutation($id: ID!) { publishProcedure(id: $id) { procedure { id publishedAt } errors { code } } }"
UPDATE = """mutation($id: ID!, $input: ProcedureInput!) {
  updateProcedure(id: $id, input: $input) { procedure { id title status } errors { code field message } } }"""
ALL = """{ atlas { procedures { totalCount nodes {
  slug title titleEn summary description plainText status statusLabel kind kindLabel formal level place placeLabel
  cityWide startsOn startPrecision endsOn endPrecision term costMin costMax currency costText takePart commitment
  minutesPerWeek example figures { key value } topics { key title titleEn }
  actors { nodes { role label name } } documents { nodes { kind title url accessible } }
  links { nodes { kind title url } } phases { nodes { kind label startsOn endsOn } } dates { nodes { title day } }
} } } }"""
EDITOR = ("editor",)


async def created(world: World, publish: bool = True, **changes: Any) -> str:
    answer = await world.graphql("potsdam", CREATE, {"input": {**DRAFT, **changes}}, roles=EDITOR)
    assert answer.errors == []
    payload = answer.data["createProcedure"]
    assert payload["errors"] == []
    if publish:
        assert (await world.graphql("potsdam", PUBLISH, {"id": payload["procedure"]["id"]}, roles=EDITOR)).errors == []
    return str(payload["procedure"]["id"])


async def slugs(world: World, filter_: dict[str, Any], town: str = "potsdam") -> list[str]:
    answer = await world.graphql(
        town, "query($f: ProcedureFilter) { atlas { procedures(filter: $f) { nodes { slug } } } }", {"f": filter_}
    )
    assert answer.errors == [], answer.errors
    return [node["slug"] for node in answer.data["atlas"]["procedures"]["nodes"]]


async def test_all_ten_fields_come_back_as_they_were_given(world: World) -> None:
    await created(world)
    answer = await world.graphql("potsdam", ALL, language="de")
    assert answer.errors == []
    (found,) = answer.data["atlas"]["procedures"]["nodes"]
    assert found["slug"] == "umbau-der-baeckerstrasse"
    assert (found["status"], found["statusLabel"]) == ("RUNNING", "läuft")
    assert (found["kind"], found["kindLabel"]) == ("PUBLIC_WORKSHOP", "Öffentliche Werkstatt")
    assert found["topics"] == [
        {"key": "mobilitaet", "title": "Mobilität", "titleEn": "Mobility"},
        {"key": "stadtgruen", "title": "Stadtgrün", "titleEn": None},
    ]
    assert found["place"] == DRAFT["place"]
    assert (found["description"], found["plainText"]) == ("Lange Beschreibung.", "Die Straße wird neu.")
    assert found["term"] == "1. Mai 2026 bis 3. Quartal 2026"
    assert found["actors"]["nodes"] == [
        {"role": "LEAD", "label": "Federführung", "name": "Bauamt"},
        {"role": "POLITICS", "label": "Politik", "name": "Ortsbeirat"},
    ]
    assert (float(found["costMin"]), float(found["costMax"]), found["currency"]) == (10000, 20000.5, "EUR")
    assert found["documents"]["nodes"][0] == {
        "kind": "PLAN", "title": "Plan", "url": "https://example.org/plan.pdf", "accessible": True,
    }  # fmt: skip
    assert found["links"]["nodes"][0]["kind"] == "PARTICIPATION_TOOL"
    assert found["takePart"] == ["ON_SITE", "ONLINE"]
    assert found["figures"] == [{"key": "invited", "value": 120}]


async def test_a_draft_is_seen_by_staff_only(world: World) -> None:
    procedure = await created(world, publish=False)
    one = """query($id: ID!) { atlas {
      procedure(id: $id) { title } procedures { totalCount } topics { nodes { key procedureCount } } } }"""
    hidden = (await world.graphql("potsdam", one, {"id": procedure})).data["atlas"]
    assert (hidden["procedure"], hidden["procedures"]["totalCount"]) == (None, 0)
    assert {topic["procedureCount"] for topic in hidden["topics"]["nodes"]} == {0}
    shown = (await world.graphql("potsdam", one, {"id": procedure}, roles=EDITOR)).data["atlas"]
    assert (shown["procedure"]["title"], shown["procedures"]["totalCount"]) == (DRAFT["title"], 1)
    assert {topic["procedureCount"] for topic in shown["topics"]["nodes"]} == {1}


async def test_a_withdrawn_procedure_disappears_and_can_come_back(world: World) -> None:
    procedure = await created(world)
    withdraw = "mutation($id: ID!) { withdrawProcedure(id: $id) { procedure { publishedAt } errors { code } } }"
    answer = await world.graphql("potsdam", withdraw, {"id": procedure}, roles=EDITOR)
    assert answer.data["withdrawProcedure"]["procedure"]["publishedAt"] is None
    assert await slugs(world, {}) == []
    await world.graphql("potsdam", PUBLISH, {"id": procedure}, roles=EDITOR)
    assert len(await slugs(world, {})) == 1


FILTERS: list[tuple[dict[str, Any], bool]] = [
    ({"status": ["RUNNING"]}, True),
    ({"status": ["PLANNED", "FINISHED"]}, False),
    ({"status": []}, True),
    ({"kind": ["PUBLIC_WORKSHOP"]}, True),
    ({"kind": ["SURVEY"]}, False),
    ({"topic": ["mobilitaet"]}, True),
    ({"topic": ["wohnen"]}, False),
    ({"text": "BÄCKERSTRASSE umbau"}, True),
    ({"text": "backerstrasse"}, True),
    ({"text": "ortsbeirat"}, True),
    ({"text": "stadtgrün"}, True),
    ({"text": "umbau marktplatz"}, False),
    ({"text": "%"}, True),
    ({"near": {"lon": 13.055, "lat": 52.3951, "metres": 400}}, True),
    ({"near": {"lon": 13.2, "lat": 52.4, "metres": 400}}, False),
    ({"bbox": {"west": 13.04, "south": 52.38, "east": 13.055, "north": 52.396}}, True),
    ({"bbox": {"west": 13.057, "south": 52.38, "east": 13.2, "north": 52.394}}, False),
    ({"runningAt": "2026-09-30"}, True),
    ({"runningAt": "2026-10-01"}, False),
    ({"runningAt": "2026-04-30"}, False),
    ({"cityWide": True}, False),
    ({"formal": False, "level": "COOPERATION", "example": False}, True),
    ({"status": ["RUNNING"], "text": "umbau", "topic": ["stadtgruen", "x"]}, True),
]


async def test_filters_find_what_they_say(world: World) -> None:
    await created(world)
    wrong = [
        (filter_, found)
        for filter_, found in FILTERS
        if (await slugs(world, filter_) == ["umbau-der-baeckerstrasse"]) is not found
    ]
    assert wrong == []


async def test_a_place_outside_the_world_is_refused_in_a_filter(world_sqlite: World) -> None:
    for filter_ in (
        {"near": {"lon": 200, "lat": 52, "metres": 400}},
        {"near": {"lon": 13, "lat": 52, "metres": 0}},
        {"near": {"lon": 13, "lat": 52, "metres": 1e9}},
        {"bbox": {"west": 14, "south": 52, "east": 13, "north": 53}},
        {"bbox": {"west": 13, "south": 52, "east": 14, "north": 91}},
    ):
        answer = await world_sqlite.graphql(
            "potsdam", "query($f: ProcedureFilter) { atlas { procedures(filter: $f) { totalCount } } }", {"f": filter_}
        )
        assert answer.codes == ["INVALID_INPUT"], filter_
        assert answer.errors[0]["extensions"]["field"] in filter_


async def test_the_nearest_procedure_stands_first(world: World) -> None:
    await created(world, title="Weit weg", place={"type": "Point", "coordinates": [13.10, 52.40]})
    await created(world, title="Ganz nah", place={"type": "Point", "coordinates": [13.0601, 52.3906]})
    await created(world, title="Ohne Ort", place=None)
    answer = await world.graphql(
        "potsdam",
        """{ atlas { nearby(near: {lon: 13.0591, lat: 52.3906, metres: 5000}, status: [RUNNING]) {
             totalCount nodes { title distance(lon: 13.0591, lat: 52.3906) } } } }""",
    )
    assert answer.errors == []
    found = answer.data["atlas"]["nearby"]
    assert [node["title"] for node in found["nodes"]] == ["Ganz nah", "Weit weg"]
    assert found["totalCount"] == 2
    assert [round(node["distance"]) for node in found["nodes"]] == pytest.approx([68, 2967], abs=10)


async def test_another_town_sees_nothing_of_it(world: World) -> None:
    procedure = await created(world)
    assert await slugs(world, {}, town="bad-belzig") == []
    answer = await world.graphql("bad-belzig", UPDATE, {"id": procedure, "input": {"title": "Gekapert"}}, roles=EDITOR)
    assert [error["code"] for error in answer.data["updateProcedure"]["errors"]] == ["NOT_FOUND"]
    assert await slugs(world, {"text": "gekapert"}) == []


async def test_only_staff_with_the_right_may_write(world_sqlite: World) -> None:
    procedure = await created(world_sqlite)
    callers: list[tuple[tuple[str, ...], str | None, str]] = [
        ((), None, "UNAUTHENTICATED"),
        ((), "anna", "FORBIDDEN"),
        (("auditor",), "bert", "FORBIDDEN"),
    ]
    for roles, subject, code in callers:
        for document, variables in (
            (CREATE, {"input": DRAFT}),
            (UPDATE, {"id": procedure, "input": {"title": "Neuer Titel"}}),
            (PUBLISH, {"id": procedure}),
        ):
            answer = await world_sqlite.graphql("potsdam", document, variables, roles=roles, subject=subject)
            assert answer.codes == [code]
    assert await slugs(world_sqlite, {}) == ["umbau-der-baeckerstrasse"]


BAD: list[tuple[dict[str, Any], str]] = [
    ({"title": "x"}, "title"),
    ({"place": {"type": "Point", "coordinates": [13.0, 91.0]}}, "place.coordinates"),
    ({"place": {"type": "Point", "coordinates": [181.0, 52.0]}}, "place.coordinates"),
    ({"place": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}}, "place"),
    ({"place": {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0, 0]}]}}, "place"),
    ({"cityWide": True}, "place"),
    ({"startsOn": "2026-10-01"}, "endsOn"),
    ({"endsOn": None, "endPrecision": "MONTH"}, "endPrecision"),
    ({"costMin": "30000"}, "costMax"),
    ({"costMin": "-1"}, "costMin"),
    ({"minutesPerWeek": 0}, "minutesPerWeek"),
    ({"documents": [{"title": "Böse", "url": "javascript:alert(1)"}]}, "documents.0.url"),
    ({"links": [{"title": "Böse", "url": "data:text/html,x"}]}, "links.0.url"),
    ({"phases": [{"kind": "PAUSE", "startsOn": "2026-05-02", "endsOn": "2026-05-01"}]}, "phases.0.endsOn"),
    ({"topics": [{"title": "!!!"}]}, "topics"),
    ({"currency": "Euro"}, "currency"),
    ({"title": "Glocke\x07"}, "title"),
    ({"topics": [{"title": "Trenner\x1f"}]}, "topics.0.title"),
    ({"summary": "Rück\x08taste"}, "summary"),
    ({"figures": [{"key": "x", "value": -1}]}, "figures.x"),
    ({"costMax": "0.001"}, "costMax"),
]


async def test_bad_input_is_refused_with_its_field_and_nothing_is_stored(world_sqlite: World) -> None:
    for changes, field in BAD:
        answer = await world_sqlite.graphql("potsdam", CREATE, {"input": {**DRAFT, **changes}}, roles=EDITOR)
        if answer.errors:  # the GeoJSON scalar refuses a broken geometry before any rule sees it
            assert changes.keys() == {"place"}, answer.errors
            assert "INTERNAL" not in answer.codes
        else:
            (error,) = answer.data["createProcedure"]["errors"]
            assert (error["code"], error["field"]) == ("INVALID_INPUT", field), changes
    async with world_sqlite.scope("potsdam").read() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(Procedure)) == 0


async def test_a_new_procedure_needs_a_title(world_sqlite: World) -> None:
    answer = await world_sqlite.graphql("potsdam", CREATE, {"input": {"kind": "SURVEY"}}, roles=EDITOR)
    (error,) = answer.data["createProcedure"]["errors"]
    assert (error["field"], error["message"]) == ("title", "This entry is missing.")


async def test_equal_titles_get_different_slugs(world_sqlite: World) -> None:
    for _ in range(3):
        await created(world_sqlite)
    assert sorted(await slugs(world_sqlite, {})) == [
        "umbau-der-baeckerstrasse", "umbau-der-baeckerstrasse-2", "umbau-der-baeckerstrasse-3",
    ]  # fmt: skip


async def test_eight_editors_at_once_get_eight_slugs_and_one_topic(world: World) -> None:
    await asyncio.gather(*(created(world) for _ in range(8)))
    assert len(set(await slugs(world, {}))) == 8
    answer = await world.graphql("potsdam", "{ atlas { topics { nodes { key procedureCount } } } }")
    assert answer.data["atlas"]["topics"]["nodes"] == [
        {"key": "mobilitaet", "procedureCount": 8}, {"key": "stadtgruen", "procedureCount": 8},
    ]  # fmt: skip


async def test_two_editors_of_one_procedure_wait_for_each_other(world: World) -> None:
    procedure = await created(world)
    phases = [{"kind": "PARTICIPATION", "startsOn": "2026-05-01"}]
    answers = await asyncio.gather(
        *(
            world.graphql("potsdam", UPDATE, {"id": procedure, "input": {"phases": phases * number}}, roles=EDITOR)
            for number in range(1, 7)
        )
    )
    assert [answer.errors for answer in answers] == [[]] * 6
    assert all(answer.data["updateProcedure"]["errors"] == [] for answer in answers)
    assert await slugs(world, {"status": ["RUNNING"]}) == ["umbau-der-baeckerstrasse"]


async def test_changing_a_field_leaves_the_others_and_null_empties_it(world: World) -> None:
    procedure = await created(world)
    answer = await world.graphql(
        "potsdam",
        UPDATE,
        {"id": procedure, "input": {"summary": None, "topics": [], "result": "Fertig."}},
        roles=EDITOR,
    )
    assert answer.data["updateProcedure"]["errors"] == []
    (found,) = (await world.graphql("potsdam", ALL)).data["atlas"]["procedures"]["nodes"]
    assert (found["summary"], found["topics"], found["description"]) == (None, [], "Lange Beschreibung.")
    assert len(found["actors"]["nodes"]) == 2
    assert await slugs(world, {"text": "mobilität"}) == []
    assert await slugs(world, {"text": "fertig"}) == ["umbau-der-baeckerstrasse"]


async def test_the_number_of_statements_does_not_grow_with_the_number_of_procedures(world: World) -> None:
    await created(world, title="Erstes Verfahren")
    with world.statements() as few:
        assert (await world.graphql("potsdam", ALL)).errors == []
    for number in range(5):
        await created(world, title=f"Verfahren {number}")
    with world.statements() as many:
        assert len((await world.graphql("potsdam", ALL)).data["atlas"]["procedures"]["nodes"]) == 6
    assert len(many) == len(few)
