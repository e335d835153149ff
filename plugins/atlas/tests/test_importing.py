"""Imports: Potsdam's published formats, again and again, without losing what staff changed."""

import copy
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from regiohub.api import InvalidInput
from regiohub.testing import World
from regiohub_atlas.demo import load_demo
from regiohub_atlas.formats.participation import read_participation
from regiohub_atlas.models import Procedure, ProcedureEvent, ProcedureText, TextState, TextVariety
from regiohub_atlas.service.importing import ImportReport, import_batch

TENANTS = Path(__file__).parents[3] / "tenants"
POTSDAM: dict[str, Any] = json.loads((TENANTS / "potsdam" / "participation.json").read_text(encoding="utf-8"))
SMALL: dict[str, Any] = {
    "source": "test",
    "venues": {"haus": {"name": "Haus", "lon": 13.1, "lat": 52.4}},
    "procedures": [
        {
            "id": "eins", "title": "Erstes Verfahren", "type": "survey", "topics": ["Klima"], "status": "finished",
            "events": [
                {"title": "Auftakt", "date": "2022-01-10", "venue": "haus"},
                {"title": "Abschluss", "date": "2022-03-10"},
            ],
        }
    ],
}  # fmt: skip
EDITOR = ("editor",)


async def imported(world: World, content: dict[str, Any]) -> ImportReport:
    async def work(ctx: Any) -> ImportReport:
        return await import_batch(ctx, read_participation(content))

    return await world.scope("potsdam").run(work)


async def one(world: World, external_id: str) -> Procedure:
    async with world.scope("potsdam").read() as ctx:
        return (await ctx.session.scalars(select(Procedure).where(Procedure.external_id == external_id))).one()


async def count(world: World, model: type[Any]) -> int:
    async with world.scope("potsdam").read() as ctx:
        return await ctx.session.scalar(select(func.count()).select_from(model)) or 0


async def test_potsdams_seven_formats_arrive_with_their_facts(world: World) -> None:
    report = await imported(world, POTSDAM)
    assert (len(report.created), report.refused) == (7, [])
    answer = await world.graphql(
        "potsdam",
        """{ atlas { procedures(orderBy: START, first: 50) { totalCount nodes {
             externalId status kind cityWide place source term
             topics { title titleEn } figures { key value } dates { totalCount nodes { title day venue } }
        } } } }""",
        language="de",
    )
    assert answer.errors == []
    found = {node["externalId"]: node for node in answer.data["atlas"]["procedures"]["nodes"]}
    assert {node["status"] for node in found.values()} == {"FINISHED"}
    survey = found["buergerumfrage-2022"]
    assert survey["figures"] == [{"key": "answered", "value": 2203}, {"key": "sent", "value": 6642}]
    assert (survey["term"], survey["cityWide"]) == ("1. September 2022 bis 4. November 2022", True)
    youth = found["jugendbeteiligung"]
    assert youth["place"] == {"type": "MultiPoint", "coordinates": [[13.132, 52.379], [13.056, 52.4031]]}
    assert youth["dates"]["nodes"][2] == {
        "title": "Vorstellung der Ergebnisse", "day": "2023-06-06", "venue": "Plenarsaal, Stadthaus",
    }  # fmt: skip
    assert sum(node["dates"]["totalCount"] for node in found.values()) == 22
    assert found["fachworkshops-gruppe-1"]["place"] is None
    assert survey["source"] == "Smart-City-Strategie Potsdam (2023)"


async def test_importing_twice_changes_nothing_but_the_time_of_reading(world: World) -> None:
    await imported(world, SMALL)
    before = await one(world, "eins")
    world.clock.advance(timedelta(days=1))
    report = await imported(world, SMALL)
    after = await one(world, "eins")
    assert (report.created, report.updated, report.unchanged) == ([], [], ["eins"])
    assert after.updated_at == before.updated_at
    assert before.synced_at is not None
    assert after.synced_at is not None
    assert after.synced_at > before.synced_at
    assert (await count(world, Procedure), await count(world, ProcedureEvent)) == (1, 2)


