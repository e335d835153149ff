"""Files with places: what is read from them, and what an import does."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from regiohub.api import DomainError, InvalidInput
from regiohub.testing import World
from regiohub_{{ cookiecutter.id }}.formats.places_file import read_file

IMPORT = """mutation($content: String!) { import{{ cookiecutter.__Things }}(content: $content) {
  report { created changed unchanged refused { number field message } } errors { code field } } }"""
CSV = """id;name;kind;address;wheelchair;lon;lat;hours
wc-1;WC am Markt;toilet;Markt 1;ja;13,06;52,39;24/7
lib;Bücherei;LIBRARY;;nein;;;Mo-Fr 10:00-18:00
"""


async def take_over(world: World, content: str, slug: str = "potsdam") -> Any:
    answer = await world.graphql(slug, IMPORT, {"content": content}, roles=("editor",))
    assert answer.errors == []
    return answer.data["import{{ cookiecutter.__Things }}"]


async def places(world: World) -> list[dict[str, Any]]:
    document = """{ {{ cookiecutter.__root }} { {{ cookiecutter.__things | camel }}(orderBy: NAME) { nodes {
      name kind address wheelchair location hours externalId } } } }"""
    answer = await world.graphql("potsdam", document)
    return answer.data["{{ cookiecutter.__root }}"]["{{ cookiecutter.__things | camel }}"]["nodes"]


async def test_a_table_becomes_places_and_repeating_it_changes_nothing(world: World) -> None:
    result = await take_over(world, CSV)
    assert result["errors"] == []
    assert result["report"] == {"created": ["wc-1", "lib"], "changed": [], "unchanged": [], "refused": []}
    library, toilet = await places(world)
    assert (library["kind"], library["wheelchair"], library["location"]) == ("LIBRARY", False, None)
    assert toilet == {
        "name": "WC am Markt", "kind": "TOILET", "address": "Markt 1", "wheelchair": True, "hours": "24/7",
        "location": {"type": "Point", "coordinates": [13.06, 52.39]}, "externalId": "wc-1",
    }  # fmt: skip
    again = (await take_over(world, CSV))["report"]
    assert sorted(again["unchanged"]) == ["lib", "wc-1"]
    changed = (await take_over(world, CSV.replace("24/7", "Mo 08:00-20:00")))["report"]
    assert (changed["changed"], changed["unchanged"]) == (["wc-1"], ["lib"])


async def test_geojson_is_told_by_its_first_character(world: World) -> None:
    area = {"type": "Polygon", "coordinates": [[[13, 52], [13.1, 52], [13.1, 52.1], [13, 52]]]}
    features = [
        {"type": "Feature", "geometry": area, "properties": {"id": 7, "name": "Park", "wheelchair": True}},
        {"type": "Feature", "id": "x", "geometry": None, "properties": {"name": "Ohne Ort"}},
    ]
    result = await take_over(world, json.dumps({"type": "FeatureCollection", "features": features}))
    assert result["report"]["created"] == ["7", "x"]
    without, park = await places(world)
    assert (park["location"], park["wheelchair"]) == (area, True)
    assert without["location"] is None


async def test_a_faulty_entry_is_named_and_the_others_are_taken(world: World) -> None:
    content = "id,name,kind,wheelchair,lon,lat,hours\n" + "\n".join(
        ["1,Gut,,,,,", "2,,,,,,", ",Namenlos,,,,,", "4,X,palace,,,,", "5,X,,maybe,,,", "6,X,,,east,1,", "7,X,,,,,immer"]
    )
    report = (await take_over(world, content))["report"]
    assert report["created"] == ["1"]
    assert [(entry["number"], entry["field"]) for entry in report["refused"]] == [
        (3, "name"), (4, "id"), (5, "kind"), (6, "wheelchair"), (7, "lon"), (8, "hours"),
    ]  # fmt: skip


@pytest.mark.parametrize("raw", [b"", b" \n", b"\xff\xfe", b"name\nx\n", b"{", b'{"type": "Feature"}', b"{}"])
def test_a_file_that_is_none_is_refused_as_a_whole(raw: bytes) -> None:
    with pytest.raises(InvalidInput):
        read_file(raw)


def test_a_file_with_too_many_entries_is_refused() -> None:
    with pytest.raises(InvalidInput):
        read_file(b"id,name\n" + b"1,x\n" * 5_001)


@given(st.one_of(st.binary(max_size=80), st.text("1,;\"\n\r\x00 ß", max_size=80).map(lambda text: f"id,name\n{text}".encode())))
def test_no_file_does_more_than_be_refused(raw: bytes) -> None:
    try:
        read_file(raw)
    except DomainError:
        return


async def test_only_editors_import(world_sqlite: World) -> None:
    answer = await world_sqlite.graphql("potsdam", IMPORT, {"content": CSV}, roles=("coordinator",))
    assert answer.codes == ["FORBIDDEN"]
    assert await places(world_sqlite) == []


async def test_an_import_stays_in_its_town(world_sqlite: World) -> None:
    await take_over(world_sqlite, CSV, "bad-belzig")
    assert await places(world_sqlite) == []
    assert len((await take_over(world_sqlite, CSV))["report"]["created"]) == 2
