"""Places through the API: who may do what, what is refused, what is found."""

from datetime import timedelta
from typing import Any

import pytest
from regiohub.testing import Answer, World

EDITOR = ("editor",)
LIBRARY: dict[str, Any] = {
    "name": "Stadtbücherei",
    "kind": "LIBRARY",
    "hours": "Mo-Fr 10:00-18:00; Sa 10:00-14:00",
    "location": {"type": "Point", "coordinates": [13.06, 52.39]},
    "externalId": "lib-1",
}
CREATE = """mutation($input: {{ cookiecutter.__Thing }}Input!) { create{{ cookiecutter.__Thing }}(input: $input) {
  place { id name openNow hours } errors { __typename code field message ... on {{ cookiecutter.__Thing }}ExternalIdTakenError { placeId } }
} }"""
CHANGE = """mutation($id: ID!, $input: {{ cookiecutter.__Thing }}ChangeInput!) { change{{ cookiecutter.__Thing }}(id: $id, input: $input) {
  place { name description hours } errors { code field } } }"""
REMOVE = "mutation($id: ID!) { remove{{ cookiecutter.__Thing }}(id: $id) { errors { code field } } }"


async def create(world: World, slug: str = "potsdam", **changes: Any) -> str:
    answer = await world.graphql(slug, CREATE, {"input": LIBRARY | changes}, roles=EDITOR)
    assert answer.errors == []
    result = answer.data["create{{ cookiecutter.__Thing }}"]
    assert result["errors"] == []
    return result["place"]["id"]


async def names(world: World, filter: dict[str, Any], slug: str = "potsdam") -> list[str]:
    document = "query($filter: {{ cookiecutter.__Thing }}Filter) { {{ cookiecutter.__root }} { {{ cookiecutter.__things | camel }}(filter: $filter) { nodes { name } } } }"
    answer = await world.graphql(slug, document, {"filter": filter})
    assert answer.errors == []
    return [node["name"] for node in answer.data["{{ cookiecutter.__root }}"]["{{ cookiecutter.__things | camel }}"]["nodes"]]


async def test_a_place_is_public_as_soon_as_staff_have_added_it(world: World) -> None:
    place_id = await create(world, description="Mit Lesecafé", wheelchair=True)
    document = """query($id: ID!) { {{ cookiecutter.__root }} { {{ cookiecutter.thing | camel }}(id: $id) {
      name kind kindLabel description address wheelchair location externalId openNow hours
      openings { weekday opens closes } distance(lon: 13.06, lat: 52.39) } } }"""
    answer = await world.graphql("potsdam", document, {"id": place_id}, language="de")
    assert answer.errors == []
    assert answer.data["{{ cookiecutter.__root }}"]["{{ cookiecutter.thing | camel }}"] == {
        "name": "Stadtbücherei", "kind": "LIBRARY", "kindLabel": "Bücherei", "description": "Mit Lesecafé",
        "address": None, "wheelchair": True, "location": LIBRARY["location"], "externalId": "lib-1", "openNow": True,
        "hours": "Mo-Fr 10:00-18:00; Sa 10:00-14:00", "distance": 0,
        "openings": [
            *({"weekday": day, "opens": 600, "closes": 1080} for day in range(1, 6)),
            {"weekday": 6, "opens": 600, "closes": 840},
        ],
    }  # fmt: skip


async def test_what_is_open_follows_the_town_s_clock(world: World) -> None:
    await create(world)
    await create(world, name="Brunnen", hours=None, externalId=None)
    assert await names(world, {"openNow": True}) == ["Stadtbücherei"]
    world.clock.advance(timedelta(hours=8))
    assert await names(world, {"openNow": True}) == []
    assert await names(world, {"openNow": False}) == ["Stadtbücherei"], "nobody knows about the fountain"


async def test_filters_find_by_kind_words_point_and_box(world: World) -> None:
    await create(world)
    far = {"type": "Point", "coordinates": [13.2, 52.5]}
    await create(world, name="100 % Spaß", kind="PLAYGROUND", location=far, wheelchair=False, externalId=None)
    assert await names(world, {}) == ["100 % Spaß", "Stadtbücherei"]
    assert await names(world, {"kind": ["LIBRARY", "TOILET"]}) == ["Stadtbücherei"]
    assert await names(world, {"text": "büch"}) == ["Stadtbücherei"]
    assert await names(world, {"text": "%"}) == ["100 % Spaß"]
    assert await names(world, {"wheelchair": False}) == ["100 % Spaß"]
    assert await names(world, {"near": {"lon": 13.06, "lat": 52.39, "metres": 500}}) == ["Stadtbücherei"]
    assert await names(world, {"bbox": {"west": 13.1, "south": 52.4, "east": 13.3, "north": 52.6}}) == ["100 % Spaß"]


