"""Pairs that may be one offer are found, and merged or remembered as two."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_health_directory.service.matching import (
    CANDIDATE,
    Traits,
    address_key,
    likeness,
    name_key,
    phone_key,
)

from .conftest import Add
from .test_editing import CORRECT, STAFF, queue
from .test_finding import find

TOWN = "bad-belzig"
FIND = "mutation { findHealthDuplicates { candidates errors { code } } }"
PAIRS = """{ healthDirectory { duplicates { nodes { id score reasons state first { name } second { name } } } } }"""
DIFFERENT = "mutation($id: ID!) { markHealthServicesDifferent(id: $id) { duplicate { state } errors { code } } }"
AGAIN = "mutation($id: ID!) { reconsiderHealthDuplicate(id: $id) { duplicate { state } errors { code } } }"
MERGE = """mutation($keep: ID!, $gone: ID!, $take: [String!]) {
  mergeHealthServices(keepId: $keep, goneId: $gone, take: $take) { service { id } errors { code field } } }"""
WHOLE = """query($id: ID!) { healthDirectory { serviceReplacement(id: $id) service(id: $id) {
  name description url status phones { nodes { number } } languages { code } categories { code }
  places { nodes { openingHours location { name } } } } } }"""


async def pairs(world: World) -> list[dict[str, Any]]:
    counted = await world.graphql(TOWN, FIND, roles=STAFF)
    assert counted.data["findHealthDuplicates"]["errors"] == []
    found = await world.graphql(TOWN, PAIRS, roles=STAFF)
    nodes = found.data["healthDirectory"]["duplicates"]["nodes"]
    assert counted.data["findHealthDuplicates"]["candidates"] == sum(n["state"] == "CANDIDATE" for n in nodes)
    return nodes


async def whole(world: World, identifier: UUID) -> dict[str, Any]:
    found = await world.graphql(TOWN, WHOLE, {"id": str(identifier)}, roles=STAFF)
    assert not found.errors, found.errors
    return found.data["healthDirectory"]


async def merged(world: World, keep: UUID, gone: UUID, *take: str) -> dict[str, Any]:
    given_ = {"keep": str(keep), "gone": str(gone), "take": list(take)}
    found = await world.graphql(TOWN, MERGE, given_, roles=STAFF)
    assert not found.errors, found.errors
    return found.data["mergeHealthServices"]


async def test_the_same_practice_entered_twice_is_found_with_its_reasons(world: World, add: Add) -> None:
    await add("Physiotherapie Beispiel", "PHYS", phones=[{"number": "030 23125 001"}], owner="Beispiel")
    await add("Physiotherapeut Beispiel", "PHYS", phones=[{"number": "+49 30 23125-001"}], owner="Beispiel GbR")
    await add("Apotheke am Markt", "APOT", owner="Ganz anders", lon=12.7)
    (pair,) = await pairs(world)
    assert {pair["first"]["name"], pair["second"]["name"]} == {"Physiotherapie Beispiel", "Physiotherapeut Beispiel"}
    assert pair["reasons"][:3] == ["name", "phone", "address"]
    assert pair["score"] >= 0.9


async def test_several_offers_of_one_house_are_no_candidates(world: World, add: Add) -> None:
    phones = [{"number": "030 23125 001"}]
    for name, code in (("Physiotherapie", "PHYS"), ("Ergotherapie", "ERG"), ("Logopädie", "SPR")):
        await add(f"{name} im Beispielhaus", code, phones=phones)
    assert await pairs(world) == []


async def test_a_pair_that_was_told_apart_is_not_proposed_again_until_it_is_reconsidered(
    world: World, add: Add
) -> None:
    for _ in range(2):
        await add("Praxis Beispiel", phones=[{"number": "030 23125 001"}])
    (pair,) = await pairs(world)
    await world.graphql(TOWN, DIFFERENT, {"id": pair["id"]}, roles=STAFF)
    assert [row["state"] for row in await pairs(world)] == ["DIFFERENT"]
    await world.graphql(TOWN, AGAIN, {"id": pair["id"]}, roles=STAFF)
    assert [row["state"] for row in await pairs(world)] == ["CANDIDATE"]


async def test_merging_fills_gaps_adds_parts_and_moves_suggestions(world: World, add: Add) -> None:
    keep = await add("Praxis", "ALLG", phones=[{"number": "030 23125 001"}], languages=["de"])
    gone = await add(
        "Praxis Dr. Beispiel", "INNE", hours="Mo 08:00-12:00", description="Hausarztpraxis", languages=["pl"],
        phones=[{"number": "+49 30 23125001"}, {"number": "030 23125 002"}],
    )  # fmt: skip
    await world.graphql(TOWN, CORRECT, {"id": str(gone), "input": {"phone": "030 23125 003"}})
    assert (await merged(world, keep, gone))["errors"] == []
    after = await whole(world, keep)
    assert after["service"] == {
        "name": "Praxis", "description": "Hausarztpraxis", "url": None, "status": "ACTIVE",
        "phones": {"nodes": [{"number": "030 23125 001"}, {"number": "030 23125 002"}]},
        "languages": [{"code": "de"}, {"code": "pl"}], "categories": [{"code": "ALLG"}, {"code": "INNE"}],
        "places": {"nodes": [{"openingHours": "Mo 08:00-12:00", "location": {"name": "Beispielhaus"}}]},
    }  # fmt: skip
    assert [row["serviceId"] for row in await queue(world, TOWN)] == [str(keep)]


async def test_the_merged_entry_is_hidden_points_to_the_kept_one_and_loses_nothing(world: World, add: Add) -> None:
    keep, gone = await add("Praxis"), await add("Praxis Alt", phones=[{"number": "030 23125 002"}])
    await merged(world, keep, gone, "name")
    assert [node["name"] for node in await find(world)] == ["Praxis Alt"]
    left = await whole(world, gone)
    assert left["serviceReplacement"] == str(keep)
    assert (left["service"]["status"], left["service"]["name"]) == ("DEFUNCT", "Praxis Alt")
    assert left["service"]["phones"]["nodes"] == [{"number": "030 23125 002"}]
    moved = await world.client.get(f"/{TOWN}/hsds/services/{gone}", follow_redirects=True)
    assert (moved.status_code, moved.json()["id"]) == (200, str(keep))
    again = await merged(world, keep, gone)
    assert [error["field"] for error in again["errors"]] == ["goneId"]
    assert await pairs(world) == []


async def test_merging_refuses_nonsense(world: World, add: Add) -> None:
    one = await add("Praxis")
    other = await add("Andere")
    assert [error["field"] for error in (await merged(world, one, one))["errors"]] == ["goneId"]
    assert [error["field"] for error in (await merged(world, one, other, "tenant_id"))["errors"]] == ["take"]


@pytest.mark.parametrize("document", [FIND, PAIRS])
async def test_duplicates_are_for_staff_only(world_sqlite: World, document: str) -> None:
    refused = await world_sqlite.graphql(TOWN, document, subject="eva")
    assert refused.codes == ["FORBIDDEN"]


async def test_comparing_reads_by_a_number_of_statements_that_does_not_grow(world: World, add: Add) -> None:
    counts: list[int] = []
    for _ in range(2):
        for number in range(3):
            await add(f"Praxis {number} {len(counts)}", owner=f"Anbieter {number}", lon=12.5 + number / 10)
        with world.statements() as seen:
            await world.graphql(TOWN, FIND, roles=STAFF)
        counts.append(sum(statement.lstrip().startswith("SELECT") for statement in seen))
    assert counts[0] == counts[1]


_NAMES = st.text(alphabet="abcdefgh ", min_size=1, max_size=20)
_TRAITS = st.builds(
    Traits,
    id=st.uuids(),
    name=_NAMES.map(name_key),
    provider=_NAMES.map(name_key),
    organization_id=st.sampled_from([UUID(int=1), UUID(int=2)]),
    codes=st.frozensets(st.sampled_from(["ALLG", "INNE"])),
    phones=st.sets(st.sampled_from(["03023125001", "03023125002"])),
    addresses=st.sets(st.sampled_from(["beispielweg1 14806", "musterweg2 14806"])),
    points=st.lists(st.sampled_from([(12.5, 52.1), (12.5001, 52.1), (12.6, 52.1)]), max_size=2),
)


@given(_TRAITS, _TRAITS)
def test_likeness_is_between_0_and_1_and_the_same_from_both_sides(one: Traits, other: Traits) -> None:
    like = likeness(one, other)
    assert 0.0 <= like.score <= 1.0
    assert likeness(other, one) == like
    assert (like.score > 0) == bool(like.reasons)


@given(_TRAITS)
def test_an_entry_is_as_like_itself_as_can_be(one: Traits) -> None:
    if one.name:
        assert likeness(one, one).score == 1.0
        assert CANDIDATE < 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("030 23125 001", "+49 30 23125-001"),
        ("030/23125001", "0049 30 23125001"),
        ("03023125001", "+49 (0)30 23125001"),
    ],
)
def test_ways_to_write_a_phone_number_are_one(one: str, other: str) -> None:
    assert phone_key(one) == phone_key(other) != ""


def test_ways_to_write_an_address_are_one() -> None:
    keys = {address_key(text, "14806") for text in ("Musterstraße 1", "Musterstr. 1", "MUSTERSTRASSE 1 ")}
    assert len(keys) == 1
