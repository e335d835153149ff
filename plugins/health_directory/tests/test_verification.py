"""Providers are asked by mail and answer by a link that works once, without an account."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub.testing import World
from regiohub_health_directory.service.verification.links import is_genuine, letter_of, sign

from .conftest import Add
from .test_editing import STAFF, entry, queue

TOWN = "bad-belzig"
ASK = """mutation($id: ID!, $language: String) { askHealthProvider(organizationId: $id, language: $language) {
  verification { id state email } errors { code field message } } }"""
ASK_ALL = """mutation($lights: [HealthFreshness!]!) { askHealthProviders(lights: $lights) {
  providers errors { code field } } }"""
QUESTION = """query($secret: String!) { healthDirectory { verificationQuestion(secret: $secret) {
  provider entries { serviceId name phone openingHours } } } }"""
ANSWER = """mutation($secret: String!, $answers: [HealthEntryAnswerInput!]!) {
  answerHealthVerification(secret: $secret, answers: $answers) {
  receipt { confirmed corrected } errors { code field message } } }"""
LETTERS = """{ healthDirectory { verifications { nodes { id state email confirmed corrected remindedAt } } } }"""
EMAIL = {"email": "praxis@example.org"}


async def asked(world: World, service: UUID, **more: Any) -> str:
    """Ask the provider of a service and give the secret of the link in the mail."""
    owner = (await entry(world, service))["organization"]["id"]
    answer = await world.graphql(TOWN, ASK, {"id": owner, **more}, roles=STAFF)
    assert answer.data["askHealthProvider"]["errors"] == []
    await world.work()
    return secret_of(world)


def secret_of(world: World) -> str:
    text = world.mails[-1].get_body(("plain",)).get_content()  # type: ignore[union-attr]
    found = re.search(r"/health/check/([\w=-]+)", text)
    assert found
    return found[1]


async def answered(world: World, secret: str, *answers: dict[str, Any], town: str = TOWN) -> dict[str, Any]:
    found = await world.graphql(town, ANSWER, {"secret": secret, "answers": list(answers)})
    assert not found.errors, found.errors
    return found.data["answerHealthVerification"]


async def letters(world: World) -> list[dict[str, Any]]:
    found = await world.graphql(TOWN, LETTERS, roles=STAFF)
    return found.data["healthDirectory"]["verifications"]["nodes"]


async def test_the_mail_quotes_what_the_directory_says_and_ends_in_a_link(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00", phones=[{"number": "030 23125 001"}], **EMAIL)
    secret = await asked(world, one)
    (mail,) = world.mails
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert mail["To"] == "praxis@example.org"
    assert mail["Subject"] == "Stimmen Ihre Angaben noch? Beispielanbieter"
    for quoted in ("Praxis", "Beispielweg 1, 14806 Bad Belzig", "030 23125 001", "Mo 08:00–12:00 Uhr"):
        assert quoted in text
    question = await world.graphql(TOWN, QUESTION, {"secret": secret})
    asked_about = question.data["healthDirectory"]["verificationQuestion"]
    assert [one["name"] for one in asked_about["entries"]] == ["Praxis"]


async def test_a_confirmed_entry_counts_as_checked_and_the_link_works_once(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    before = await entry(world, one)
    secret = await asked(world, one)
    right = {"serviceId": str(one), "verdict": "RIGHT"}
    assert (await answered(world, secret, right))["receipt"] == {"confirmed": 1, "corrected": 0}
    after = await entry(world, one)
    assert after == before | {"verifiedOn": "2026-06-01", "freshness": "FRESH"}
    again = await answered(world, secret, right)
    assert [error["code"] for error in again["errors"]] == ["LINK_CLOSED"]
    assert [(row["state"], row["confirmed"]) for row in await letters(world)] == [("ANSWERED", 1)]


async def test_a_correction_becomes_a_suggestion_and_the_entry_stays(world: World, add: Add) -> None:
    one = await add("Praxis", phones=[{"number": "030 23125 001"}], **EMAIL)
    before = await entry(world, one)
    secret = await asked(world, one)
    changes = {"name": "Praxis", "phone": "030 23125 009"}
    payload = await answered(world, secret, {"serviceId": str(one), "verdict": "WRONG", "changes": changes})
    assert payload["receipt"] == {"confirmed": 0, "corrected": 1}
    (waiting,) = await queue(world, TOWN)
    assert waiting["proposal"] == {"phone": "030 23125 009"}
    assert (waiting["serviceId"], waiting["contact"]) == (str(one), "praxis@example.org")
    assert await entry(world, one) == before


async def test_a_refused_answer_leaves_the_link_usable(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    wrong = {"serviceId": str(one), "verdict": "WRONG", "changes": {"phone": "ruf an"}}
    payload = await answered(world, secret, wrong)
    assert [(e["code"], e["field"]) for e in payload["errors"]] == [("INVALID_INPUT", f"answers.{one}.phone")]
    assert await queue(world, TOWN) == []
    assert (await answered(world, secret, {"serviceId": str(one), "verdict": "RIGHT"}))["errors"] == []


async def test_a_link_says_nothing_of_other_entries(world: World, add: Add) -> None:
    one, other = await add("Praxis", **EMAIL), await add("Andere", owner="Jemand anderes")
    secret = await asked(world, one)
    payload = await answered(world, secret, {"serviceId": str(other), "verdict": "RIGHT"})
    assert [error["field"] for error in payload["errors"]] == ["answers"]
    assert (await entry(world, other))["verifiedOn"] is None


async def test_a_link_of_one_town_is_worthless_in_another(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    payload = await answered(world, secret, {"serviceId": str(one), "verdict": "RIGHT"}, town="potsdam")
    assert [error["code"] for error in payload["errors"]] == ["LINK_NOT_VALID"]
    assert (await world.client.get(f"/potsdam/health/check/{secret}")).status_code == 404


async def test_a_link_expires(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    world.clock.advance(timedelta(days=31))
    payload = await answered(world, secret, {"serviceId": str(one), "verdict": "RIGHT"})
    assert [error["code"] for error in payload["errors"]] == ["LINK_CLOSED"]
    assert (await world.client.get(f"/{TOWN}/health/check/{secret}")).status_code == 410


async def test_all_stale_providers_are_asked_once_and_again_only_after_the_pause(world: World, add: Add) -> None:
    for number in range(3):
        await add(f"Praxis {number}", owner=f"Anbieter {number}", email=f"p{number}@example.org")
    await add("Ohne Adresse", owner="Ohne")
    given = {"lights": ["STALE"]}
    counts: list[int] = []
    sent: set[str] = set()
    for days in (0, 1, 100):
        world.clock.advance(timedelta(days=days))
        found = await world.graphql(TOWN, ASK_ALL, given, roles=STAFF)
        counts.append(found.data["askHealthProviders"]["providers"])
        await world.work()
        posted = [mail for mail in world.mails if not mail["Subject"].startswith("Erinnerung")]
        sent |= {mail["Message-ID"] for mail in posted}
    assert counts == [3, 0, 3]
    assert len(sent) == 6


async def test_an_unanswered_letter_is_remembered_once_then_expires_and_is_forgotten(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    for _ in range(3):
        world.clock.advance(timedelta(days=10, hours=1))
        await world.work()
    assert [mail["Subject"].split(":")[0] for mail in world.mails[1:]] == ["Erinnerung"]
    assert secret_of(world) == secret
    assert [(row["state"], row["email"]) for row in await letters(world)] == [("EXPIRED", "praxis@example.org")]
    world.clock.advance(timedelta(days=181))
    await world.work()
    assert [row["email"] for row in await letters(world)] == [None]


async def test_a_provider_without_an_address_cannot_be_asked(world: World, add: Add) -> None:
    one = await add("Praxis")
    owner = (await entry(world, one))["organization"]["id"]
    answer = await world.graphql(TOWN, ASK, {"id": owner}, roles=STAFF)
    assert [error["code"] for error in answer.data["askHealthProvider"]["errors"]] == ["NO_MAIL_ADDRESS"]


async def test_reading_the_page_uses_nothing_up_and_leaves_no_trace(world: World, add: Add) -> None:
    one = await add("Praxis", hours="Mo 08:00-12:00", **EMAIL)
    secret = await asked(world, one)
    for _ in range(2):
        page = await world.client.get(f"/{TOWN}/health/check/{secret}", headers={"accept-language": "de"})
        assert page.status_code == 200
        assert "Mo 08:00–12:00 Uhr" in page.text
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "noindex" in page.headers["x-robots-tag"]


async def test_the_page_takes_hours_in_everyday_words(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    typed = {f"verdict.{one}": "wrong", f"opening_hours.{one}": "Mo–Fr 8–12 Uhr, Di 14–18"}
    page = await world.client.post(f"/{TOWN}/health/check/{secret}", data=typed)
    assert page.status_code == 200
    (waiting,) = await queue(world, TOWN)
    assert waiting["proposal"] == {"opening_hours": "Mo-Fr 08:00-12:00, Tu 14:00-18:00"}


async def test_hours_nobody_can_read_reach_staff_as_a_message(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    typed = {f"opening_hours.{one}": "jeden zweiten Dienstag"}
    page = await world.client.post(f"/{TOWN}/health/check/{secret}", data=typed)
    assert page.status_code == 200
    (waiting,) = await queue(world, TOWN)
    assert waiting["message"] == "Öffnungszeiten: jeden zweiten Dienstag"


async def test_a_faulty_form_comes_back_with_all_that_was_typed(world: World, add: Add) -> None:
    one = await add("Praxis", **EMAIL)
    secret = await asked(world, one)
    typed = {f"verdict.{one}": "wrong", f"phone.{one}": "ruf an", f"message.{one}": "Wir ziehen <b>um</b>."}
    page = await world.client.post(f"/{TOWN}/health/check/{secret}", data=typed, headers={"accept-language": "de"})
    assert page.status_code == 422
    assert "Das ist keine Telefonnummer." in page.text
    assert 'value="ruf an"' in page.text
    assert "Wir ziehen &lt;b&gt;um&lt;/b&gt;." in page.text


@pytest.mark.parametrize("secret", ["x", "A" * 64, "../../x", "A" * 5000])
async def test_a_made_up_link_leads_to_a_page_that_says_so(world_sqlite: World, secret: str) -> None:
    page = await world_sqlite.client.get(f"/{TOWN}/health/check/{secret}", headers={"accept": "text/html"})
    assert page.status_code == 404


@pytest.mark.parametrize("document", [ASK_ALL, LETTERS])
async def test_letters_are_for_staff_only(world_sqlite: World, document: str) -> None:
    refused = await world_sqlite.graphql(TOWN, document, {"lights": ["STALE"]} if "$lights" in document else None)
    assert refused.codes == ["UNAUTHENTICATED"]


_KEYS = st.binary(min_size=32, max_size=32)
_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(key=_KEYS, letter=st.uuids(), at=_MOMENTS)
def test_a_signed_secret_names_its_letter_and_is_genuine(key: bytes, letter: UUID, at: datetime) -> None:
    secret = sign(key, letter, at)
    assert re.fullmatch(r"[\w=-]{64}", secret)
    assert letter_of(secret) == letter
    assert is_genuine(key, secret, letter, at)


@given(key=_KEYS, other=_KEYS, letter=st.uuids(), at=_MOMENTS, place=st.integers(0, 63), sign_=st.sampled_from("Aa0-_"))
def test_no_changed_secret_is_genuine(
    key: bytes, other: bytes, letter: UUID, at: datetime, place: int, sign_: str
) -> None:
    secret = sign(key, letter, at)
    changed = secret[:place] + sign_ + secret[place + 1 :]
    assert is_genuine(key, changed, letter, at) == (changed == secret)
    assert is_genuine(other, secret, letter, at) == (other == key)
    assert not is_genuine(key, secret, letter, at + timedelta(seconds=1))


@given(st.text(max_size=80))
def test_no_text_breaks_the_reading_of_secrets(text: str) -> None:
    assert letter_of(text) is None or len(text) == 64
