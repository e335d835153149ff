"""The worker seals by itself, keeps the head outside the database, and says when a log is broken."""

from __future__ import annotations

import resource
from datetime import timedelta

import pytest

from regiohub.audit.seals.heads import head_file, kept_head, write_head
from regiohub.audit.seals.jobs import CHECK_JOB, SEAL_JOB, unsealed_towns
from regiohub.cli.audit_examination import audit_seals
from regiohub.events.dead_letters import failing_jobs
from regiohub.testing import World

from .sealing import TOWN, checked, fill, forge, newest


async def test_the_worker_seals_each_town_and_keeps_its_head(world: World) -> None:
    await fill(world, 3)
    await fill(world, 2, "berlin")
    await world.work()
    for town in (TOWN, "berlin"):
        report = await checked(world, town=town)
        assert (report.ok, report.unsealed, report.heads) == (True, 0, 1)
        kept = kept_head(world.platform, town)
        assert kept == await newest(world, town)
    assert head_file(world.platform, TOWN).is_relative_to(world.platform.settings.data_dir)


async def test_only_towns_with_something_to_seal_are_named(world: World) -> None:
    await fill(world, 1)
    for table in ("core_audit_seal", "core_audit"):
        await forge(world, f"DELETE FROM {table} WHERE tenant_id = :town", town="berlin")
    ids = [tenant.id for tenant in world.platform.tenants.all()]
    async with world.platform.database.read_across(ids, reason="test") as session:
        named = set(await session.scalars(unsealed_towns(world.clock.now())))
    assert world.tenant(TOWN).id in named
    assert world.tenant("berlin").id not in named


async def test_a_broken_log_is_a_failing_job_until_it_is_mended(world: World) -> None:
    await fill(world, 3)
    await world.work()
    await forge(world, "UPDATE core_audit SET note = 'nie beschlossen' WHERE tenant_id = :town AND action LIKE 'sam%'")
    await world.later(hours=48)
    failing = [job for job in await failing_jobs(world.platform) if job.name == CHECK_JOB.name]
    assert [(job.town, job.failures) for job in failing] == [(TOWN, 1)]
    assert "An entry was changed after it had been sealed. (seal 1, position" in str(failing[0].error)
    await forge(world, "UPDATE core_audit SET note = 'so beschlossen' WHERE tenant_id = :town AND action LIKE 'sam%'")
    world.clock.advance(timedelta(minutes=30))
    await world.work()
    assert [job for job in await failing_jobs(world.platform) if job.name == CHECK_JOB.name] == []


async def test_a_log_that_was_replaced_does_not_replace_the_head_that_was_kept(world: World) -> None:
    await fill(world, 3)
    await world.work()
    before = kept_head(world.platform, TOWN)
    for table in ("core_audit_seal", "core_audit"):
        await forge(world, f"DELETE FROM {table} WHERE tenant_id = :town")
    await fill(world, 5)
    world.clock.advance(timedelta(minutes=2))
    await world.work()
    assert kept_head(world.platform, TOWN) == before
    (failing,) = [job for job in await failing_jobs(world.platform) if job.name == SEAL_JOB.name]
    assert "does not continue the head that was kept" in str(failing.error)
    assert not (await checked(world)).ok


async def test_a_head_that_finds_no_room_leaves_the_old_one_and_no_draft(world_sqlite: World) -> None:
    await fill(world_sqlite, 1)
    await world_sqlite.work()
    path = head_file(world_sqlite.platform, TOWN)
    before, head = path.read_bytes(), await newest(world_sqlite)
    _, hard = limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            write_head(world_sqlite.platform, TOWN, head)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir() if TOWN in one.name] == [path.name]


async def test_the_metrics_say_how_much_waits_and_for_how_long(world: World) -> None:
    await world.work()
    world.clock.advance(timedelta(minutes=3))
    await fill(world, 2)
    world.clock.advance(timedelta(minutes=4))
    text = (await world.client.get("/metrics")).text
    figures = dict(line.split(" ") for line in text.splitlines() if line.startswith("regiohub_audit_"))
    assert figures == {
        "regiohub_audit_unsealed_entries": "2.0",
        "regiohub_audit_unsealed_seconds": "240.0",
        "regiohub_audit_last_seal_seconds": "420.0",
    }


async def test_doctor_says_when_sealing_is_behind_and_when_the_end_of_a_log_is_gone(world: World) -> None:
    await world.work()
    assert [finding.level for finding in await audit_seals(world.platform)] == ["ok"]
    await fill(world, 1)
    world.clock.advance(timedelta(hours=1))
    (behind,) = await audit_seals(world.platform)
    assert (behind.level, "1 entries wait" in behind.text) == ("warning", True)
    for table in ("core_audit_seal", "core_audit"):
        await forge(world, f"DELETE FROM {table} WHERE tenant_id = :town")
    (gone,) = [finding for finding in await audit_seals(world.platform) if finding.level == "error"]
    assert gone.text.startswith("potsdam: the log does not continue the head that was kept")
