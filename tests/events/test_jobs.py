"""Scheduled jobs: one run per town and period, across several workers."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from regiohub.clock import FrozenClock
from regiohub.events import Job
from regiohub.events.catalogue import catalogue_of
from regiohub.events.dead_letters import failing_jobs
from regiohub.events.jobs import FORGOTTEN, MOST_DUE, Timetable
from regiohub.events.keeping import LEASE
from regiohub.events.models import JobState
from regiohub.events.worker import Worker
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.switches import switch


async def test_a_job_runs_for_each_town_that_has_the_plugin_on(platform: Platform, sampler: Any) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(minutes=1), run))
    await Worker(platform).drain()
    assert sorted(ran) == ["bad-belzig", "potsdam"]


async def test_a_job_runs_once_per_period_however_many_workers_there_are(
    start: Any, sampler: Any, clock: FrozenClock
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(minutes=1), run))
    async with start() as one, start() as two, start() as three:
        workers = [Worker(platform) for platform in (one, two, three)]
        for period in range(1, 4):
            await asyncio.gather(*(worker.drain() for worker in workers))
            await asyncio.gather(*(worker.drain() for worker in workers))
            assert sorted(ran) == sorted(["bad-belzig", "potsdam"] * period)
            clock.advance(timedelta(minutes=2))


async def test_a_missed_period_is_made_up_once_not_for_each_period_missed(
    platform: Platform, sampler: Any, clock: FrozenClock
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(minutes=1), run))
    worker = Worker(platform)
    await worker.drain()
    clock.advance(timedelta(hours=5))
    await worker.drain()
    assert sorted(ran) == ["bad-belzig", "bad-belzig", "potsdam", "potsdam"]


async def test_a_failing_job_is_repeated_with_pauses_and_shown(
    platform: Platform, sampler: Any, clock: FrozenClock
) -> None:
    ran = 0

    async def run(scope: TenantScope) -> None:
        nonlocal ran
        if scope.tenant.slug == "potsdam":
            ran += 1
            if ran < 3:
                raise OSError("disk full")

    sampler.jobs.append(Job("sampler.tidy", timedelta(days=1), run))
    worker = Worker(platform)
    await worker.drain()
    (failing,) = await failing_jobs(platform)
    assert (failing.town, failing.name, failing.failures, failing.error) == (
        "potsdam", "sampler.tidy", 1, "OSError: disk full",
    )  # fmt: skip
    await worker.drain()
    assert ran == 1, "the pause has not passed"
    for _ in range(2):
        clock.advance(timedelta(minutes=1))
        await worker.drain()
    assert ran == 3
    assert await failing_jobs(platform) == []


async def test_a_run_that_lasts_longer_than_its_job_allows_is_ended_and_counts_as_failed(
    platform: Platform, sampler: Any
) -> None:
    async def run(scope: TenantScope) -> None:
        await asyncio.Event().wait()

    sampler.jobs.append(Job("sampler.tidy", timedelta(hours=1), run, most=timedelta(milliseconds=20)))
    await Worker(platform).drain()
    assert {job.town for job in await failing_jobs(platform)} == {"bad-belzig", "potsdam"}


async def test_a_job_does_not_run_where_its_plugin_is_off(
    platform: Platform, scope: TenantScope, sampler: Any, clock: FrozenClock
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(minutes=1), run))
    worker = Worker(platform)
    await worker.drain()
    ran.clear()
    await switch(platform, scope.tenant, "sampler", on=False)
    clock.advance(timedelta(minutes=2))
    await worker.drain()
    assert ran == ["bad-belzig"]


async def test_the_run_of_a_worker_that_died_is_repeated_after_its_deadline(
    platform: Platform, scope: TenantScope, sampler: Any, clock: FrozenClock
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(days=1), run))
    worker = Worker(platform)
    await worker.drain()
    ran.clear()
    async with scope.write() as ctx:  # as a worker leaves it that was killed in the middle of its run
        dead = sa.update(JobState).values(running_until=clock.now() + LEASE, next_at=clock.now())
        await ctx.session.execute(dead)
    clock.advance(LEASE - timedelta(seconds=1))
    await worker.drain()
    assert ran == []
    clock.advance(timedelta(seconds=1))
    await worker.drain()
    assert ran == ["potsdam"]


async def test_a_run_that_is_cancelled_at_the_end_is_due_again_for_other_workers(
    platform: Platform, sampler: Any, clock: FrozenClock
) -> None:
    begun = asyncio.Event()
    finished: list[str] = []

    async def run(scope: TenantScope) -> None:
        if scope.tenant.slug == "potsdam":
            begun.set()
            await asyncio.sleep(0 if finished else 3600)
            finished.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(days=1), run))
    timetable = Timetable(platform, catalogue_of(platform.plugins))
    await timetable.begin()
    await asyncio.wait_for(begun.wait(), 10)
    await timetable.end(0)
    finished.append("next time without a wait")
    clock.advance(timedelta(minutes=1))
    await Worker(platform).drain()
    assert finished[-1] == "potsdam"


async def _enter(ctx: Ctx, names: list[str], ago: timedelta) -> None:
    """Jobs that have been due for as long."""
    rows = [{"name": name, "next_at": ctx.now() - ago, "runs": 7, "failures": 0} for name in names]
    await ctx.session.upsert(JobState, rows, key=("name",), update=("next_at", "runs"))


async def _entered(scope: TenantScope) -> dict[str, JobState]:
    async with scope.read() as ctx:
        return {job.name: job for job in await ctx.session.scalars(sa.select(JobState))}


async def test_what_cannot_run_keeps_nobody_from_his_turn_however_long_it_has_been_due(
    platform: Platform, scope: TenantScope, sampler: Any
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    # Switched off in Potsdam, gone in both towns: 300 of each stand before the one job that can run.
    off = [f"sampler.off{number}" for number in range(300)]
    gone = [f"removed.job{number}" for number in range(300)]
    assert len(off) > MOST_DUE
    sampler.jobs += [Job(name, timedelta(days=1), run) for name in off]
    sampler.jobs.append(Job("sampler.tidy", timedelta(days=1), run))
    await switch(platform, scope.tenant, "sampler", on=False)
    async with scope.write() as ctx:
        await _enter(ctx, off, timedelta(days=9))
    belzig = platform.tenants.get("bad-belzig")
    assert belzig is not None
    other = platform.scope(belzig)
    async with other.write() as ctx:
        await _enter(ctx, gone, FORGOTTEN / 2)
        # None of these is due here, so that one run is all there is to do.
        await _enter(ctx, off, timedelta(days=-1))
        await _enter(ctx, ["sampler.tidy"], timedelta(seconds=1))
    timetable = Timetable(platform, catalogue_of(platform.plugins))
    await timetable.round()
    assert ran == ["bad-belzig"]
    assert (await _entered(other)).keys() >= {*gone}, "a worker of a newer version may have entered them"


async def test_a_job_that_nobody_declares_any_more_is_forgotten_and_one_in_quarantine_is_not(
    platform: Platform, scope: TenantScope
) -> None:
    async with scope.write() as ctx:
        await _enter(ctx, ["removed.job", "sampler.tidy", "core.removed"], FORGOTTEN * 2)
    platform.plugins.quarantine("sampler", "for this test")
    await platform.tenants.reload()
    await Timetable(platform, catalogue_of(platform.plugins)).round()
    assert list(await _entered(scope)) == ["sampler.tidy"]


async def test_a_job_that_was_off_for_long_runs_once_when_it_is_on_again(
    platform: Platform, scope: TenantScope, sampler: Any, clock: FrozenClock
) -> None:
    ran: list[str] = []

    async def run(scope: TenantScope) -> None:
        ran.append(scope.tenant.slug)

    sampler.jobs.append(Job("sampler.tidy", timedelta(minutes=1), run))
    worker = Worker(platform)
    await worker.drain()
    first = (await _entered(scope))["sampler.tidy"].next_at
    await switch(platform, scope.tenant, "sampler", on=False)
    clock.advance(FORGOTTEN * 2)
    await worker.drain()
    assert (await _entered(scope))["sampler.tidy"].next_at == first
    ran.clear()
    await switch(platform, scope.tenant, "sampler", on=True)
    for _ in range(3):
        await worker.drain()
    assert ran == ["potsdam"]
