"""Pages of the region: seen by regional staff only, without a town's data; every change is audited in the town."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.events.models import EntryState, JobState, OutboxEntry
from regiohub.testing import World
from regiohub.testing.console import text_of

PAGES = ("towns", "matrix", "measures", "measures?view=timeline", "sharing", "plugins", "operation", "audit")


@pytest.mark.parametrize("path", PAGES)
async def test_regional_staff_see_each_page_in_both_languages(world: World, path: str) -> None:
    client = await world.console(None, regional=["regional-auditor"])
    for language in ("de", "en"):
        answer = await client.get(path + ("&" if "?" in path else "?") + f"lang={language}")
        assert answer.status_code == 200, text_of(answer)
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_staff_of_a_town_do_not_see_the_region(world: World, path: str) -> None:
    client = await world.console("potsdam", roles=["tenant-admin"])
    answer = await client.get(f"/console/region/{path}")
    assert answer.status_code == 403
    assert "fehlt Ihnen das Recht" in text_of(answer)


async def test_a_plugin_is_switched_after_a_question_that_names_what_vanishes(world: World) -> None:
    await world.enable("potsdam", "atlas")
    client = await world.console(None, regional=["regional-admin"])
    question = await client.post("matrix/potsdam/atlas", {"on": "0"})
    assert question.status_code == 200
    assert "GraphQL: das Feld atlas" in text_of(question)
    assert "atlas" in world.tenant("potsdam").enabled
    await client.done("matrix/potsdam/atlas", {"on": "0", "confirmed": "yes"})
    assert "atlas" not in world.tenant("potsdam").enabled
    async with world.scope("potsdam").read() as ctx:
        entry = (await ctx.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1))).one()
    assert (entry.action, entry.actor_kind, entry.object_id) == ("tenant.plugin_disabled", "regional", "atlas")


async def test_an_auditor_of_the_region_switches_nothing(world: World) -> None:
    await world.enable("potsdam", "atlas")
    client = await world.console(None, regional=["regional-auditor"])
    assert (await client.post("matrix/potsdam/atlas", {"on": "0", "confirmed": "yes"})).status_code == 403
    assert "atlas" in world.tenant("potsdam").enabled


async def test_a_forged_request_switches_nothing(world: World) -> None:
    await world.enable("potsdam", "atlas")
    client = await world.console(None, regional=["regional-admin"])
    answer = await client.post("matrix/potsdam/atlas", {"on": "0", "confirmed": "yes"}, forged=True)
    assert answer.status_code == 403
    assert "atlas" in world.tenant("potsdam").enabled


async def test_a_new_town_is_there_at_once(world: World) -> None:
    client = await world.console(None, regional=["regional-admin"])
    facts = {
        "slug": "treuenbrietzen", "name": "Stadt Treuenbrietzen", "short_name": "Treuenbrietzen", "ags": "12069632",
        "state": "BB", "lon": "12,87", "lat": "52,10", "plugins": ["booking"],
    }  # fmt: skip
    assert await client.done("towns/new", facts) == "/console/region/towns/treuenbrietzen"
    town = world.tenant("treuenbrietzen")
    assert (town.centre, town.enabled) == ((12.87, 52.10), frozenset({"booking"}))
    again = await client.post("towns/new", facts)
    assert again.status_code == 422
    assert "Diesen Kurznamen gibt es schon" in text_of(again)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("ags", "1206", "Form"),
        ("state", "BE", "Gemeindeschlüssel"),
        ("slug", "console", "reserviert"),
        ("lon", "x", "Zahl"),
    ],
)
async def test_a_wrong_fact_of_a_new_town_is_said_at_its_field(
    world_sqlite: World, field: str, value: str, words: str
) -> None:
    client = await world_sqlite.console(None, regional=["regional-admin"])
    facts = {
        "slug": "treuenbrietzen", "name": "Stadt", "short_name": "T", "ags": "12069632", "state": "BB", "lon": "12.8",
        "lat": "52.1",
    }  # fmt: skip
    answer = await client.post("towns/new", facts | {field: value})
    assert answer.status_code == 422
    assert words in text_of(answer)
    assert world_sqlite.platform.tenants.get("treuenbrietzen") is None


async def test_what_was_given_up_is_tried_again(world: World) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        await ctx.enqueue("demo.nothing", {})
        await ctx.session.execute(sa.update(OutboxEntry).values(state=EntryState.DEAD, error="no such task"))
        entry = (await ctx.session.scalars(sa.select(OutboxEntry.id).where(OutboxEntry.name == "demo.nothing"))).one()
    client = await world.console(None, regional=["regional-admin"])
    page = text_of(await client.get("operation"))
    assert "no such task" in page
    await client.done(f"operation/potsdam/outbox/{entry}/retry")
    async with scope.read() as ctx:
        found = await ctx.session.find(OutboxEntry, entry)
    assert found is not None
    assert found.state is EntryState.PENDING


async def test_the_trail_shows_administration_and_not_what_staff_did_in_their_plugins(world: World) -> None:
    await world.enable("potsdam", "booking")
    async with world.scope("potsdam", principal=world.principal("potsdam", roles=["tenant-admin"])).write() as ctx:
        await ctx.audit("booking.approve", kind="booking", id="secret-of-the-town")
    client = await world.console(None, regional=["regional-auditor"])
    page = text_of(await client.get("audit"))
    assert "Plugin eingeschaltet" in page
    assert "secret-of-the-town" not in page


async def test_a_list_comes_as_a_file_that_a_spreadsheet_opens(world: World) -> None:
    client = await world.console(None, regional=["regional-auditor"])
    answer = await client.get("towns?format=csv&list=towns")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "region-towns-2026-06-01.csv" in answer.headers["content-disposition"]
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Kommune;Zustand;")
    assert any(line.startswith("Potsdam;") for line in lines)


async def test_a_scheduled_job_is_run_at_once_and_the_town_knows_by_whom(world: World) -> None:
    scope = world.scope("potsdam")
    async with scope.write() as ctx:
        later = ctx.now() + timedelta(hours=5)
        ctx.session.add(
            JobState(
                name="demo.count", next_at=later, running_until=None, started_at=None, finished_at=None, runs=1,
                failures=0, error=None,
            )
        )  # fmt: skip
    client = await world.console(None, regional=["regional-admin"])
    await client.done("operation/potsdam/jobs/demo.count/run")
    async with scope.read() as ctx:
        job = (await ctx.session.scalars(sa.select(JobState).where(JobState.name == "demo.count"))).one()
        entry = (
            await ctx.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "tenant.job_started"))
        ).one()
        assert job.next_at == ctx.now()
    assert (entry.actor_kind, entry.object_id) == ("regional", "demo.count")
    assert (await client.post("operation/potsdam/jobs/demo.nothing/run")).status_code == 404
