"""One person's data in one town, handed out whole."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from pydantic_core import to_json

from regiohub.audit import AuditEntry
from regiohub.auth.dev import DEV_PATH
from regiohub.auth.identity import issuers_of
from regiohub.errors import Forbidden, Unauthenticated
from regiohub.plugins.subjects import Subject
from regiohub.privacy import SubjectExport, export_subject, own_data, subject_named
from regiohub.settings import Environment, IssuerSettings, Settings
from regiohub.tenancy.context import Ctx

from .conftest import ANNA, PLUGINS, People

pytestmark = PLUGINS


async def export(people: People, subject: Subject = ANNA, slug: str = "potsdam") -> SubjectExport:
    return await people.world.scope(slug).run(lambda ctx: export_subject(ctx, subject))


def sources(found: SubjectExport) -> dict[str, int]:
    return {part.source: len(part.records) for part in found.parts}


async def test_all_rows_of_the_person_are_handed_out_with_category_source_and_times(people: People) -> None:
    await people.mail("potsdam", "anna@example.org")
    document = (await export(people)).document()
    assert {part["source"]: len(part["records"]) for part in document["parts"]} == {
        "booking_booking": 1, "booking_question": 1, "booking_access_grant": 1, "health_directory_suggestion": 1,
        "core_outbox": 1,
    }  # fmt: skip
    booking = next(part for part in document["parts"] if part["source"] == "booking_booking")
    assert (booking["plugin"], booking["category"], booking["retention_days"]) == ("booking", "bookings", 365)
    assert booking["title"] == {"de": "Buchungen mit Namen und Adresse", "en": "Bookings with name and address"}
    row = booking["records"][0]
    assert (row["subject"], row["booker_email"], row["purpose"]) == ("anna", "Anna@example.org", "Chorprobe")
    assert row["starts_at"] == "2026-05-02T08:00:00Z"
    assert "tenant_id" not in row
    assert document["town"]["slug"] == "potsdam"
    assert json.loads(to_json(document))["records"] == 5


async def test_another_person_and_another_town_are_not_in_it(people: People) -> None:
    text = to_json((await export(people)).document()).decode()
    assert "ben" not in text.casefold().replace("geben", "").replace("angaben", "")
    assert "bad-belzig" not in text
    assert sources(await export(people, slug="berlin")) == {}


async def test_hashes_and_sealed_codes_are_not_handed_out(people: People) -> None:
    text = to_json((await export(people)).document()).decode()
    assert "geheim" not in text
    assert "token_hash" not in text
    assert "Tür klemmt" in text


async def test_a_mail_that_waits_is_named_without_its_one_time_links(people: People) -> None:
    await people.mail("potsdam", "anna@example.org")
    mail = next(part for part in (await export(people)).parts if part.source == "core_outbox").records[0]
    assert (mail["name"], mail["content"]) == ("booking/received", {"to": "anna@example.org"})


async def test_a_plugin_that_is_off_still_hands_out_what_it_kept(people: People) -> None:
    await people.world.disable("potsdam", "booking")
    found = await export(people)
    assert sources(found)["booking_booking"] == 1
    assert {part.plugin: part.switched_on for part in found.parts} == {"booking": False, "health_directory": True}


async def test_without_an_account_the_address_finds_the_person(people: People) -> None:
    found = await export(people, subject_named(["ANNA@example.org"]))
    assert sources(found)["health_directory_suggestion"] == 1
    assert found.also_named == ["anna"]


async def test_an_address_in_the_rows_is_named_and_not_followed(people: People) -> None:
    found = await export(people, Subject("anna"))
    assert "health_directory_suggestion" not in sources(found)
    assert found.also_named == ["Anna@example.org"]


async def test_an_address_in_the_words_of_a_suggestion_is_found(people: People) -> None:
    await people.suggest("potsdam", None, message="Antwort bitte an anna@example.org.")
    await people.suggest("potsdam", None, message="Antwort bitte an johanna@example.org.")
    found = await export(people)
    words = [part for part in found.parts if part.source == "plugin"]
    assert [record["message"] for part in words for record in part.records] == ["Antwort bitte an anna@example.org."]


async def test_handing_out_is_audited_without_naming_the_person(people: People) -> None:
    await export(people)
    entry = (await people.rows("potsdam", AuditEntry))[-1]
    assert (entry.action, entry.object_kind) == ("tenant.subject_exported", "person")
    assert entry.text_de.startswith("Daten zu einer Person herausgegeben")
    assert entry.text_en.startswith("Data on a person handed out")
    assert entry.after == {"records": 4, "plugins": "booking, health_directory"}
    written = " ".join(str(value) for value in (entry.object_id, entry.before, entry.after, entry.note, entry.text_de))
    assert "anna" not in written


async def test_only_the_towns_admins_may(people: People) -> None:
    scope = people.world.scope("potsdam")
    for roles in ((), ("editor",), ("auditor",), ("caretaker",)):
        with pytest.raises(Forbidden):
            await scope.run(lambda ctx: export_subject(ctx, ANNA), people.world.principal(roles=roles))
    found = await scope.run(lambda ctx: export_subject(ctx, ANNA), people.world.principal(roles=["tenant-admin"]))
    assert found.count == 4


async def test_a_signed_in_person_gets_what_is_held_under_the_own_account_only(people: People) -> None:
    async def own(subject: str | None) -> SubjectExport:
        async with people.world.scope("potsdam").read(people.world.principal(subject=subject)) as ctx:
            return await own_data(ctx)

    found = await own("anna")
    assert sources(found) == {"booking_booking": 1, "booking_question": 1, "booking_access_grant": 1}
    assert sources(await own("carla")) == {}
    with pytest.raises(Unauthenticated):
        await own(None)


async def test_the_own_data_are_those_of_the_account_at_its_issuer(people: People) -> None:
    await people.world.console("bad-belzig", roles=["editor"], subject="anna")
    dev = people.world.platform.settings.base_url + DEV_PATH

    async def act(ctx: Ctx) -> None:
        await ctx.audit("booking.deny", kind="booking", id="1")

    person = people.world.principal()
    await people.world.scope("potsdam").run(act, replace(person, issuer=dev))
    found: dict[str, dict[str, int]] = {}
    for issuer in (dev, "https://login.example/realm"):
        async with people.world.scope("potsdam").read(replace(person, issuer=issuer)) as ctx:
            found[issuer] = sources(await own_data(ctx))
    assert found[dev].keys() - found["https://login.example/realm"].keys() == {"core_session", "core_audit"}


def test_a_town_is_told_of_sign_ins_under_issuers_that_speak_for_it() -> None:
    issuers = (
        IssuerSettings(issuer="https://region.example"),
        IssuerSettings(issuer="https://potsdam.example", tenants=("potsdam",)),
    )
    settings = Settings(environment=Environment.DEVELOPMENT, dev_issuer=False, issuers=issuers)
    assert issuers_of(settings, "potsdam") == {"https://region.example", "https://potsdam.example"}
    assert issuers_of(settings, "berlin") == {"https://region.example"}
    built_in = settings.model_copy(update={"dev_issuer": True, "issuers": ()})
    assert issuers_of(built_in, "berlin") == {built_in.base_url + DEV_PATH}


async def test_sign_ins_of_the_person_are_part_of_it(people: People) -> None:
    await people.world.console("potsdam", roles=["editor"], subject="anna")
    await people.world.console("bad-belzig", roles=["editor"], subject="anna")
    admin = people.world.principal(roles=["tenant-admin"])
    found = await people.world.scope("potsdam").run(lambda ctx: export_subject(ctx, ANNA), admin)
    # The town sees its own; the platform's operator sees all.
    assert sources(found)["core_session"] == 1
    assert sources(await export(people))["core_session"] == 2


async def test_what_could_not_be_searched_is_said(people: People) -> None:
    import sqlalchemy as sa

    from regiohub.tenancy.models import Activation

    async def forget(ctx: Any) -> None:
        await ctx.session.execute(sa.update(Activation).where(Activation.plugin == "booking").values(plugin="gone"))

    await people.world.scope("potsdam").run(forget)
    remarks = [words.en for words in (await export(people)).remarks]
    assert "The plugin gone was on here and cannot be used at present; its data is not included." in remarks
