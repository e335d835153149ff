"""Background tasks: running exactly where their plugin is on, restarted when they fail, in one worker at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from regiohub.events import Background
from regiohub.events.backoff import Backoff
from regiohub.events.catalogue import catalogue_of
from regiohub.events.leadership import leadership_for
from regiohub.events.supervisor import Supervisor
from regiohub.events.worker import Worker
from regiohub.platform import Platform
from regiohub.tenancy.context import TenantScope
from regiohub.tenancy.plugin_settings.service import change_settings
from regiohub.tenancy.switches import switch

NO_PAUSE = Backoff(first=timedelta(), most=timedelta())


async def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Let other tasks run until something holds."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Listener:
    """A background task that notes where it runs."""

    def __init__(self) -> None:
        self.running: set[str] = set()

    async def run(self, scope: TenantScope) -> None:
        self.running.add(scope.tenant.slug)
        try:
            await asyncio.Event().wait()
        finally:
            self.running.discard(scope.tenant.slug)


async def test_background_tasks_follow_the_switches_without_a_restart(
    platform: Platform, scope: TenantScope, sampler: Any
) -> None:
    listener = Listener()
    sampler.backgrounds.append(Background("sampler.listen", listener.run))
    supervisor = Supervisor(platform, catalogue_of(platform.plugins))
    await supervisor.reconcile(leads=True)
    await until(lambda: listener.running == {"potsdam", "bad-belzig"})
    await switch(platform, scope.tenant, "sampler", on=False)
    await supervisor.reconcile(leads=True)
    assert listener.running == {"bad-belzig"}
    await switch(platform, scope.tenant, "sampler", on=True)
    await supervisor.reconcile(leads=True)
    await until(lambda: listener.running == {"potsdam", "bad-belzig"})
    await supervisor.reconcile(leads=False)
    assert listener.running == set()


async def test_a_background_task_that_fails_or_ends_is_started_again(platform: Platform, sampler: Any) -> None:
    starts: list[str] = []

    async def run(scope: TenantScope) -> None:
        if scope.tenant.slug == "potsdam":
            starts.append("again")
            if len(starts) == 1:
                raise ConnectionError("broker gone")
            if len(starts) == 2:
                return
        await asyncio.Event().wait()

    sampler.backgrounds.append(Background("sampler.listen", run))
    supervisor = Supervisor(platform, catalogue_of(platform.plugins), backoff=NO_PAUSE)
    await supervisor.reconcile(leads=True)
    await until(lambda: len(starts) == 3)
    assert len(supervisor.running) == 2
    await supervisor.stop()


async def test_a_background_task_begins_anew_when_the_settings_it_names_change(
    platform: Platform, scope: TenantScope, sampler: Any
) -> None:
    starts: list[str] = []
    model = platform.plugins.healthy["sampler"].settings

    async def run(scope: TenantScope) -> None:
        starts.append(scope.tenant.slug)
        await asyncio.Event().wait()

    sampler.backgrounds.append(Background("sampler.listen", run, settings=model))
    supervisor = Supervisor(platform, catalogue_of(platform.plugins))
    for _ in range(2):
        await supervisor.reconcile(leads=True)
        await until(lambda: len(starts) == 2)
    async with scope.write() as ctx:
        await change_settings(ctx, "sampler", {"every": 7})
    await supervisor.reconcile(leads=True)
    await until(lambda: len(starts) == 3)
    assert starts[2] == scope.tenant.slug
    await supervisor.stop()


async def test_one_of_two_processes_leads_and_the_other_takes_over(start: Any) -> None:
    async with start() as one, start() as two:
        first, second = leadership_for(one), leadership_for(two)
        assert await first.held()
        assert await first.held(), "asking again does not lose it"
        assert not await second.held()
        await first.release()
        assert await second.held()
        assert not await first.held()
        await second.release()
        await first.release()


async def test_a_worker_runs_everything_and_stops_cleanly(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regiohub.events import Task

    async def do(ctx: Any, _payload: dict[str, Any]) -> None:
        await ctx.audit("sampler.done", kind="thing", id="1")
        done.set()

    done = asyncio.Event()
    listener = Listener()
    sampler.tasks.append(Task("sampler.do", do))
    sampler.backgrounds.append(Background("sampler.listen", listener.run))
    # The commit wakes it: nobody waits for the next look.
    monkeypatch.setattr("regiohub.events.worker.POLL_SECONDS", 3600.0)
    worker = Worker(platform)
    running = asyncio.create_task(worker.run())
    await until(lambda: len(listener.running) == 2)
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {})
    await asyncio.wait_for(done.wait(), 30)
    worker.stop()
    await asyncio.wait_for(running, 10)
    assert listener.running == set()
    assert await effects("sampler.done") == 1


async def test_a_cancelled_worker_ends_its_background_tasks(platform: Platform, sampler: Any) -> None:
    listener = Listener()
    sampler.backgrounds.append(Background("sampler.listen", listener.run))
    running = asyncio.create_task(Worker(platform).run())
    await until(lambda: len(listener.running) == 2)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert listener.running == set()