async def test_a_local_edit_survives_the_next_import_while_other_fields_follow_the_source(world: World) -> None:
    await imported(world, SMALL)
    procedure = await one(world, "eins")
    update = """mutation($id: ID!, $input: ProcedureInput!) {
      updateProcedure(id: $id, input: $input) { procedure { title localFields } errors { message } } }"""
    change = {"title": "Titel vom Amt", "topics": [{"title": "Wasser"}]}
    answer = await world.graphql("potsdam", update, {"id": str(procedure.id), "input": change}, roles=EDITOR)
    assert answer.data["updateProcedure"]["procedure"]["localFields"] == ["title", "topics"]
    changed = copy.deepcopy(SMALL)
    changed["procedures"][0] |= {"title": "Neuer Titel der Quelle", "summary": "Neu.", "topics": ["Luft"]}
    report = await imported(world, changed)
    assert (report.updated, report.kept) == (["eins"], {"eins": ["title", "topics"]})
    answer = await world.graphql("potsdam", "{ atlas { procedures { nodes { title summary topics { title } } } } }")
    assert answer.data["atlas"]["procedures"]["nodes"] == [
        {"title": "Titel vom Amt", "summary": "Neu.", "topics": [{"title": "Wasser"}]}
    ]


async def test_a_date_changed_or_added_here_survives_and_one_the_source_drops_goes(world: World) -> None:
    await imported(world, SMALL)
    procedure = await one(world, "eins")
    dates = "{ atlas { procedures { nodes { dates { nodes { id title day status } } } } } }"
    nodes = (await world.graphql("potsdam", dates)).data["atlas"]["procedures"]["nodes"][0]["dates"]["nodes"]
    cancel = "mutation($id: ID!) { cancelProcedureDate(id: $id) { date { status } errors { message } } }"
    assert (await world.graphql("potsdam", cancel, {"id": nodes[0]["id"]}, roles=EDITOR)).errors == []
    add = """mutation($id: ID!, $input: ProcedureDateInput!) {
      addProcedureDate(procedureId: $id, input: $input) { date { id } errors { message } } }"""
    extra = {"title": "Nachtreffen", "day": "2022-05-01"}
    assert (await world.graphql("potsdam", add, {"id": str(procedure.id), "input": extra}, roles=EDITOR)).errors == []
    changed = copy.deepcopy(SMALL)
    changed["procedures"][0]["events"] = [{"title": "Zwischenstand", "date": "2022-02-01"}]
    await imported(world, changed)
    nodes = (await world.graphql("potsdam", dates)).data["atlas"]["procedures"]["nodes"][0]["dates"]["nodes"]
    assert [(node["title"], node["status"]) for node in nodes] == [
        ("Auftakt", "CANCELLED"),
        ("Zwischenstand", "CONFIRMED"),
        ("Nachtreffen", "CONFIRMED"),
    ]


async def test_a_withdrawn_procedure_stays_so_and_a_dropped_one_stays_in_the_archive(
    world_sqlite: World,
) -> None:
    await imported(world_sqlite, SMALL)
    procedure = await one(world_sqlite, "eins")
    withdraw = "mutation($id: ID!) { withdrawProcedure(id: $id) { errors { code } } }"
    await world_sqlite.graphql("potsdam", withdraw, {"id": str(procedure.id)}, roles=EDITOR)
    await imported(world_sqlite, SMALL)
    assert (await one(world_sqlite, "eins")).published_at is None
    report = await imported(world_sqlite, {**SMALL, "procedures": []})
    assert report.missing == ["eins"]
    assert (await one(world_sqlite, "eins")).title == "Erstes Verfahren"


async def test_the_status_a_source_states_counts_only_where_its_dates_say_otherwise(world_sqlite: World) -> None:
    content = copy.deepcopy(SMALL)
    content["procedures"].append(
        {"id": "zwei", "title": "Abgebrochen", "type": "ideas", "status": "cancelled", "start": "2026-01-01"}
    )
    await imported(world_sqlite, content)
    assert (await one(world_sqlite, "eins")).status_override is None
    assert (await one(world_sqlite, "zwei")).status_override == "cancelled"


