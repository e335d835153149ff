"""Erasing one person in one town, with a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.login.models import SessionRow
from regiohub.errors import Forbidden, Unavailable
from regiohub.events.models import EntryKind, OutboxEntry
from regiohub.plugins.data import PersonalTable
from regiohub.plugins.subjects import Subject, SubjectData
from regiohub.privacy import ErasureReport, Outcome, erase_subject, export_subject, look_up, subject_named
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Origin, PluginSetting
from regiohub.testing.installations import Installations, Recipe
from regiohub.texts import t
from regiohub_booking.events import BookingCancelled
from regiohub_booking.models import AccessGrant, Booking, Place, Question, Series, Slot
from regiohub_booking.rules.states import BookingState
from regiohub_health_directory.models import Suggestion
from regiohub_health_directory.plugin import plugin as health_directory

from .conftest import ANNA, PLUGINS, People

pytestmark = PLUGINS


async def erase(people: People, subject: Subject = ANNA, slug: str = "potsdam") -> ErasureReport:
    return await people.world.scope(slug).run(lambda ctx: erase_subject(ctx, subject))


def numbers(report: ErasureReport) -> dict[str, tuple[int, int, int, int]]:
    return {one.category: (one.found, one.deleted, one.cleared, one.kept) for one in report.outcomes}


async def test_rows_that_the_town_needs_stay_and_lose_the_person(people: People) -> None:
    report = await erase(people)
    assert numbers(report) == {"bookings": (3, 0, 3, 0), "suggestions": (1, 0, 1, 0)}
    mine, other = await people.rows("potsdam", Booking)
    assert (mine.subject, mine.booker_name, mine.booker_email, mine.purpose) == (None, None, None, None)
    assert mine.starts_at.isoformat() == "2026-05-02T08:00:00+00:00"
    assert (other.subject, other.booker_email, other.purpose) == ("ben", "ben@example.org", "Chorprobe")
    questions, grants = await people.rows("potsdam", Question), await people.rows("potsdam", AccessGrant)
    assert [(row.question, row.answer) for row in questions] == [(None, None), ("Wie viele?", "Zwölf")]
    assert [(row.sealed_code, row.note) for row in grants] == [(None, None), ("geheim", "Tür klemmt")]
    assert [row.contact for row in await people.rows("potsdam", Suggestion)] == [None, "ben@example.org"]


async def test_afterwards_nothing_is_found_and_other_towns_are_untouched(people: People) -> None:
    await erase(people)
    found = await people.world.scope("potsdam").run(lambda ctx: export_subject(ctx, ANNA))
    assert found.count == 0
    there = await people.world.scope("bad-belzig").run(lambda ctx: export_subject(ctx, ANNA))
    assert there.count == 4


async def test_looking_first_says_the_same_and_changes_nothing(people: People) -> None:
    await people.book("potsdam", "anna", "anna@example.org", days=3)
    look = await people.world.scope("potsdam").run(lambda ctx: look_up(ctx, ANNA))
    assert look.preview
    assert [words.de.partition(";")[0] for words in look.consequences] == ["1 künftige Buchung wird storniert"]
    assert [row.state for row in await people.rows("potsdam", Booking) if row.subject == "anna"][-1] == "confirmed"
    assert numbers(await erase(people)) == numbers(look)


async def test_future_bookings_are_given_up_and_their_times_free_again(people: People) -> None:
    series = await people.add("potsdam", Series, subject="anna", cancelled_at=None)
    booking = await people.book("potsdam", "anna", "anna@example.org", days=3, series_id=series.id)
    await people.add("potsdam", AccessGrant, booking_id=booking.id, wanted=True, version=1, done_version=1)
    report = await erase(people)
    row = next(row for row in await people.rows("potsdam", Booking) if row.id == booking.id)
    assert (row.state, row.subject) == (BookingState.CANCELLED, None)
    slots = [slot.occupies for slot in await people.rows("potsdam", Slot) if slot.booking_id == booking.id]
    assert slots == [False]
    grant = next(row for row in await people.rows("potsdam", AccessGrant) if row.booking_id == booking.id)
    assert (grant.wanted, grant.next_try_at) == (False, people.now)
    assert (await people.rows("potsdam", Series))[0].cancelled_at == people.now
    assert report.outcomes[0].notes == [
        t(
            "1 künftige Buchung wurde storniert; die Zeiten sind wieder frei, Zugangscodes gelten nicht mehr. Eine "
            "Mail geht nicht hinaus.",
            "1 booking of the future was cancelled; the times are free again, access codes no longer open. No mail is "
            "sent.",
        )
    ]
    told = [entry.name for entry in await people.rows("potsdam", OutboxEntry)]
    assert told == [BookingCancelled.name]


async def waiting(people: People, slug: str) -> list[str]:
    entries = await people.rows(slug, OutboxEntry)
    return [entry.payload["to"] for entry in entries if entry.kind is EntryKind.MAIL and "to" in entry.payload]


async def test_mails_to_the_person_go_with_those_written_to_files(people: People) -> None:
    await people.mail("potsdam", "Anna@example.org")
    await people.world.work()
    await people.mail("potsdam", "anna@example.org")
    await people.mail("potsdam", "ben@example.org")
    await people.mail("bad-belzig", "anna@example.org")
    # One as a file and one that waits.
    assert numbers(await erase(people))["outbox"] == (2, 2, 0, 0)
    assert await waiting(people, "potsdam") == ["ben@example.org"]
    assert await waiting(people, "bad-belzig") == ["anna@example.org"]
    assert people.world.mails == []
    await people.world.work()
    assert sorted(str(mail["To"]) for mail in people.world.mails) == ["anna@example.org", "ben@example.org"]
    await erase(people)
    assert sorted(str(mail["To"]) for mail in people.world.mails) == ["anna@example.org", "ben@example.org"]


async def test_work_that_names_the_person_is_dropped(people: People) -> None:
    async def ask(ctx: Ctx) -> None:
        await ctx.enqueue("health_directory.demo", {"subject": "anna", "ids": [1]})
        await ctx.enqueue("health_directory.demo", {"subject": "annalena", "email": "xanna@example.org"})

    await people.world.scope("potsdam").run(ask)
    assert numbers(await erase(people))["outbox"] == (1, 1, 0, 0)
    assert [entry.payload["subject"] for entry in await people.rows("potsdam", OutboxEntry)] == ["annalena"]


async def test_a_word_of_other_peoples_mails_and_work_finds_nobody(people: People) -> None:
    await people.mail("potsdam", "ben@example.org")
    await people.world.scope("potsdam").run(lambda ctx: ctx.enqueue("health_directory.demo", {"room": "Saal"}))
    before = len(await people.rows("potsdam", OutboxEntry))
    for word in ("to", "de", "Saal", "2026-1", "booking/received", "room", "data"):
        assert numbers(await erase(people, subject_named([word]))) == {}, word
    assert len(await people.rows("potsdam", OutboxEntry)) == before


async def test_mails_to_an_address_that_was_not_named_stay(people: People) -> None:
    await people.book("potsdam", "anna", "verein@example.org", days=-20)
    await people.mail("potsdam", "verein@example.org")
    look = await people.world.scope("potsdam").run(lambda ctx: look_up(ctx, Subject("anna")))
    report = await erase(people, Subject("anna"))
    assert numbers(report) == numbers(look) == {"bookings": (4, 0, 4, 0)}
    assert report.also_named == ["Anna@example.org", "verein@example.org"]
    assert await waiting(people, "potsdam") == ["verein@example.org"]


async def test_an_address_with_letters_beyond_a_to_z_is_found_in_any_case(people: People) -> None:
    await people.book("potsdam", None, "Info@MÜLLER.example", days=-1)
    await people.book("potsdam", None, "info@strasse.example", days=-1)
    await people.mail("potsdam", "Info@MÜLLER.example")
    assert numbers(await erase(people, subject_named(["info@müller.example"]))) == {
        "bookings": (1, 0, 1, 0), "outbox": (1, 1, 0, 0),
    }  # fmt: skip
    assert numbers(await erase(people, subject_named(["info@straße.example"]))) == {}


async def test_sign_ins_end_but_not_those_of_other_towns(people: People) -> None:
    await people.world.console("potsdam", roles=["editor"], subject="anna")
    await people.world.console("bad-belzig", roles=["editor"], subject="anna")
    scope, admin = people.world.scope("potsdam"), people.world.principal(roles=["tenant-admin"], subject="erika")
    report = await scope.run(lambda ctx: erase_subject(ctx, ANNA), admin)
    assert numbers(report)["sign_ins"] == (1, 1, 0, 0)
    async with people.world.platform.database.platform() as session:
        assert len((await session.scalars(sa.select(SessionRow))).all()) == 1


async def test_sign_ins_of_somebody_else_with_the_same_identifier_at_another_issuer_stay(people: People) -> None:
    await people.world.console("potsdam", roles=["editor"], subject="anna")
    async with people.world.platform.database.platform(write=True) as session:
        await session.execute(sa.update(SessionRow).values(issuer="https://login.example/realm"))
        await session.commit()
    scope, admin = people.world.scope("potsdam"), people.world.principal(roles=["tenant-admin"], subject="erika")
    for report in (await scope.run(lambda ctx: erase_subject(ctx, ANNA), admin), await erase(people)):
        assert "sign_ins" not in numbers(report)
    async with people.world.platform.database.platform() as session:
        assert len((await session.scalars(sa.select(SessionRow))).all()) == 1


async def test_what_has_to_stay_is_named_with_its_reason(people: People) -> None:
    await people.add("potsdam", PluginSetting, plugin="booking", origin=Origin.LOCAL,
                     values={"caretaker_email": "anna@example.org"})  # fmt: skip

    async def act(ctx: Ctx) -> None:
        await ctx.audit("booking.deny", kind="booking", id="1")

    issuer = people.world.platform.settings.base_url + "/auth/dev"
    await people.world.scope("potsdam").run(act, replace(people.world.principal(), issuer=issuer))
    report = await erase(people)
    kept = {one.category: (one.kept, [words.en for words in one.notes]) for one in report.outcomes if one.kept}
    assert kept["settings"] == (1, [
        "The town has entered the person there as a contact. Please change it in the settings: booking."
    ])  # fmt: skip
    assert kept["audit"][0] == 1
    assert "pseudonym" in kept["audit"][1][0]
    assert len([entry for entry in await people.rows("potsdam", AuditEntry) if entry.action == "booking.deny"]) == 1


async def test_a_contact_of_a_house_is_found_by_the_address(people: People) -> None:
    await people.add("potsdam", Place, caretaker_email="Anna@Example.org", contact="0331 1")
    assert numbers(await erase(people))["contacts"] == (1, 0, 1, 0)
    assert {row.caretaker_email for row in await people.rows("potsdam", Place) if row.contact == "0331 1"} == {None}


async def test_the_audit_log_says_what_was_done_and_names_nobody(people: People) -> None:
    await people.world.scope("potsdam").run(lambda ctx: look_up(ctx, ANNA))
    await erase(people)
    looked, erased = (await people.rows("potsdam", AuditEntry))[-2:]
    assert (looked.action, looked.text_de.partition(":")[0]) == (
        "tenant.subject_looked_up", "Daten zu einer Person gesucht",
    )  # fmt: skip
    assert erased.text_en.startswith("Data on a person erased")
    assert erased.after == {"deleted": 0, "cleared": 4, "kept": 0, "plugins": "booking, health_directory"}
    assert looked.object_id == erased.object_id
    assert "anna" not in str(erased.object_id) + erased.text_de + str(erased.after)


async def test_only_the_towns_admins_may(people: People) -> None:
    scope, editor = people.world.scope("potsdam"), people.world.principal(roles=["editor"])
    for work in (erase_subject, look_up):
        with pytest.raises(Forbidden):
            await scope.run(lambda ctx, work=work: work(ctx, ANNA), editor)
    assert [row.subject for row in await people.rows("potsdam", Booking)] == ["anna", "ben"]


async def _fail(_ctx: Ctx, subject: Subject) -> Any:
    raise ValueError(subject.id)


def _no_hook() -> SubjectData:
    raise ValueError


@pytest.mark.parametrize(
    "hook", [lambda: SubjectData(erase=_fail), lambda: None, _no_hook], ids=["erase", "none", "raise"]
)
async def test_a_plugin_that_fails_leaves_everything_as_it_was(
    installations: Installations, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hook: Any
) -> None:
    monkeypatch.setitem(health_directory.hooks, "register_subject_data", hook)
    async with installations.open(Recipe.of("booking", "health_directory"), "sqlite", tmp_path) as world:
        people = People(world)
        await people.book("potsdam", "anna", "anna@example.org", days=3)
        with pytest.raises(Unavailable, match="Health directory” cannot deliver its data on the person"):
            await erase(people)
        # Booking was through already: its part is undone too.
        assert [(row.subject, row.state) for row in await people.rows("potsdam", Booking)] == [("anna", "confirmed")]


def test_a_declared_table_says_which_columns_it_empties() -> None:
    assert PersonalTable("x", subject="who").emptied == ()
    assert PersonalTable("x", subject="who", email="mail", clear=("name",)).emptied == ("who", "mail", "name")
    assert PersonalTable("x", subject="who", keep=t("Muss", "Must")).emptied == ()
    assert Outcome("p", t("P", "P"), "c", t("C", "C")).notes == []
