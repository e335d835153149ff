"""Reviewers see a suggestion beside the entry and take over what is right, field by field."""

from typing import Any
from uuid import UUID

import pytest

from regiohub.testing import World

from .conftest import Add
from .test_editing import CORRECT, STAFF, entry, queue
from .test_finding import find

TOWN = "bad-belzig"
REVIEW = """query($id: ID!) { healthDirectory { suggestionReview(id: $id) { serviceId
  changes { field title current proposed same obstacle } } } }"""
APPLY = """mutation($id: ID!, $input: HealthProposalInput!, $categories: [String!], $note: String, $notify: Boolean!) {
  applyHealthSuggestion(id: $id, input: $input, categories: $categories, note: $note, notify: $notify) {
  suggestion { state serviceId acceptedFields } errors { code field message } } }"""
OFFER = """mutation($input: HealthProposalInput!, $contact: String) {
  suggestHealthOffer(input: $input, contact: $contact) { suggestion { id } errors { code field } } }"""
REJECT = """mutation($id: ID!, $note: String) { rejectHealthSuggestion(id: $id, note: $note, notify: true) {
  suggestion { state } errors { code field } } }"""
FACTS = """query($id: ID!) { healthDirectory { service(id: $id) { name description url revision openingHours
  organization { name } phones { nodes { number } }
  places { nodes { openingHours location { name address postalCode city wheelchair } } } } } }"""


async def facts(world: World, identifier: UUID) -> dict[str, Any]:
    found = await world.graphql(TOWN, FACTS, {"id": str(identifier)})
    assert not found.errors, found.errors
    return found.data["healthDirectory"]["service"]


async def corrected(world: World, service: UUID, **proposal: str) -> str:
    answer = await world.graphql(TOWN, CORRECT, {"id": str(service), "input": proposal})
    payload = answer.data["suggestHealthCorrection"]
    assert payload["errors"] == []
    return payload["suggestion"]["id"]


async def applied(world: World, suggestion: str, proposal: dict[str, str], **more: Any) -> dict[str, Any]:
    given = {"id": suggestion, "input": proposal, "notify": False, **more}
    answer = await world.graphql(TOWN, APPLY, given, roles=STAFF)
    assert not answer.errors, answer.errors
    return answer.data["applyHealthSuggestion"]