async def test_a_faulty_entry_is_refused_alone_with_its_reason(world: World) -> None:
    content = copy.deepcopy(SMALL)
    content["procedures"] += [
        {"id": "ohne-titel", "type": "survey"},
        {"id": "falscher-ort", "title": "Falscher Ort", "type": "survey", "venue": "nirgends"},
        {"id": "eins", "title": "Zweimal", "type": "survey"},
        {"id": "rueckwaerts", "title": "Rückwärts", "type": "survey", "start": "2022-02-01", "end": "2022-01-01"},
        "kein Verfahren",
    ]
    content["venues"]["mond"] = {"name": "Mond", "lon": 13.0, "lat": 95.0}
    content["procedures"].append({"id": "mond", "title": "Auf dem Mond", "type": "survey", "venue": "mond"})
    document = """mutation($content: JSON!) { importProcedures(content: $content) {
      report { created refused { externalId field message } } errors { code } } }"""
    answer = await world.graphql("potsdam", document, {"content": content}, roles=EDITOR)
    report = answer.data["importProcedures"]["report"]
    assert report["created"] == ["eins"]
    assert [(entry["externalId"], entry["field"]) for entry in report["refused"]] == [
        ("ohne-titel", "title"),
        ("falscher-ort", "venue"),
        ("eins", "id"),
        ("rueckwaerts", "endsOn"),
        ("5", "procedures"),
        ("mond", "place.coordinates"),
    ]
    assert await count(world, Procedure) == 1


@pytest.mark.parametrize("content", [None, [], "text", {}, {"procedures": {}}, {"procedures": [], "unknown": 1}])
def test_a_file_of_another_format_is_refused_as_a_whole(content: object) -> None:
    with pytest.raises(InvalidInput):
        read_participation(content)


async def test_importing_needs_the_right(world_sqlite: World) -> None:
    document = "mutation($content: JSON!) { importProcedures(content: $content) { errors { code } } }"
    answer = await world_sqlite.graphql("potsdam", document, {"content": SMALL}, roles=("auditor",))
    assert answer.codes == ["FORBIDDEN"]
    assert await count(world_sqlite, Procedure) == 0


@pytest.mark.parametrize(("town", "least"), [("potsdam", 7), ("bad-belzig", 3), ("wiesenburg", 3), ("berlin", 3)])
async def test_the_demo_content_of_every_town_loads_twice_without_a_trace(
    world_sqlite: World, town: str, least: int
) -> None:
    scope = world_sqlite.scope("potsdam")
    await load_demo(scope, TENANTS / town)
    before = await count(world_sqlite, Procedure)
    world_sqlite.clock.advance(timedelta(days=3))
    await load_demo(scope, TENANTS / town)
    assert before == await count(world_sqlite, Procedure) >= least
    async with scope.read() as ctx:
        rows = (await ctx.session.scalars(select(Procedure))).all()
    examples = [row for row in rows if row.example]
    assert all("(Beispiel)" in row.title for row in examples)
    assert len(examples) == before if town != "potsdam" else len(rows) - len(examples) == 7


async def test_loading_the_demo_leaves_an_edited_example_alone(world_sqlite: World) -> None:
    scope = world_sqlite.scope("potsdam")
    await load_demo(scope, TENANTS / "berlin")
    procedure = await one(world_sqlite, "stadtgremium")
    update = """mutation($id: ID!) { updateProcedure(id: $id, input: {summary: "Geändert."}) { errors { code } } }"""
    await world_sqlite.graphql("potsdam", update, {"id": str(procedure.id)}, roles=EDITOR)
    await load_demo(scope, TENANTS / "berlin")
    assert (await one(world_sqlite, "stadtgremium")).summary == "Geändert."


async def test_the_example_file_brings_texts_in_every_state_and_keeps_drafts_from_the_public(world: World) -> None:
    for _ in range(2):
        await load_demo(world.scope("potsdam"), TENANTS / "potsdam")
    async with world.scope("potsdam").read() as ctx:
        rows = await ctx.session.execute(
            select(Procedure.external_id, ProcedureText.variety, ProcedureText.language, ProcedureText.state)
            .join(
                ProcedureText,
                (ProcedureText.tenant_id == Procedure.tenant_id) & (ProcedureText.procedure_id == Procedure.id),
            )
            .order_by(Procedure.external_id, ProcedureText.variety)
        )
        assert [tuple(row) for row in rows] == [
            ("kuehle-orte", TextVariety.EASY, "de", TextState.PUBLISHED),
            ("kuehle-orte", TextVariety.TRANSLATION, "uk", TextState.DRAFT),
            ("quartiersplatz", TextVariety.PLAIN, "de", TextState.DRAFT),
        ]
    draft = await one(world, "quartiersplatz")
    assert (draft.published_at, draft.local_fields) == (None, [])
