"""The HSDS interface: records and pages pass the official schemas, parameters do what the standard says."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_health_directory.formats.hsds import page_of
from regiohub_health_directory.taxonomy import TAXONOMY_ID, term_id

from .conftest import Add
from .test_editing import STAFF, VERIFY

STANDARDS = Path(__file__).parents[4] / "shared" / "standards" / "check.py"
BASE = "/bad-belzig/hsds"
Check = Callable[..., list[str]]


@pytest.fixture(scope="session")
def check() -> Check:
    """The checker of the official schemas, where it is at hand."""
    if not STANDARDS.is_file():
        pytest.skip("the official HSDS schemas are not at hand")
    spec = importlib.util.spec_from_file_location("standards_check", STANDARDS)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.hsds


async def fetch(world: World, path: str, **query: Any) -> Any:
    response = await world.client.get(f"{BASE}{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()


async def contents(world: World, path: str, **query: Any) -> list[Any]:
    return (await fetch(world, path, **query))["contents"]


async def test_the_interface_names_version_profile_and_description(world_sqlite: World) -> None:
    about = await fetch(world_sqlite, "/")
    assert about["version"] == "3.0"
    for name in ("profile", "openapi_url"):
        response = await world_sqlite.client.get(about[name])
        assert response.status_code == 200
    assert "/services/{id}" in response.json()["paths"]


async def test_every_public_record_passes_the_official_schema(demo: World, check: Check) -> None:
    kinds = {
        "service": "/services", "organization": "/organizations", "service_at_location": "/service_at_locations",
        "taxonomy": "/taxonomies", "taxonomy_term": "/taxonomy_terms",
    }  # fmt: skip
    for kind, path in kinds.items():
        rows = await contents(demo, path, per_page=100)
        assert rows
        for row in rows[:: 1 if kind in ("service", "taxonomy") else 7]:
            record = await fetch(demo, f"{path}/{row['id']}")
            assert check(kind, record) == [], (kind, row["id"])


async def test_every_list_page_passes_the_official_schema(demo: World, check: Check) -> None:
    for path in ("/services", "/organizations", "/service_at_locations", "/taxonomies", "/taxonomy_terms"):
        for number in (1, 2, 99):
            page = await fetch(demo, path, per_page=10, page=number)
            assert check(path, page, page=True) == [], (path, number)


async def test_records_use_only_members_that_the_standard_knows(demo: World) -> None:
    folder = STANDARDS.parent / "hsds-3.0" / "schema"
    if not folder.is_dir():
        pytest.skip("the official HSDS schemas are not at hand")
    for row in await contents(demo, "/services", per_page=100, full="true"):
        assert list(_unknown(row, "service", folder)) == []


def _unknown(record: dict[str, Any], kind: str, folder: Path) -> Any:
    members = json.loads((folder / f"{kind}.json").read_text("utf-8"))["properties"]
    for name, value in record.items():
        if name not in members:
            yield f"{kind}.{name}"
            continue
        target = members[name].get("$ref") or (members[name].get("items") or {}).get("$ref")
        for part in value if isinstance(value, list) else [value]:
            if target and isinstance(part, dict):
                yield from _unknown(part, target.removesuffix(".json"), folder)


async def test_a_service_carries_schedules_phones_languages_and_its_terms(world: World, add: Add) -> None:
    one = await add(
        "Praxis", "PHYS", hours="Mo-Fr 08:00-12:00, Mo 14:00-18:00; Th[1] 19:00-20:00; PH off", wheelchair="NO",
        languages=["gsg"], phones=[{"number": "030 23125 003"}], accepting="YES",
        contacts=[{"title": "Anmeldung", "email": "anmeldung@example.org"}],
        costOptions=[{"option": "Kurs", "amount": "12.50", "currency": "EUR"}],
    )  # fmt: skip
    await world.graphql("bad-belzig", VERIFY, {"id": str(one)}, roles=STAFF)
    record = await fetch(world, f"/services/{one}")
    (place,) = record["service_at_locations"]
    weekly = {(s["byday"], s["opens_at"], s["closes_at"]) for s in place["schedules"] if s["freq"] == "WEEKLY"}
    assert weekly == {("MO,TU,WE,TH,FR", "08:00", "12:00"), ("MO", "14:00", "18:00")}
    monthly = [(s["byday"], s["opens_at"]) for s in place["schedules"] if s["freq"] == "MONTHLY"]
    assert monthly == [("1TH", "19:00")]
    assert "an Feiertagen geschlossen" in place["schedules"][0]["notes"]
    assert place["location"]["accessibility"][0]["description"] == "Mit Rollstuhl zugänglich: nein"
    assert place["location"]["addresses"][0]["state_province"] == "Brandenburg"
    assert record["languages"][0]["name"] == "Deutsche Gebärdensprache"
    assert record["phones"][0]["number"] == "030 23125 003"
    assert record["contacts"][0]["title"] == "Anmeldung"
    assert record["cost_options"][0]["amount"] == 12.5
    assert record["assured_date"] == "2026-06-01"
    terms = [a["taxonomy_term"]["code"] for a in record["attributes"] if a["link_type"] == "taxonomy_term"]
    assert terms == ["PHYS"]
    (accepting,) = [a["value"] for a in record["attributes"] if a["link_type"] == "accepting_new_patients"]
    assert accepting.endswith("(Stand 2026-06-01)")


async def test_example_offers_are_marked_in_every_record(demo: World) -> None:
    rows = await contents(demo, "/services", per_page=100)
    assert len(rows) == 37
    assert all(row["alert"].startswith("Beispieldaten") for row in rows)


async def test_words_find_by_address_and_by_body_alike(demo: World) -> None:
    by_address = await fetch(demo, "/services", search="Fysiotherapie", per_page=5)
    posted = await demo.client.post(f"{BASE}/services", json={"search": "Fysiotherapie", "per_page": 5})
    assert posted.json() == by_address
    assert by_address["contents"][0]["name"].startswith("Beispielpraxis für Physiotherapie")


async def test_lists_are_cut_into_pages(demo: World) -> None:
    last = await fetch(demo, "/services", per_page=10, page=4)
    assert {name: last[name] for name in last if name != "contents"} == {
        "total_items": 37, "total_pages": 4, "page_number": 4, "size": 7, "first_page": False, "last_page": True,
        "empty": False,
    }  # fmt: skip
    beyond = await fetch(demo, "/services", per_page=10, page=5)
    assert (beyond["size"], beyond["empty"], beyond["last_page"]) == (0, True, True)


async def test_ndjson_gives_every_entry_on_a_line_of_its_own(demo: World) -> None:
    response = await demo.client.get(f"{BASE}/services", params={"format": "ndjson"})
    assert response.headers["content-type"].startswith("application/x-ndjson")
    assert len({json.loads(line)["id"] for line in response.text.splitlines()}) == 37


async def test_minimal_lists_everything_with_its_time_of_change_on_one_page(demo: World) -> None:
    page = await fetch(demo, "/services", minimal="true")
    assert (page["size"], page["total_pages"]) == (37, 1)
    assert set(page["contents"][0]) == {"id", "modified_date"}


async def test_terms_and_taxonomies_select_services(world: World, add: Add) -> None:
    await add("Zahn", "MZAH")
    await add("Haus", "ALLG")

    async def names(**query: Any) -> list[str]:
        return [row["name"] for row in await contents(world, "/services", **query)]

    assert await names(taxonomy_term_id=str(term_id("ZAHN"))) == ["Zahn"]
    assert await names(taxonomy_id=str(TAXONOMY_ID)) == ["Haus", "Zahn"]
    assert await names(taxonomy_id=str(term_id("ZAHN"))) == []
    assert await names(taxonomy_term_id=str(TAXONOMY_ID)) == []


async def test_modified_after_gives_what_changed_since(world: World, add: Add) -> None:
    await add("Alt")
    world.clock.set(world.clock.now().replace(hour=9))
    await add("Neu")
    rows = await contents(world, "/services", modified_after="2026-06-01T10:30:00+02:00")
    assert [row["name"] for row in rows] == ["Neu"]
    naive = await world.client.get(f"{BASE}/services", params={"modified_after": "2026-06-01T10:30:00"})
    assert naive.status_code == 422


async def test_an_organization_comes_with_its_services_short_or_whole(world: World, add: Add) -> None:
    await add("Praxis", owner="Beispielträger")
    (row,) = await contents(world, "/organizations", search="Beispieltraeger")
    short = await fetch(world, f"/organizations/{row['id']}")
    whole = await fetch(world, f"/organizations/{row['id']}", full_service="true")
    assert "attributes" not in short["services"][0]
    assert "attributes" in whole["services"][0]
    assert [r["name"] for r in await contents(world, "/services", organization_id=row["id"])] == ["Praxis"]


async def test_places_are_found_by_postcode_and_around_it(world: World, add: Add) -> None:
    await add("Nah")
    await add("Fern", lon=12.7)

    async def names(**query: Any) -> set[str]:
        return {row["service"]["name"] for row in await contents(world, "/service_at_locations", **query)}

    assert await names(postcode="14806") == {"Nah", "Fern"}
    assert await names(postcode="14827") == set()
    assert await names(postcode="14806", proximity=20000) == {"Nah", "Fern"}
    assert await names(postcode="14806", proximity=500) == set()
    unknown = await world.client.get(f"{BASE}/service_at_locations", params={"postcode": "99999", "proximity": 5})
    assert (unknown.status_code, unknown.json()["field"]) == (422, "postcode")


async def test_terms_can_be_asked_from_the_top_and_by_parent(world_sqlite: World) -> None:
    top = await contents(world_sqlite, "/taxonomy_terms", top_only="true")
    assert all("parent_id" not in term for term in top)
    below = await contents(world_sqlite, "/taxonomy_terms", parent_id=str(term_id("ZAHN")))
    assert [term["code"] for term in below] == ["MZAH", "ORAL", "KIEF", "PARO"]
    found = await contents(world_sqlite, "/taxonomy_terms", search="Krankengymnastik")
    assert found[0]["code"] == "PHYS"


@pytest.mark.parametrize("path", ["/services/", "/organizations/", "/service_at_locations/", "/taxonomy_terms/"])
async def test_missing_and_hidden_records_get_the_same_answer(world_sqlite: World, path: str) -> None:
    response = await world_sqlite.client.get(f"{BASE}{path}01890000-0000-7000-8000-000000000000")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


async def test_an_inactive_service_is_not_given_out(world: World, add: Add) -> None:
    one = await add("Früher", status="INACTIVE")
    assert await contents(world, "/services") == []
    assert (await world.client.get(f"{BASE}/services/{one}")).status_code == 404


@pytest.mark.parametrize("query", ["page=0", "per_page=1000", "format=xml", "taxonomy_id=x", "proximity=5"])
async def test_wrong_parameters_are_refused(world_sqlite: World, query: str) -> None:
    response = await world_sqlite.client.get(f"{BASE}/service_at_locations?{query}")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_the_interface_is_not_there_where_the_plugin_is_off(world_sqlite: World) -> None:
    assert (await world_sqlite.client.get("/berlin/hsds/services")).status_code == 404
    await world_sqlite.disable("bad-belzig", "health_directory")
    assert (await world_sqlite.client.get(f"{BASE}/services")).status_code == 404


async def test_a_page_takes_the_same_number_of_statements_however_many_offers_there_are(demo: World) -> None:
    counts: list[int] = []
    for size in (2, 30):
        with demo.statements() as seen:
            await contents(demo, "/services", per_page=size, full="true")
        counts.append(len(seen))
    assert counts[0] == counts[1]


@given(st.integers(0, 500), st.integers(1, 100))
def test_the_pages_of_a_list_hold_each_entry_once(total: int, per_page: int) -> None:
    entries = [{"id": number} for number in range(total)]
    seen: list[dict[str, Any]] = []
    number = 1
    while True:
        cut = entries[(number - 1) * per_page : number * per_page]
        page = page_of(cut, total=total, page=number, per_page=per_page)
        seen += page["contents"]
        if page["last_page"]:
            break
        number += 1
    assert seen == entries
    assert page["total_pages"] == number