async def test_a_review_shows_each_proposed_field_beside_the_present_one(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00", phones=[{"number": "030 23125 001"}])
    suggestion = await corrected(world, one, name="Praxis", phone="030 23125 009", openingHours="Tu 09:00-12:00")
    answer = await world.graphql(TOWN, REVIEW, {"id": suggestion}, roles=STAFF)
    review = answer.data["healthDirectory"]["suggestionReview"]
    assert review["serviceId"] == str(one)
    assert [(c["field"], c["current"], c["proposed"], c["same"]) for c in review["changes"]] == [
        ("name", "Praxis", "Praxis", True),
        ("phone", "030 23125 001", "030 23125 009", False),
        ("opening_hours", "Mo 08:00-12:00", "Tu 09:00-12:00", False),
    ]


async def test_a_single_field_is_taken_over_and_the_rest_stays(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00", phones=[{"number": "030 23125 001"}])
    before = await facts(world, one)
    suggestion = await corrected(world, one, phone="030 23125 009", name="Ganz anders")
    payload = await applied(world, suggestion, {"phone": "030 23125 009"})
    assert payload["suggestion"] == {"state": "ACCEPTED", "serviceId": str(one), "acceptedFields": ["phone"]}
    after = await facts(world, one)
    assert after["phones"]["nodes"] == [{"number": "030 23125 009"}]
    assert after == before | {"phones": after["phones"], "revision": before["revision"] + 1}


async def test_a_field_can_be_edited_before_it_is_taken_over(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00")
    suggestion = await corrected(world, one, openingHours="Tu 09:00-12:00")
    await applied(world, suggestion, {"openingHours": "Tu 09:00-13:00"})
    (place,) = (await facts(world, one))["places"]["nodes"]
    assert place["openingHours"] == "Tu 09:00-13:00"


async def test_bad_hours_in_an_edited_field_are_refused_and_the_suggestion_stays_open(world: World, add: Add) -> None:
    one = await add("Praxis")
    suggestion = await corrected(world, one, name="Praxis Neu", openingHours="Tu 09:00-12:00")
    payload = await applied(world, suggestion, {"name": "Praxis Neu", "openingHours": "dienstags"})
    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("MALFORMED_OPENING_HOURS", "openingHours")]
    assert [row["state"] for row in await queue(world, TOWN)] == ["OPEN"]
    assert (await facts(world, one))["name"] == "Praxis"


async def test_hours_of_an_entry_with_several_places_are_not_guessed(world: World, add: Add) -> None:
    places = [{"location": {"name": name}, "openingHours": "Mo 08:00-12:00"} for name in ("Hier", "Dort")]
    one = await add("Praxis", places=places)
    suggestion = await corrected(world, one, openingHours="Tu 09:00-12:00")
    payload = await applied(world, suggestion, {"openingHours": "Tu 09:00-12:00"})
    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("INVALID_INPUT", "opening_hours")]


async def test_another_address_changes_the_entry_s_own_place(world: World, add: Add) -> None:
    one = await add("Praxis", wheelchair="YES")
    suggestion = await corrected(world, one, address="Musterweg 7, 14827 Wiesenburg/Mark")
    await applied(world, suggestion, {"address": "Musterweg 7, 14827 Wiesenburg/Mark"})
    after = await facts(world, one)
    (place,) = after["places"]["nodes"]
    assert place["location"] == {
        "name": "Beispielhaus", "address": "Musterweg 7", "postalCode": "14827", "city": "Wiesenburg/Mark",
        "wheelchair": "YES",
    }  # fmt: skip
    assert after["revision"] == 2
    assert [node["name"] for node in await find(world, text="Musterweg")] == ["Praxis"]


async def test_a_place_that_others_use_stays_where_it_is_for_them(world: World, add: Add) -> None:
    one = await add("Praxis", wheelchair="YES")
    present = await entry(world, one)
    (place,) = present["places"]["nodes"]
    two = await add("Therapie", places=[{"location": {"id": place["location"]["id"]}}])
    suggestion = await corrected(world, one, address="Musterweg 7")
    await applied(world, suggestion, {"address": "Musterweg 7"})
    (moved,) = (await facts(world, one))["places"]["nodes"]
    (stayed,) = (await facts(world, two))["places"]["nodes"]
    assert (moved["location"]["address"], moved["location"]["wheelchair"]) == ("Musterweg 7", "UNKNOWN")
    assert (stayed["location"]["address"], stayed["location"]["wheelchair"]) == ("Beispielweg 1", "YES")


async def test_a_new_offer_needs_a_category_and_joins_the_provider_of_the_same_name(world: World, add: Add) -> None:
    await add("Praxis", owner="Beispielverein")
    given = {"name": "Wandergruppe", "provider": "beispielverein", "address": "Musterweg 7, 14806 Bad Belzig"}
    answer = await world.graphql(TOWN, OFFER, {"input": given})
    suggestion = answer.data["suggestHealthOffer"]["suggestion"]["id"]
    refused = await applied(world, suggestion, given)
    assert [error["field"] for error in refused["errors"]] == ["categories"]
    payload = await applied(world, suggestion, given, categories=["BEWE"])
    assert payload["suggestion"]["acceptedFields"] == ["address", "name", "provider"]
    stored = await facts(world, UUID(payload["suggestion"]["serviceId"]))
    assert stored["organization"]["name"] == "Beispielverein"
    assert stored["places"]["nodes"][0]["location"]["city"] == "Bad Belzig"


@pytest.mark.parametrize(
    ("language", "subject"), [("de", "Danke für Ihren Hinweis"), ("en", "Thank you for your hint")]
)
async def test_the_sender_is_told_in_his_own_language(world_sqlite: World, language: str, subject: str) -> None:
    world = world_sqlite
    given = {"input": {"name": "Wandergruppe"}, "contact": "eva@example.org"}
    answer = await world.graphql(TOWN, OFFER, given, language=language)
    suggestion = answer.data["suggestHealthOffer"]["suggestion"]["id"]
    await applied(world, suggestion, {"name": "Wandergruppe"}, categories=["BEWE"], note="Ok.", notify=True)
    await world.work()
    (mail,) = world.mails
    assert mail["To"] == "eva@example.org"
    assert mail["Subject"].startswith(subject)
    assert "Ok." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


async def test_a_refusal_needs_a_reason_and_tells_it(world_sqlite: World) -> None:
    world = world_sqlite
    answer = await world.graphql(TOWN, OFFER, {"input": {"name": "Werbung"}, "contact": "eva@example.org"})
    suggestion = answer.data["suggestHealthOffer"]["suggestion"]["id"]
    refused = await world.graphql(TOWN, REJECT, {"id": suggestion}, roles=STAFF)
    assert [error["field"] for error in refused.data["rejectHealthSuggestion"]["errors"]] == ["note"]
    await world.graphql(TOWN, REJECT, {"id": suggestion, "note": "Kein Gesundheitsangebot."}, roles=STAFF)
    await world.work()
    (mail,) = world.mails
    assert "Kein Gesundheitsangebot." in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]


@pytest.mark.parametrize("contact", ["030 23125 001", "kein Postfach"])
async def test_who_left_no_mail_address_gets_no_mail(world_sqlite: World, contact: str) -> None:
    world = world_sqlite
    answer = await world.graphql(TOWN, OFFER, {"input": {"name": "Wandergruppe"}, "contact": contact})
    suggestion = answer.data["suggestHealthOffer"]["suggestion"]["id"]
    await applied(world, suggestion, {"name": "Wandergruppe"}, categories=["BEWE"], notify=True)
    await world.work()
    assert world.mails == []


@pytest.mark.parametrize(("roles", "subject", "code"), [((), None, "UNAUTHENTICATED"), ((), "eva", "FORBIDDEN")])
async def test_only_reviewers_see_and_decide(
    world_sqlite: World, roles: tuple[str, ...], subject: str | None, code: str
) -> None:
    world = world_sqlite
    answer = await world.graphql(TOWN, OFFER, {"input": {"name": "Wandergruppe"}})
    suggestion = answer.data["suggestHealthOffer"]["suggestion"]["id"]
    seen = await world.graphql(TOWN, REVIEW, {"id": suggestion}, roles=roles, subject=subject)
    decided = await world.graphql(
        TOWN, APPLY, {"id": suggestion, "input": {}, "notify": False}, roles=roles, subject=subject
    )
    assert (seen.codes, decided.codes) == ([code], [code])
