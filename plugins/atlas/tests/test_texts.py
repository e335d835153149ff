"""Translations and plain language: written, checked, published, outdated when the original changes."""

from typing import Any

import pytest

from regiohub.testing import World

from .test_procedures_graphql import EDITOR, UPDATE, created

FIELDS = "text { id state outdated title body draftTitle draftBody } errors { code field message }"
WRITE = f"""mutation($id: ID!, $variety: TextVariety!, $language: String!, $input: ProcedureTextInput!) {{
  writeProcedureText(procedureId: $id, variety: $variety, language: $language, input: $input) {{ {FIELDS} }} }}"""
TEXTS = """{ atlas { procedures { nodes { title titleEn plainText texts { nodes {
  variety label language title body outdated } } } } } }"""


async def run(world: World, document: str, roles: tuple[str, ...] = EDITOR, **variables: Any) -> Any:
    answer = await world.graphql("potsdam", document, variables, roles=roles)
    assert answer.errors == [], answer.errors
    (payload,) = answer.data.values()
    return payload


async def write(world: World, procedure: str, variety: str = "PLAIN", language: str = "de", **given: Any) -> Any:
    return await run(world, WRITE, id=procedure, variety=variety, language=language, input=given)


async def step(world: World, name: str, text: str, roles: tuple[str, ...] = EDITOR) -> Any:
    return await run(world, f"mutation($id: ID!) {{ {name}ProcedureText(id: $id) {{ {FIELDS} }} }}", roles, id=text)


async def seen(world: World) -> Any:
    answer = await world.graphql("potsdam", TEXTS, language="de")
    (node,) = answer.data["atlas"]["procedures"]["nodes"]
    return node


async def test_a_text_is_written_checked_and_published_and_residents_see_it_then(world: World) -> None:
    procedure = await created(world, plainText=None)
    written = (await write(world, procedure, body="Die Straße wird neu."))["text"]
    assert (written["state"], written["body"], written["draftBody"]) == ("DRAFT", None, "Die Straße wird neu.")
    assert (await seen(world))["texts"]["nodes"] == []
    refused = await step(world, "publish", written["id"])
    assert refused["errors"][0]["code"] == "CONFLICT"
    assert (await step(world, "check", written["id"]))["text"]["state"] == "CHECKED"
    assert (await step(world, "publish", written["id"]))["text"]["state"] == "PUBLISHED"
    node = await seen(world)
    assert node["plainText"] == "Die Straße wird neu."
    assert node["texts"]["nodes"] == [
        {"variety": "PLAIN", "label": "Einfache Sprache", "language": "de", "title": None,
         "body": "Die Straße wird neu.", "outdated": False}
    ]  # fmt: skip


async def test_what_residents_see_stays_until_a_changed_text_is_published_anew(world: World) -> None:
    procedure = await created(world)
    text = (await write(world, procedure, body="Erste Fassung."))["text"]["id"]
    await step(world, "check", text)
    await step(world, "publish", text)
    changed = (await write(world, procedure, body="Zweite Fassung."))["text"]
    assert (changed["state"], changed["body"]) == ("DRAFT", "Erste Fassung.")
    assert (await seen(world))["plainText"] == "Erste Fassung."
    await step(world, "check", text)
    await step(world, "publish", text)
    assert (await seen(world))["plainText"] == "Zweite Fassung."


async def test_a_change_of_the_original_makes_texts_outdated_until_somebody_looks_again(world: World) -> None:
    procedure = await created(world)
    text = (await write(world, procedure, variety="EASY", body="Leichter Text."))["text"]["id"]
    await step(world, "check", text)
    await step(world, "publish", text)
    await world.graphql("potsdam", UPDATE, {"id": procedure, "input": {"contact": "Bauamt"}}, roles=EDITOR)
    assert (await seen(world))["texts"]["nodes"][0]["outdated"] is False
    await world.graphql("potsdam", UPDATE, {"id": procedure, "input": {"description": "Anders."}}, roles=EDITOR)
    assert (await seen(world))["texts"]["nodes"][0]["outdated"] is True
    checked = (await step(world, "check", text))["text"]
    assert (checked["state"], checked["outdated"]) == ("PUBLISHED", False)


async def test_an_english_text_stands_in_the_english_fields_too_and_leaves_them_with_withdrawal(world: World) -> None:
    procedure = await created(world, titleEn=None)
    text = (await write(world, procedure, variety="TRANSLATION", language="en", title="Rebuilding"))["text"]["id"]
    await step(world, "check", text)
    await step(world, "publish", text)
    assert (await seen(world))["titleEn"] == "Rebuilding"
    withdrawn = (await step(world, "withdraw", text))["text"]
    assert (withdrawn["state"], withdrawn["title"], withdrawn["draftTitle"]) == ("CHECKED", None, "Rebuilding")
    assert (await seen(world))["titleEn"] is None
    assert (await seen(world))["texts"]["nodes"] == []


async def test_texts_of_a_draft_procedure_are_seen_by_staff_only(world: World) -> None:
    procedure = await created(world, publish=False)
    text = (await write(world, procedure, body="Geheim."))["text"]["id"]
    await step(world, "check", text)
    await step(world, "publish", text)
    answer = await world.graphql("potsdam", TEXTS)
    assert answer.data["atlas"]["procedures"]["nodes"] == []
    staff = await world.graphql("potsdam", TEXTS, roles=EDITOR)
    assert len(staff.data["atlas"]["procedures"]["nodes"][0]["texts"]["nodes"]) == 1


@pytest.mark.parametrize(("variety", "language"), [("TRANSLATION", "de"), ("PLAIN", "DE"), ("EASY", "deutsch")])
async def test_a_language_that_is_none_is_refused(world: World, variety: str, language: str) -> None:
    refused = await write(world, await created(world), variety=variety, language=language, body="Text")
    assert refused["errors"][0]["field"] == "language"


async def test_an_empty_text_cannot_be_checked(world: World) -> None:
    text = (await write(world, await created(world), body=""))["text"]["id"]
    assert (await step(world, "check", text))["errors"][0]["code"] == "INVALID_INPUT"


async def test_coordinators_write_and_check_but_do_not_publish(world: World) -> None:
    procedure = await created(world)
    text = (await write(world, procedure, body="Text."))["text"]["id"]
    await step(world, "check", text, ("coordinator",))
    document = "mutation($id: ID!) { publishProcedureText(id: $id) { errors { code } } }"
    answer = await world.graphql("potsdam", document, {"id": text}, roles=("coordinator",))
    assert answer.errors[0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_deleted_text_is_gone_from_the_public_too(world: World) -> None:
    text = (await write(world, await created(world), body="Text."))["text"]["id"]
    await step(world, "check", text)
    await step(world, "publish", text)
    await run(world, "mutation($id: ID!) { deleteProcedureText(id: $id) { errors { code } } }", id=text)
    node = await seen(world)
    assert (node["plainText"], node["texts"]["nodes"]) == (None, [])


async def test_readability_is_measured_for_staff_only(world: World) -> None:
    document = '{ atlas { readability(text: "Kurz. Und gut.", variety: EASY) { ease schoolYear words sentences } } }'
    staff = await world.graphql("potsdam", document, roles=EDITOR)
    assert staff.data["atlas"]["readability"] == {"ease": "GOOD", "schoolYear": 0.0, "words": 3, "sentences": 2}
    anyone = await world.graphql("potsdam", document)
    assert anyone.data["atlas"]["readability"] is None
    assert anyone.errors[0]["extensions"]["code"] == "UNAUTHENTICATED"
