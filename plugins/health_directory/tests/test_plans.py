"""Queries of the directory by one SQL statement and by the ordinary executor: the same answers, word by word."""

from typing import Any

from regiohub.testing import World
from regiohub.testing.oracle import Compared, Oracle

from .conftest import Add
from .test_fields import EVERYTHING

TOWN = "bad-belzig"
WHO: tuple[dict[str, Any], ...] = ({}, {"roles": ("editor",)}, {"language": "de"})
PLACE = {"lon": 12.595, "lat": 52.142, "metres": 10000}
LIST = """query($filter: HealthServiceFilter, $first: Int = 5, $after: String) { healthDirectory {
  services(filter: $filter, first: $first, after: $after) { edges { cursor node {
    name status acceptingNewPatients freshness wheelchair openNow nextChange categories { code title }
    languages { name } organization { name } places { nodes { opening { status comment } } } } }
    pageInfo { hasNextPage endCursor } } } }"""
COUNTED = """query($filter: HealthServiceFilter) { healthDirectory {
  services(filter: $filter) { totalCount nodes { id name } } } }"""
DISTANCE = """query($from: PointInput!) { healthDirectory { services(first: 50) { nodes {
  name distance(from: $from) } } } }"""
NUMBERS = "{ healthDirectory { emergencyNumbers { number title purpose } } }"
REST = """{ healthDirectory {
  organizations(first: 3) { totalCount nodes { name phones { nodes { number kind } }
    services(first: 2) { totalCount nodes { name openNow languages { code } categories { code } wheelchair } } } }
  locations(filter: {wheelchair: YES}) { nodes { name place features { code title } } } } }"""
REGION = "{ healthDirectory { services(first: 4) { totalCount nodes { name status verifiedOn tenant { slug } } } } }"


async def compiled(oracle: Oracle, document: str, variables: dict[str, Any] | None = None, **who: Any) -> Compared:
    """Both ways agree, the plan answered, and no field of it needed a resolver."""
    found = await oracle.assert_same(who.pop("town", TOWN), document, variables, **who)
    assert found.plan is not None
    assert not found.fell_back
    assert [entry for entry in found.plan.fields if entry.way == "resolver"] == []
    return found


async def test_every_field_of_a_service_compiles_and_agrees_with_the_ordinary_way(demo: World) -> None:
    for who in WHO:
        found = await compiled(Oracle(demo), EVERYTHING, **who)
        assert found.ordinary.errors == []
        assert found.ordinary.data["healthDirectory"]["services"]["totalCount"] == 37


async def test_facets_and_nearness_compile_page_by_page(demo: World) -> None:
    oracle = Oracle(demo)
    wanted: tuple[dict[str, Any] | None, ...] = (
        None, {}, {"categories": ["ALLG"]}, {"near": PLACE}, {"near": {**PLACE, "metres": 400}, "telehealth": False},
        {"wheelchair": "YES"}, {"languages": ["de"]}, {"acceptingNewPatients": True}, {"postalCode": "14806"},
        {"appointmentRequired": True, "text": " ", "openNow": False},
    )  # fmt: skip
    for filter_ in wanted:
        found = await compiled(oracle, LIST, {"filter": filter_, "first": 2})
        page = found.ordinary.data["healthDirectory"]["services"]["pageInfo"]
        if page["hasNextPage"]:
            await compiled(oracle, LIST, {"filter": filter_, "first": 3, "after": page["endCursor"]}, language="de")
        await compiled(oracle, COUNTED, {"filter": filter_})


async def test_the_nearest_offers_come_first_and_equally_near_ones_by_name(world: World, add: Add) -> None:
    for name, lon in (("Zuletzt", 12.60), ("Nah B", 12.596), ("Nah A", 12.596), ("Zu weit", 12.9)):
        await add(name, lon=lon)
    oracle = Oracle(world)
    for lon, expected in ((12.595, ["Nah A", "Nah B", "Zuletzt"]), (12.61, ["Zuletzt", "Nah A", "Nah B"])):
        found = await compiled(oracle, COUNTED, {"filter": {"near": {**PLACE, "lon": lon, "metres": 2000}}})
        services = found.ordinary.data["healthDirectory"]["services"]
        assert [node["name"] for node in services["nodes"]] == expected
        assert services["totalCount"] == 3


