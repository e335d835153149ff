"""Queries of the atlas by one SQL statement and by the ordinary executor: the same answers, word by word."""

from typing import Any

import pytest

from regiohub.testing import World
from regiohub.testing.oracle import Compared, Oracle

from .test_dates import add
from .test_procedures_graphql import EDITOR, created

WHO: tuple[dict[str, Any], ...] = ({}, {"roles": EDITOR}, {"language": "de"})
FIELDS = """{ atlas { procedures(first: 10) { totalCount edges { cursor node {
  id slug title titleEn summary summaryEn description plainText status statusLabel statusSetByHand statusNote
  kind kindLabel formal level place placeLabel placeApproximate cityWide districts startsOn startPrecision endsOn
  endPrecision term costMin costMax currency costText audience audienceEn takePart commitment minutesPerWeek
  accessibility contact result outcome example publishedAt updatedAt source sourceUrl externalId syncedAt
  figures { key value __typename } nextDate tenant { slug }
  phases { nodes { kind label title startsOn endsOn } } actors { nodes { role label name } }
  documents { nodes { kind title url accessible publishedOn } } links { nodes { kind title url } }
  dates { totalCount nodes { title day startsAt endsAt venue place status procedure { title nextDate statusLabel } } }
} } pageInfo { hasNextPage endCursor } } topics { totalCount nodes { key title titleEn procedureCount } } } }"""
BETWEEN = """query($lon: Float!, $lat: Float = 52.39) { atlas { procedures { nodes {
  title distance(lon: $lon, lat: $lat) far: distance(lon: 13, lat: 52) topics { key title procedureCount }
} } } }"""
NEARBY = """query($near: NearInput!, $status: [ProcedureStatus!], $after: String) { atlas {
  nearby(near: $near, status: $status, first: 1, after: $after) {
    totalCount nodes { title kindLabel term } pageInfo { hasNextPage endCursor } } } }"""
DATES = """query($from: Date, $to: Date, $first: Int = 2) { atlas { dates(from: $from, to: $to, first: $first) {
  totalCount edges { cursor node { title day startsAt procedure { title kindLabel } } } } } }"""
FILTERED = """query($filter: ProcedureFilter, $order: AtlasProceduresOrder) { atlas {
  procedures(filter: $filter, orderBy: $order) { totalCount nodes { slug statusLabel } } } }"""
REGION = """{ atlas { procedures(filter: {status: [RUNNING, PLANNED]}) { totalCount nodes {
  title status kind place tenant { slug } } } } }"""


@pytest.fixture
async def town(world: World) -> World:
    """Procedures with everything that belongs to them, one of them a draft, and the same ones next door."""
    phases = [
        {"kind": "PREPARATION", "startsOn": "2026-04-01", "endsOn": "2026-05-31"},
        {"kind": "PARTICIPATION", "startsOn": "2026-06-01", "title": "Mitreden"},
    ]
    first = await created(world, phases=phases, figures=[{"key": "sent", "value": 9}, {"key": "answered", "value": 4}])
    await created(world, publish=False, title="Entwurf", phases=phases[:1], figures=[])
    await created(world, title="Nahebei", place={"type": "Point", "coordinates": [13.0601, 52.3906]})
    other = await created(
        world, title="Ohne Ort", place=None, startsOn=None, startPrecision="OPEN", kind="SURVEY", takePart=[]
    )
    for owner, day in ((first, "2026-08-01"), (first, "2026-07-01"), (other, "2026-05-01"), (other, "2026-09-09")):
        await add(world, owner, title=f"Treffen {day}", day=day)
    await add(world, first, title="Abend", startsAt="2026-07-01T18:00:00+02:00", endsAt="2026-07-01T20:00:00+02:00")
    return world


async def compiled(oracle: Oracle, document: str, variables: dict[str, Any] | None = None, **who: Any) -> Compared:
    """Both ways agree, the plan answered, and no field of it needed a resolver."""
    found = await oracle.assert_same(who.pop("town", "potsdam"), document, variables, **who)
    assert found.plan is not None
    assert not found.fell_back
    assert [entry for entry in found.plan.fields if entry.way == "resolver"] == []
    return found


async def test_every_declared_field_of_procedures_compiles_and_agrees_with_the_ordinary_way(town: World) -> None:
    for who in WHO:
        found = await compiled(Oracle(town), FIELDS, **who)
        assert found.ordinary.errors == []
        seen = found.ordinary.data["atlas"]["procedures"]
        assert seen["totalCount"] == (4 if who.get("roles") else 3)


async def test_topics_and_distances_compile(town: World) -> None:
    for who in WHO:
        found = await compiled(Oracle(town), BETWEEN, {"lon": 13.06}, **who)
        assert found.ordinary.errors == []
        nodes = found.ordinary.data["atlas"]["procedures"]["nodes"]
        assert {tuple(topic["key"] for topic in node["topics"]) for node in nodes} == {("mobilitaet", "stadtgruen")}
        assert [node["title"] for node in nodes if node["distance"] is None] == ["Ohne Ort"]


