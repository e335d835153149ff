"""Staff create, change and verify; residents suggest; nobody sees another town's queue."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from regiohub.testing import World

from .conftest import CREATE, Add, offer
from .test_finding import find

ENTRY = """query($id: ID!) { healthDirectory { service(id: $id) { revision updatedAt verifiedOn freshness name
  organization { id } places { nodes { location { id } openingHours } } } } }"""
UPDATE = """mutation($id: ID!, $input: HealthServiceInput!) { updateHealthService(id: $id, input: $input) {
  service { revision updatedAt verifiedOn } errors { code field } } }"""
VERIFY = """mutation($id: ID!) { verifyHealthService(id: $id) { service { verifiedOn freshness } errors { code } } }"""
SUGGEST = """mutation($input: HealthProposalInput!, $contact: String) {
  suggestHealthOffer(input: $input, message: "Fehlt", contact: $contact) {
    suggestion { id kind state } errors { code field } } }"""
CORRECT = """mutation($id: ID!, $input: HealthProposalInput) {
  suggestHealthCorrection(serviceId: $id, input: $input) { suggestion { id } errors { code field } } }"""
QUEUE = """{ healthDirectory { suggestions { nodes { id kind state proposal message contact serviceId } } } }"""
ACCEPT = """mutation($id: ID!, $input: HealthServiceInput!) { acceptHealthSuggestion(id: $id, input: $input) {
  suggestion { state serviceId } errors { code field } } }"""
REJECT = """mutation($id: ID!) { rejectHealthSuggestion(id: $id, note: "Gibt es schon") {
  suggestion { state decisionNote } errors { code } } }"""
STAFF = ("editor",)


async def entry(world: World, identifier: UUID) -> dict[str, Any]:
    found = await world.graphql("bad-belzig", ENTRY, {"id": str(identifier)})
    assert not found.errors, found.errors
    return found.data["healthDirectory"]["service"]


def saved_again(name: str, present: dict[str, Any], **more: Any) -> dict[str, Any]:
    """The input that a form sends back for an entry that nobody touched."""
    given = offer(name, **more)
    given["organization"] = {"id": present["organization"]["id"]}
    (place,) = present["places"]["nodes"]
    given["places"] = [{"location": {"id": place["location"]["id"]}, "openingHours": place["openingHours"]}]
    return given


async def test_an_unchanged_save_leaves_verification_revision_and_time_of_change_alone(world: World, add: Add) -> None:
    more: dict[str, Any] = {
        "accepting": "YES", "languages": ["de"], "phones": [{"number": "030 23125 001"}],
        "contacts": [{"title": "Anmeldung"}], "costOptions": [{"option": "Kurs", "amount": "9.50"}],
    }  # fmt: skip
    one = await add("Praxis", hours="Mo 08:00-12:00", **more)
    await world.graphql("bad-belzig", VERIFY, {"id": str(one)}, roles=STAFF)
    before = await entry(world, one)
    world.clock.advance(timedelta(days=10))
    given = saved_again("Praxis", before, **more)
    answer = await world.graphql("bad-belzig", UPDATE, {"id": str(one), "input": given}, roles=STAFF)
    assert answer.data["updateHealthService"]["errors"] == []
    assert await entry(world, one) == before


async def test_a_changed_save_moves_the_time_of_change_but_not_the_verification(world: World, add: Add) -> None:
    one = await add("Praxis")
    await world.graphql("bad-belzig", VERIFY, {"id": str(one)}, roles=STAFF)
    before = await entry(world, one)
    world.clock.advance(timedelta(days=10))
    given = saved_again("Praxis", before, languages=["pl"])
    await world.graphql("bad-belzig", UPDATE, {"id": str(one), "input": given}, roles=STAFF)
    after = await entry(world, one)
    assert after["revision"] == before["revision"] + 1
    assert after["updatedAt"] > before["updatedAt"]
    assert after["verifiedOn"] == before["verifiedOn"] == "2026-06-01"


async def test_verifying_sets_the_day_and_leaves_the_time_of_change_alone(world: World, add: Add) -> None:
    one = await add("Praxis")
    before = await entry(world, one)
    assert (before["verifiedOn"], before["freshness"]) == (None, "STALE")
    world.clock.advance(timedelta(days=3))
    answer = await world.graphql("bad-belzig", VERIFY, {"id": str(one)}, roles=STAFF)
    assert answer.data["verifyHealthService"]["service"] == {"verifiedOn": "2026-06-04", "freshness": "FRESH"}
    after = await entry(world, one)
    assert (after["updatedAt"], after["revision"]) == (before["updatedAt"], before["revision"])


async def test_a_verification_turns_due_and_then_stale(world: World, add: Add) -> None:
    one = await add("Praxis")
    await world.graphql("bad-belzig", VERIFY, {"id": str(one)}, roles=STAFF)
    seen: list[str] = []
    for days in (180, 1, 184):
        world.clock.advance(timedelta(days=days))
        seen.append((await entry(world, one))["freshness"])
    assert seen == ["FRESH", "DUE", "STALE"]


async def test_malformed_opening_hours_are_refused_with_position_and_nothing_is_stored(world: World) -> None:
    given = offer("Praxis", hours="Mo-Fr 8 Uhr")
    answer = await world.graphql("bad-belzig", CREATE, {"input": given}, roles=STAFF)
    payload = answer.data["createHealthService"]
    assert payload["service"] is None
    (error,) = payload["errors"]
    assert (error["code"], error["field"]) == ("MALFORMED_OPENING_HOURS", "places.0.openingHours")
    assert (error["position"], error["fragment"]) == (7, "8 Uhr")
    assert "character 7" in error["message"]
    assert await find(world) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"categories": []}, "categories"),
        ({"categories": ["NIX"]}, "categories"),
        ({"languages": ["klingonisch"]}, "languages"),
        ({"minimumAge": 30, "maximumAge": 18}, "minimumAge"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"phones": [{"number": "ruf mich an"}]}, "phones.0.number"),
        ({"acceptingOn": "2026-06-02", "accepting": "YES"}, "acceptingOn"),
        ({"description": "x" * 5001}, "description"),
        ({"organization": {"id": "01890000-0000-7000-8000-000000000000"}}, "organization.id"),
    ],
)
async def test_bad_input_is_refused_with_its_field(world_sqlite: World, changes: dict[str, Any], field: str) -> None:
    given = offer("Praxis") | changes
    answer = await world_sqlite.graphql("bad-belzig", CREATE, {"input": given}, roles=STAFF)
    assert [error["field"] for error in answer.data["createHealthService"]["errors"]] == [field]


async def test_a_place_outside_the_world_is_refused(world_sqlite: World) -> None:
    given = offer("Praxis", lon=912.0)
    answer = await world_sqlite.graphql("bad-belzig", CREATE, {"input": given}, roles=STAFF)
    assert answer.codes == ["BAD_OPERATION"]
    assert "912" in answer.errors[0]["message"]
    assert await find(world_sqlite) == []


@pytest.mark.parametrize(("roles", "code"), [((), "UNAUTHENTICATED"), (("citizen",), "FORBIDDEN")])
async def test_only_staff_may_write(world_sqlite: World, roles: tuple[str, ...], code: str) -> None:
    subject = "anna" if roles else None
    answer = await world_sqlite.graphql("bad-belzig", CREATE, {"input": offer("x")}, roles=roles, subject=subject)
    assert answer.codes == [code]
    assert await find(world_sqlite) == []


async def test_staff_of_another_town_may_not_write_here(world_sqlite: World) -> None:
    token = world_sqlite.token("potsdam", roles=STAFF)
    answer = await world_sqlite.graphql("bad-belzig", CREATE, {"input": offer("x")}, token=token)
    assert answer.data is None or answer.data["createHealthService"] is None
    assert await find(world_sqlite) == []


async def test_a_corrected_typo_is_forgotten_by_the_index(world: World, add: Add) -> None:
    one = await add("Zahnartz am Markt", "MZAH")
    present = await entry(world, one)
    given = saved_again("Zahnarzt am Markt", present) | {"categories": ["ALLG"]}
    await world.graphql("bad-belzig", UPDATE, {"id": str(one), "input": given}, roles=STAFF)
    # Only while the wrong spelling is unknown do typos count as typos.
    assert [node["name"] for node in await find(world, text="Zahnartz")] == ["Zahnarzt am Markt"]


async def test_a_deleted_service_is_gone_with_its_words(world: World, add: Add) -> None:
    one = await add("Einzigartigkeit")
    document = "mutation($id: ID!) { deleteHealthService(id: $id) { errors { code } } }"
    await world.graphql("bad-belzig", document, {"id": str(one)}, roles=STAFF)
    assert await find(world, text="Einzigartigkeit") == []
    assert await find(world) == []


async def test_a_renamed_place_is_found_by_its_new_name(world: World, add: Add) -> None:
    one = await add("Praxis")
    (place,) = (await entry(world, one))["places"]["nodes"]
    document = """mutation($id: ID!) { updateHealthLocation(id: $id, input: {name: "Schwalbennest"}) {
      location { name } errors { code } } }"""
    answer = await world.graphql("bad-belzig", document, {"id": place["location"]["id"]}, roles=STAFF)
    assert answer.data["updateHealthLocation"]["location"] == {"name": "Schwalbennest"}
    assert [node["name"] for node in await find(world, text="Schwalbennest")] == ["Praxis"]


async def test_an_organization_keeps_its_phones_apart_from_its_services(world: World, add: Add) -> None:
    one = await add("Praxis")
    owner = (await entry(world, one))["organization"]["id"]
    document = """mutation($id: ID!) { updateHealthOrganization(id: $id, input:
      {name: "Neuer Name", phones: [{number: "030 23125 004"}]}) {
      organization { name phones { nodes { number } } services { nodes { phones { totalCount } } } }
      errors { code field } } }"""
    answer = await world.graphql("bad-belzig", document, {"id": owner}, roles=STAFF)
    assert answer.data["updateHealthOrganization"]["organization"] == {
        "name": "Neuer Name",
        "phones": {"nodes": [{"number": "030 23125 004"}]},
        "services": {"nodes": [{"phones": {"totalCount": 0}}]},
    }
    assert [node["name"] for node in await find(world, text="Neuer Name")] == ["Praxis"]


async def suggested(world: World, town: str = "bad-belzig") -> str:
    given = {"input": {"name": "Neue Wandergruppe", "openingHours": "Sa 10:00-12:00"}, "contact": "a@example.org"}
    answer = await world.graphql(town, SUGGEST, given)
    assert not answer.errors, answer.errors
    payload = answer.data["suggestHealthOffer"]
    assert payload["errors"] == []
    assert (payload["suggestion"]["kind"], payload["suggestion"]["state"]) == ("NEW_OFFER", "OPEN")
    return payload["suggestion"]["id"]


async def queue(world: World, town: str, roles: tuple[str, ...] = STAFF) -> list[dict[str, Any]]:
    answer = await world.graphql(town, QUEUE, roles=roles)
    return answer.data["healthDirectory"]["suggestions"]["nodes"]


async def test_anybody_may_suggest_and_only_the_town_s_reviewers_see_it(world: World) -> None:
    await suggested(world)
    (seen,) = await queue(world, "bad-belzig")
    assert seen["proposal"] == {"name": "Neue Wandergruppe", "opening_hours": "Sa 10:00-12:00"}
    assert seen["contact"] == "a@example.org"
    assert await queue(world, "potsdam") == []
    refused = await world.graphql("bad-belzig", QUEUE)
    assert refused.codes == ["UNAUTHENTICATED"]


async def test_an_accepted_offer_is_listed_and_the_decision_is_audited(world: World) -> None:
    one = await suggested(world)
    given = {"id": one, "input": offer("Wandergruppe", "BEWE")}
    answer = await world.graphql("bad-belzig", ACCEPT, given, roles=STAFF)
    assert answer.data["acceptHealthSuggestion"]["suggestion"]["state"] == "ACCEPTED"
    assert [node["name"] for node in await find(world, text="Wandern")] == ["Wandergruppe"]
    again = await world.graphql("bad-belzig", ACCEPT, given, roles=STAFF)
    assert [error["code"] for error in again.data["acceptHealthSuggestion"]["errors"]] == ["ALREADY_DECIDED"]
    async with world.scope("bad-belzig").read() as ctx:
        rows = await ctx.session.sql("SELECT action, object_id FROM core_audit WHERE tenant_id = :tenant_id")
        assert ("health_directory.suggestion_accepted", one) in [tuple(row) for row in rows]


async def test_a_rejected_correction_leaves_the_entry_as_it_is(world: World, add: Add) -> None:
    one = await add("Praxis")
    before = await entry(world, one)
    answer = await world.graphql("bad-belzig", CORRECT, {"id": str(one), "input": {"phone": "030 23125 002"}})
    identifier = answer.data["suggestHealthCorrection"]["suggestion"]["id"]
    decided = await world.graphql("bad-belzig", REJECT, {"id": identifier}, roles=STAFF)
    assert decided.data["rejectHealthSuggestion"]["suggestion"] == {
        "state": "REJECTED",
        "decisionNote": "Gibt es schon",
    }
    assert await entry(world, one) == before


async def test_a_foreign_town_s_suggestion_cannot_be_decided(world: World) -> None:
    one = await suggested(world, "potsdam")
    answer = await world.graphql("bad-belzig", REJECT, {"id": one}, roles=STAFF)
    assert [error["code"] for error in answer.data["rejectHealthSuggestion"]["errors"]] == ["NOT_FOUND"]


async def test_a_correction_of_a_hidden_or_missing_service_is_not_found(world_sqlite: World) -> None:
    missing = "01890000-0000-7000-8000-000000000000"
    answer = await world_sqlite.graphql("bad-belzig", CORRECT, {"id": missing, "input": {"name": "x"}})
    assert [error["code"] for error in answer.data["suggestHealthCorrection"]["errors"]] == ["NOT_FOUND"]


async def test_an_empty_correction_is_refused(world: World, add: Add) -> None:
    one = await add("Praxis")
    answer = await world.graphql("bad-belzig", CORRECT, {"id": str(one)})
    assert [error["field"] for error in answer.data["suggestHealthCorrection"]["errors"]] == ["message"]


async def test_contacts_of_decided_suggestions_are_forgotten_after_the_set_time(world: World) -> None:
    decided, waiting = await suggested(world), await suggested(world)
    await world.graphql("bad-belzig", REJECT, {"id": decided}, roles=STAFF)
    # Daily jobs are planned when a worker first sees the town, and run a day later.
    await world.work()
    world.clock.advance(timedelta(days=91))
    await world.work()
    contacts = {row["id"]: row["contact"] for row in await queue(world, "bad-belzig")}
    assert contacts == {decided: None, waiting: "a@example.org"}