async def test_the_nearest_stands_first(world: World) -> None:
    await create(world, name="Nah")
    await create(world, name="Fern", externalId=None, location={"type": "Point", "coordinates": [13.07, 52.39]})
    document = "{ {{ cookiecutter.__root }} { nearby(near: {lon: 13.071, lat: 52.39, metres: 5000}) { totalCount nodes { name } } } }"
    answer = await world.graphql("potsdam", document)
    assert answer.data["{{ cookiecutter.__root }}"]["nearby"] == {"totalCount": 2, "nodes": [{"name": "Fern"}, {"name": "Nah"}]}


@pytest.mark.parametrize("filter", [{"near": {"lon": 500, "lat": 0}}, {"near": {"lon": 0, "lat": 0, "metres": -1}},
                                    {"bbox": {"west": 2, "south": 0, "east": 1, "north": 1}}])  # fmt: skip
async def test_an_impossible_area_is_refused_in_words(world_sqlite: World, filter: dict[str, Any]) -> None:
    document = "query($filter: {{ cookiecutter.__Thing }}Filter) { {{ cookiecutter.__root }} { {{ cookiecutter.__things | camel }}(filter: $filter) { totalCount } } }"
    answer = await world_sqlite.graphql("potsdam", document, {"filter": filter})
    assert answer.codes == ["INVALID_INPUT"]


async def test_a_change_leaves_the_rest_as_it_is_and_null_empties(world: World) -> None:
    place_id = await create(world, description="Alt")
    answer = await world.graphql("potsdam", CHANGE, {"id": place_id, "input": {"name": "Neu"}}, roles=EDITOR)
    expected = {"name": "Neu", "description": "Alt", "hours": "Mo-Fr 10:00-18:00; Sa 10:00-14:00"}
    assert answer.data["change{{ cookiecutter.__Thing }}"] == {"place": expected, "errors": []}
    emptied = {"description": None, "hours": None}
    answer = await world.graphql("potsdam", CHANGE, {"id": place_id, "input": emptied}, roles=EDITOR)
    assert answer.data["change{{ cookiecutter.__Thing }}"]["place"] == {"name": "Neu", "description": None, "hours": None}


async def test_a_removed_place_is_gone_with_its_hours(world: World) -> None:
    place_id = await create(world)
    answer = await world.graphql("potsdam", REMOVE, {"id": place_id}, roles=EDITOR)
    assert answer.data["remove{{ cookiecutter.__Thing }}"]["errors"] == []
    assert await names(world, {}) == []
    again = await world.graphql("potsdam", REMOVE, {"id": place_id}, roles=EDITOR)
    assert again.data["remove{{ cookiecutter.__Thing }}"]["errors"] == [{"code": "NOT_FOUND", "field": "id"}]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"description": "a\x07b"}, "description"),
        ({"hours": "immer"}, "hours"),
        ({"externalId": "x" * 201}, "externalId"),
    ],
)
async def test_a_value_that_breaks_a_rule_is_refused_at_its_field(
    world_sqlite: World, changes: dict[str, Any], field: str
) -> None:
    answer = await world_sqlite.graphql("potsdam", CREATE, {"input": LIBRARY | changes}, roles=EDITOR)
    (error,) = answer.data["create{{ cookiecutter.__Thing }}"]["errors"]
    assert (error["code"], error["field"]) == ("INVALID_INPUT", field)
    assert await names(world_sqlite, {}) == []


async def test_an_external_id_that_is_taken_is_refused_with_the_place_that_has_it(world: World) -> None:
    place_id = await create(world)
    answer = await world.graphql("potsdam", CREATE, {"input": LIBRARY | {"name": "Zweite"}}, roles=EDITOR)
    (error,) = answer.data["create{{ cookiecutter.__Thing }}"]["errors"]
    assert (error["code"], error["placeId"]) == ("EXTERNAL_ID_TAKEN", place_id)
    await create(world, "bad-belzig")


async def test_only_staff_with_the_right_may_write(world_sqlite: World) -> None:
    place_id = await create(world_sqlite)

    async def codes(**caller: Any) -> list[list[str]]:
        answers: list[Answer] = [
            await world_sqlite.graphql("potsdam", CREATE, {"input": LIBRARY}, **caller),
            await world_sqlite.graphql("potsdam", CHANGE, {"id": place_id, "input": {"name": "X"}}, **caller),
            await world_sqlite.graphql("potsdam", REMOVE, {"id": place_id}, **caller),
        ]
        return [answer.codes for answer in answers]

    assert await codes() == [["UNAUTHENTICATED"]] * 3
    assert await codes(subject="resident") == [["FORBIDDEN"]] * 3
    assert await codes(roles=("caretaker",)) == [["FORBIDDEN"]] * 3
    assert await names(world_sqlite, {}) == ["Stadtbücherei"]


async def test_another_town_s_place_looks_like_none(world: World) -> None:
    place_id = await create(world, "bad-belzig")
    assert await names(world, {}) == []
    answer = await world.graphql("potsdam", CHANGE, {"id": place_id, "input": {"name": "X"}}, roles=EDITOR)
    assert answer.data["change{{ cookiecutter.__Thing }}"]["errors"] == [{"code": "NOT_FOUND", "field": "id"}]
    assert await names(world, {}, "bad-belzig") == ["Stadtbücherei"]