async def test_words_and_open_now_are_left_to_python_for_that_request_only(demo: World) -> None:
    oracle = Oracle(demo)
    for filter_ in ({"text": "Fysiotherapie"}, {"openNow": True}, {"text": "Pflege", "near": PLACE}):
        found = await oracle.assert_same(TOWN, COUNTED, {"filter": filter_})
        assert found.ordinary.errors == []
        await compiled(oracle, COUNTED, {"filter": {"postalCode": "14806"}})


async def test_a_circle_outside_the_earth_is_the_same_error_by_the_plan(world_sqlite: World) -> None:
    for filter_ in ({"near": {**PLACE, "lon": 181}}, {"near": {**PLACE, "metres": 0}}, {"categories": ["XYZ"]}):
        found = await Oracle(world_sqlite).assert_same(TOWN, COUNTED, {"filter": filter_})
        assert [error["extensions"]["code"] for error in found.ordinary.errors] == ["INVALID_INPUT"]


async def test_distances_compile(demo: World) -> None:
    for who in WHO:
        found = await compiled(Oracle(demo), DISTANCE, {"from": {"lon": 12.6, "lat": 52.1}}, **who)
        assert found.ordinary.errors == []
        assert any(node["distance"] for node in found.ordinary.data["healthDirectory"]["services"]["nodes"])


async def test_emergency_numbers_agree_with_the_ordinary_way(world_sqlite: World) -> None:
    for who in WHO:
        found = await Oracle(world_sqlite).assert_same(TOWN, NUMBERS, **who)
        assert [entry["number"] for entry in found.ordinary.data["healthDirectory"]["emergencyNumbers"]] == [
            "112", "116117",
        ]  # fmt: skip


async def test_organisations_and_places_compile_with_what_is_below_them(demo: World) -> None:
    for who in WHO:
        found = await compiled(Oracle(demo), REST, **who)
        assert found.ordinary.errors == []


async def test_a_service_without_parts_has_empty_lists_and_unknown_answers(world: World, add: Add) -> None:
    await add("Allein", places=[], hours=None)
    document = """{ healthDirectory { services { nodes { name languages { code } categories { code } wheelchair
      openNow opening { status } nextChange acceptingNewPatients freshness places { totalCount } } } } }"""
    found = await compiled(Oracle(world), document)
    (node,) = found.ordinary.data["healthDirectory"]["services"]["nodes"]
    assert (node["languages"], node["wheelchair"], node["openNow"]) == ([], "UNKNOWN", None)
    assert (node["acceptingNewPatients"], node["places"]["totalCount"]) == ("UNKNOWN", 0)


async def test_the_regions_list_compiles(demo: World) -> None:
    found = await compiled(Oracle(demo), REGION, town="region")
    assert found.ordinary.data["healthDirectory"]["services"]["totalCount"] > 36


async def test_answers_may_be_kept_only_where_they_depend_on_neither_person_nor_clock(demo: World) -> None:
    oracle = Oracle(demo)
    kept = """{ healthDirectory { services { nodes { name categories { title } languages { name } wheelchair
      organization { name } places { nodes { location { name features { title } } } } costOptions { nodes { amount } }
    } } organizations { totalCount } locations { nodes { name } } } }"""
    plan = (await compiled(oracle, kept)).plan
    assert plan.cacheable
    assert {"health_directory_service_language", "health_directory_service_term"} <= plan.tables
    for field in (
        "openNow",
        "nextChange",
        "opening { status }",
        "openingHoursText",
        "freshness",
        "acceptingNewPatients",
    ):
        found = await compiled(oracle, f"{{ healthDirectory {{ services {{ nodes {{ name {field} }} }} }} }}")
        assert not found.plan.cacheable, field
    asked = "{ healthDirectory { services(filter: {acceptingNewPatients: true}) { totalCount } } }"
    assert not (await compiled(oracle, asked)).plan.cacheable
    queue = "{ healthDirectory { suggestions { totalCount nodes { contact } } } }"
    assert not (await compiled(oracle, queue, roles=("editor",))).plan.cacheable