async def test_procedures_around_a_point_compile_page_by_page(town: World) -> None:
    near = {"lon": 13.0591, "lat": 52.3906, "metres": 5000}
    oracle = Oracle(town)
    for who in WHO:
        found = await compiled(oracle, NEARBY, {"near": near}, **who)
        cursor = found.ordinary.data["atlas"]["nearby"]["pageInfo"]["endCursor"]
        await compiled(oracle, NEARBY, {"near": near, "status": ["RUNNING"], "after": cursor}, **who)
        await compiled(oracle, NEARBY, {"near": {**near, "metres": 1.5}, "status": []}, **who)


async def test_two_callers_at_different_places_each_have_their_own_nearest_first(town: World) -> None:
    document = "query($near: NearInput!) { atlas { nearby(near: $near) { nodes { title } } } }"
    oracle, seen = Oracle(town), []
    for lon, lat in ((13.06, 52.3905), (13.05, 52.39)):
        found = await compiled(oracle, document, {"near": {"lon": lon, "lat": lat, "metres": 9000}})
        seen.append([node["title"] for node in found.ordinary.data["atlas"]["nearby"]["nodes"]])
    assert seen[0] == [*reversed(seen[1])] == ["Nahebei", "Umbau der Bäckerstraße"]


async def test_a_point_outside_the_world_is_the_same_error_by_the_plan(town: World) -> None:
    found = await Oracle(town).assert_same("potsdam", NEARBY, {"near": {"lon": 200, "lat": 52.0}})
    assert [error["extensions"]["code"] for error in found.ordinary.errors] == ["INVALID_INPUT"]


async def test_a_point_outside_the_world_breaks_the_distance_only(town: World) -> None:
    found = await Oracle(town).assert_same("potsdam", BETWEEN, {"lon": 200})
    assert {error["extensions"]["field"] for error in found.ordinary.errors} == {"lon"}
    nodes = found.ordinary.data["atlas"]["procedures"]["nodes"]
    assert {node["distance"] for node in nodes} == {None}
    assert all(node["topics"] for node in nodes)


async def test_the_agenda_compiles_with_and_without_days(town: World) -> None:
    oracle = Oracle(town)
    for variables in ({}, {"from": "2026-01-01"}, {"to": "2026-08-15"}, {"from": "2026-06-01", "to": "2026-07-01"}):
        for who in WHO:
            found = await compiled(oracle, DATES, {**variables, "first": 2}, **who)
            assert found.ordinary.data["atlas"]["dates"]["totalCount"] > 0


async def test_filters_compile_and_find_the_same(town: World) -> None:
    oracle = Oracle(town)
    wanted: tuple[dict[str, Any], ...] = (
        {"status": ["RUNNING"]}, {"status": []}, {"kind": ["SURVEY", "TRIAL"]}, {"topic": ["mobilitaet", "x"]},
        {"text": "BÄCKERSTRASSE umbau"}, {"near": {"lon": 13.055, "lat": 52.3951, "metres": 400}},
        {"bbox": {"west": 13.04, "south": 52.38, "east": 13.055, "north": 52.396}}, {"runningAt": "2026-06-15"},
        {"cityWide": False, "formal": False, "example": False}, {"published": False},
    )  # fmt: skip
    for filter_ in wanted:
        for who in WHO[:2]:
            await compiled(oracle, FILTERED, {"filter": filter_, "order": "START_LATEST_FIRST"}, **who)


async def test_the_regions_list_compiles(town: World) -> None:
    found = await compiled(Oracle(town), REGION, town="region")
    assert found.ordinary.data["atlas"]["procedures"]["totalCount"] == 3


async def test_answers_may_be_kept_only_where_they_depend_on_neither_person_nor_clock(town: World) -> None:
    oracle = Oracle(town)
    kept = """{ atlas { procedures { nodes {
      title kindLabel term takePart figures { value } phases { nodes { label } } dates { nodes { day } } } }
      topics { nodes { procedureCount } } } }"""
    for who in WHO:
        plan = (await compiled(oracle, kept, **who)).plan
        assert plan.cacheable
        assert {"atlas_procedure", "atlas_procedure_topic", "atlas_topic", "atlas_phase"} <= plan.tables
    for field in ("status", "statusLabel", "nextDate"):
        found = await compiled(oracle, f"{{ atlas {{ procedures {{ nodes {{ title {field} }} }} }} }}")
        assert not found.plan.cacheable, field
    for part in ("procedures(filter: {status: [RUNNING]})", "dates"):
        assert not (await compiled(oracle, f"{{ atlas {{ {part} {{ totalCount }} }} }}")).plan.cacheable, part
