"""The daily deletion: exactly what has passed its time, in its town, and nothing else."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.audit import AuditEntry
from regiohub.db.versions import DataVersion, watch
from regiohub.events.models import EntryKind, EntryState, JobState, OutboxEntry
from regiohub.privacy.retention import apply_retention
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.plugin_settings.service import change_settings
from regiohub.testing import World
from regiohub.testing.factories import make
from regiohub.work import Work, WorkState
from regiohub_booking.models import AccessGrant, Booking, Question, Series, Slot
from regiohub_health_directory.models import (
    HealthSuggestionState,
    HealthVerificationState,
    Suggestion,
    VerificationRequest,
)
from regiohub_lorawan.models import RadioHour, StoredMessage
from regiohub_lorawan.models.kinds import MessageState

from .conftest import People

pytestmark = pytest.mark.regiohub(plugins=("booking", "health_directory", "lorawan"))


@pytest.fixture
def people(world: World) -> People:
    return People(world)


@pytest.fixture
def embedded(world_sqlite: World) -> People:
    """For what does not depend on the database."""
    return People(world_sqlite)


async def forget(people: People, slug: str = "potsdam", **more: Any) -> dict[str, Any]:
    done = await apply_retention(people.world.scope(slug), **more)
    return {**done.deleted, **{f"{name} emptied": number for name, number in done.emptied.items()}}


async def book(people: People, ends: str, slug: str = "potsdam", **given: Any) -> Booking:
    end = people.world.local(slug, ends)
    name = given.pop("who", "anna")
    booking = await people.book(slug, name, f"{name}@example.org", days=0, ends_at=end,
                                starts_at=end - timedelta(hours=2), **given)  # fmt: skip
    await people.add(slug, Question, booking_id=booking.id, question="Wie viele?", answer="Zwölf")
    await people.add(slug, AccessGrant, booking_id=booking.id, sealed_code="geheim", note="Tür klemmt")
    return booking


async def known(people: People, slug: str = "potsdam") -> list[str | None]:
    return [row.booker_name for row in await people.rows(slug, Booking)]


async def test_a_booking_loses_its_person_with_the_beginning_of_the_day_in_the_town_and_not_before(
    people: People,
) -> None:
    await book(people, "2026-06-10 23:59:59.999999")
    await book(people, "2026-06-11 00:00", who="ben")
    world = people.world
    world.clock.set(world.local("potsdam", "2027-06-10 23:59:59.999999"))
    assert await forget(people) == {}
    assert await known(people) == ["Anna", "Ben"]
    world.clock.set(world.local("potsdam", "2027-06-11 00:00"))
    assert await forget(people) == {"booking.bookings emptied": 3}
    assert await known(people) == [None, "Ben"]
    rows = await people.rows("potsdam", Booking)
    assert (rows[0].subject, rows[0].booker_email, rows[1].subject) == (None, None, "ben")
    assert rows[0].updated_at == world.clock.now()
    assert [row.answer for row in await people.rows("potsdam", Question)] == [None, "Zwölf"]
    assert [row.sealed_code for row in await people.rows("potsdam", AccessGrant)] == [None, "geheim"]
    assert len(await people.rows("potsdam", Slot)) == 2
    assert await forget(people) == {}


async def test_other_towns_keep_theirs_until_their_own_run_and_towns_with_the_plugin_off_are_no_exception(
    people: People,
) -> None:
    await book(people, "2026-06-10 20:00")
    await book(people, "2026-06-10 20:00", "bad-belzig")
    await people.world.disable("bad-belzig", "booking")
    people.world.clock.advance(timedelta(days=400))
    await forget(people)
    assert (await known(people), await known(people, "bad-belzig")) == ([None], ["Anna"])
    assert await forget(people, "bad-belzig") == {"booking.bookings emptied": 3}
    assert await known(people, "bad-belzig") == [None]


@pytest.mark.parametrize(("days", "left"), [(29, "Anna"), (31, None)])
async def test_a_town_chooses_the_time_where_the_plugin_lets_it(
    world_sqlite: World, days: int, left: str | None
) -> None:
    people = People(world_sqlite)
    scope = world_sqlite.scope("potsdam")
    await scope.run(lambda ctx: change_settings(ctx, "booking", {"retention_days": 30}))
    await book(people, "2026-06-01 20:00")
    world_sqlite.clock.advance(timedelta(days=days))
    await forget(people)
    assert await known(people) == [left]


async def test_a_series_keeps_its_person_as_long_as_one_of_its_dates_does(people: People) -> None:
    start = people.world.local("potsdam", "2026-06-01 10:00")
    series = await people.add("potsdam", Series, subject="anna", first_starts_at=start,
                              first_ends_at=start + timedelta(hours=1), cancelled_at=None)  # fmt: skip
    await book(people, "2026-06-01 11:00", series_id=series.id)
    await book(people, "2027-01-01 11:00", series_id=series.id)
    await people.add("potsdam", Series, subject="cleo", first_starts_at=start, first_ends_at=start + timedelta(hours=1))
    people.world.clock.set(people.world.local("potsdam", "2027-07-01 10:00"))
    await forget(people)
    assert await known(people) == [None, "Anna"]
    assert {row.subject for row in await people.rows("potsdam", Series)} == {"anna", None}
    people.world.clock.set(people.world.local("potsdam", "2028-01-02 00:00"))
    await forget(people)
    assert {row.subject for row in await people.rows("potsdam", Series)} == {None}


async def test_messages_of_sensors_go_and_those_that_wait_stay(people: People) -> None:
    now = people.now
    for state in (MessageState.PENDING, MessageState.DONE):
        await people.add("potsdam", StoredMessage, state=state, received_at=now, time=now)
    await people.add("potsdam", RadioHour, bucket=now.replace(minute=0))
    people.world.clock.advance(timedelta(days=400))
    assert await forget(people) == {}
    people.world.clock.advance(timedelta(days=1))
    assert await forget(people) == {"lorawan.messages": 1, "lorawan.traffic": 1}
    assert [row.state for row in await people.rows("potsdam", StoredMessage)] == [MessageState.PENDING]


async def test_suggestions_and_letters_go_in_two_steps(people: People) -> None:
    now = people.now
    await people.suggest("potsdam", "anna@example.org", message="Bitte melden")
    await people.suggest("potsdam", "ben@example.org", message="Danke", state=HealthSuggestionState.ACCEPTED,
                         decided_at=now)  # fmt: skip
    for state, answered in ((HealthVerificationState.ANSWERED, now), (HealthVerificationState.OPEN, None)):
        await people.add("potsdam", VerificationRequest, email="praxis@example.org", state=state,
                         answered_at=answered, expires_at=now + timedelta(days=30))  # fmt: skip
    people.world.clock.advance(timedelta(days=91))
    assert await forget(people) == {"health_directory.suggestions emptied": 1}
    assert [row.contact for row in await people.rows("potsdam", Suggestion)] == ["anna@example.org", None]
    people.world.clock.advance(timedelta(days=90))
    assert await forget(people) == {"health_directory.verification emptied": 1}
    people.world.clock.advance(timedelta(days=550))
    assert await forget(people) == {
        "health_directory.suggestions emptied": 2, "health_directory.verification": 1,
    }  # fmt: skip
    assert {row.message for row in await people.rows("potsdam", Suggestion)} == {None}
    assert [row.state for row in await people.rows("potsdam", VerificationRequest)] == [HealthVerificationState.OPEN]


async def test_the_platforms_own_rows_go_by_their_state(people: People) -> None:
    now = people.now
    for state in EntryState:
        finished = now if state in (EntryState.DONE, EntryState.DEAD) else None
        await people.add("potsdam", OutboxEntry, kind=EntryKind.TASK, name="booking.x", version=1, payload={},
                         key=None, state=state, attempts=1, due_at=now, created_at=now,
                         finished_at=finished)  # fmt: skip
    for state in (WorkState.DONE, WorkState.RUNNING):
        await people.add("potsdam", Work, state=state, finished_at=now if state is WorkState.DONE else None)
    left = {state.value for state in EntryState}
    for days, gone in ((7, None), (1, "done"), (83, "dead"), (275, "waiting")):
        people.world.clock.advance(timedelta(days=days))
        await forget(people)
        left -= {gone}
        assert {row.state for row in await people.rows("potsdam", OutboxEntry)} == left, days
    assert [row.state for row in await people.rows("potsdam", Work)] == [WorkState.RUNNING]


async def test_mails_in_files_go_by_the_date_in_them(embedded: People) -> None:
    await embedded.mail("potsdam", "anna@example.org")
    await embedded.world.work()
    embedded.world.clock.advance(timedelta(days=1))
    await embedded.mail("potsdam", "ben@example.org")
    await embedded.world.work()
    embedded.world.clock.advance(timedelta(days=30))
    assert (await forget(embedded))["core.mails"] == 1
    assert [str(mail["To"]) for mail in embedded.world.mails] == ["ben@example.org"]


async def test_many_rows_go_in_batches(people: People) -> None:
    for _ in range(5):
        await people.suggest("potsdam", "anna@example.org", message="Hallo")
    people.world.clock.advance(timedelta(days=731))
    with people.world.statements() as seen:
        assert await forget(people, batch=2) == {"health_directory.suggestions emptied": 5}
    updates = [one for one in seen if one.startswith("UPDATE health_directory_suggestion")]
    assert len(updates) == 3


async def test_the_number_of_statements_does_not_depend_on_the_rows(embedded: People) -> None:
    numbers: list[int] = []
    for _ in range(2):
        for _ in range(4):
            await embedded.suggest("potsdam", "anna@example.org", message="Hallo")
        embedded.world.clock.advance(timedelta(days=731))
        with embedded.world.statements() as seen:
            await forget(embedded)
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


async def test_the_log_holds_counts_only_and_answers_that_were_kept_become_old(people: People) -> None:
    await book(people, "2026-06-10 20:00")
    people.world.clock.advance(timedelta(days=400))

    async def versions() -> int:
        async with people.world.platform.database.platform() as session:
            named = sa.select(sa.func.sum(DataVersion.version)).where(DataVersion.name == "booking_booking")
            return await session.scalar(named) or 0

    watch(Booking)
    before = await versions()
    await forget(people)
    assert await versions() > before
    entry = (await people.rows("potsdam", AuditEntry))[-1]
    assert (entry.action, entry.actor, entry.object_id) == ("tenant.retention_applied", None, "core.retention")
    assert entry.after == {"deleted": {}, "emptied": {"booking.bookings": 3}}
    assert entry.text_de.startswith("Daten nach Ablauf ihrer Frist gelöscht")
    number = len(await people.rows("potsdam", AuditEntry))
    await forget(people)
    assert len(await people.rows("potsdam", AuditEntry)) == number


async def test_the_job_runs_once_a_day_in_every_town_even_without_plugins(people: People) -> None:
    await book(people, "2026-06-01 12:00")
    await people.world.work()

    async def job(slug: str) -> tuple[int, Any]:
        async with people.world.scope(slug).read() as ctx:
            row = await ctx.session.scalar(sa.select(JobState).where(JobState.name == "core.retention"))
        assert row is not None
        return row.runs, row.error

    # Not with the first start of a platform: with its next period.
    assert await job("berlin") == (0, None)
    await people.world.later(days=400)
    assert [await job(slug) for slug in ("potsdam", "bad-belzig", "berlin")] == [(1, None)] * 3
    assert await known(people) == [None]
    await people.world.later(days=1)
    assert await job("berlin") == (2, None)


async def test_what_came_to_its_end_before_a_fault_is_in_the_log(
    embedded: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.privacy.retention import applying

    await book(embedded, "2026-06-10 20:00")
    embedded.world.clock.advance(timedelta(days=400))

    def fail(_scope: Any) -> int:
        raise OSError("no such disk")

    monkeypatch.setattr(applying, "_take_mails", fail)
    with pytest.raises(OSError, match="no such disk"):
        await forget(embedded)
    assert await known(embedded) == [None]
    assert (await embedded.rows("potsdam", AuditEntry))[-1].after["emptied"] == {"booking.bookings": 3}


async def test_a_plugin_whose_rows_cannot_go_does_not_keep_those_of_the_others(people: People) -> None:
    await people.suggest("potsdam", "ben@example.org", message="Danke", state=HealthSuggestionState.ACCEPTED,
                         decided_at=people.now)  # fmt: skip
    people.world.clock.advance(timedelta(days=91))
    engine = people.world.platform.database.migrating()
    async with engine.begin() as owner:
        await owner.execute(sa.text("ALTER TABLE booking_question RENAME TO booking_elsewhere"))
    await engine.dispose()
    with pytest.raises(DBAPIError, match="booking_question"):
        await forget(people)
    assert [row.contact for row in await people.rows("potsdam", Suggestion)] == [None]
    log = (await people.rows("potsdam", AuditEntry))[-1]
    assert log.after["emptied"] == {"health_directory.suggestions": 1}


async def test_a_row_that_is_needed_again_while_its_deletion_waits_for_it_stays(world_postgresql: World) -> None:
    """An operator tries a dead letter again in the moment in which it would go."""
    people, database = People(world_postgresql), world_postgresql.platform.database
    dead: OutboxEntry = await people.add(
        "potsdam", OutboxEntry, kind=EntryKind.TASK, name="booking.x", version=1, payload={}, key=None,
        state=EntryState.DEAD, attempts=1, due_at=people.now, created_at=people.now, finished_at=people.now,
    )  # fmt: skip
    people.world.clock.advance(timedelta(days=91))
    waits = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted AND :pid = ANY (pg_blocking_pids(pid))")
    town = world_postgresql.tenant("potsdam").id
    async with database.migrating().connect() as watch, database.write(town) as operator:
        async with operator.begin():
            again = sa.update(OutboxEntry).where(OutboxEntry.id == dead.id).values(state=EntryState.PENDING)
            await operator.execute(again)
            pid = (await operator.raw_asyncpg()).get_server_pid()
            deletion = asyncio.create_task(forget(people))
            async with asyncio.timeout(20):
                while not await watch.scalar(waits, {"pid": pid}):
                    assert not deletion.done()
                    await asyncio.sleep(0.01)
        assert await deletion == {}
    assert [row.state for row in await people.rows("potsdam", OutboxEntry)] == [EntryState.PENDING]


async def test_rows_without_the_moment_stay(embedded: People) -> None:
    async def plant(ctx: Ctx) -> None:
        await make(ctx, Work, state=WorkState.DONE, finished_at=None)

    await embedded.world.scope("potsdam").run(plant)
    embedded.world.clock.advance(timedelta(days=4000))
    await forget(embedded)
    assert len(await embedded.rows("potsdam", Work)) == 1
