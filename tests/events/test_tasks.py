"""One-off tasks: once per key, after their delay, tried again, waiting while their plugin is off."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from regiohub.clock import FrozenClock
from regiohub.events import Task
from regiohub.events.dead_letters import dead_letters, drop, entry_counts
from regiohub.events.models import EntryState
from regiohub.events.worker import Worker
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.switches import switch

Effects = Callable[[str], Awaitable[int]]


async def _done(ctx: Ctx, payload: dict[str, Any]) -> None:
    await ctx.audit("sampler.done", kind="thing", id=str(payload["thing"]))


async def test_a_task_runs_once_with_its_payload(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects
) -> None:
    seen: list[dict[str, Any]] = []

    async def run(ctx: Ctx, payload: dict[str, Any]) -> None:
        seen.append(payload)
        await _done(ctx, payload)

    sampler.tasks.append(Task("sampler.do", run))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1, "when": ctx.now()})
    worker = Worker(platform)
    await worker.drain()
    await worker.drain()
    assert seen == [{"thing": 1, "when": "2026-06-01T08:00:00Z"}]
    assert await effects("sampler.done") == 1


async def test_a_key_is_queued_once_even_by_writers_at_the_same_moment(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects
) -> None:
    sampler.tasks.append(Task("sampler.do", _done))

    async def enqueue() -> bool:
        async with scope.write() as ctx:
            return await ctx.enqueue("sampler.do", {"thing": 1}, key="thing:1") is not None

    assert sorted(await asyncio.gather(*(enqueue() for _ in range(6)))) == [False] * 5 + [True]
    await Worker(platform).drain()
    assert not await enqueue(), "the key is known after the task is done, too"
    await Worker(platform).drain()
    assert await effects("sampler.done") == 1


async def test_a_task_waits_for_its_delay(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, clock: FrozenClock
) -> None:
    sampler.tasks.append(Task("sampler.do", _done))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1}, delay=timedelta(hours=1))
    worker = Worker(platform)
    clock.advance(timedelta(minutes=59))
    await worker.drain()
    assert await effects("sampler.done") == 0
    clock.advance(timedelta(minutes=1))
    await worker.drain()
    assert await effects("sampler.done") == 1


async def test_a_failing_task_leaves_no_trace_and_is_tried_as_often_as_declared(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, clock: FrozenClock
) -> None:
    attempts = 0

    async def run(ctx: Ctx, payload: dict[str, Any]) -> None:
        nonlocal attempts
        attempts += 1
        await _done(ctx, payload)
        raise ConnectionError("no answer")

    sampler.tasks.append(Task("sampler.do", run, attempts=3))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1})
    worker = Worker(platform)
    for _ in range(5):
        await worker.drain()
        clock.advance(timedelta(hours=1, minutes=30))
    assert attempts == 3
    assert await effects("sampler.done") == 0
    (letter,) = await dead_letters(platform)
    assert (letter.name, letter.attempts, letter.error) == ("sampler.do", 3, "ConnectionError: no answer")
    async with scope.write() as ctx:
        assert await drop(ctx) == 1
    assert await entry_counts(platform) == {}
    assert await effects("tenant.outbox_dropped") == 1


async def test_a_task_waits_while_its_plugin_is_off_and_goes_on_when_it_is_back(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects
) -> None:
    sampler.tasks.append(Task("sampler.do", _done))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1})
    await switch(platform, scope.tenant, "sampler", on=False)
    worker = Worker(platform)
    await worker.drain()
    assert await effects("sampler.done") == 0
    assert await entry_counts(platform) == {EntryState.WAITING: 1}
    await switch(platform, scope.tenant, "sampler", on=True)
    await worker.drain()
    assert await effects("sampler.done") == 1


async def test_a_task_of_a_missing_plugin_waits_and_is_not_lost(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects
) -> None:
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1})
    await Worker(platform).drain()
    assert await entry_counts(platform) == {EntryState.WAITING: 1}
    sampler.tasks.append(Task("sampler.do", _done))
    await Worker(platform).drain()
    assert await effects("sampler.done") == 1


async def test_a_task_whose_values_break_the_database_shows_no_values_in_its_error(
    platform: Platform, scope: TenantScope, sampler: Any
) -> None:
    async def run(ctx: Ctx, _payload: dict[str, Any]) -> None:
        await ctx.session.sql(
            "SELECT :secret FROM core_outbox_x WHERE tenant_id = :tenant_id", {"secret": "0331-secret"}
        )

    sampler.tasks.append(Task("sampler.do", run, attempts=1))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {"thing": 1})
    await Worker(platform).drain()
    (letter,) = await dead_letters(platform)
    assert letter.error
    assert "core_outbox_x" in letter.error
    assert "0331-secret" not in letter.error


async def test_a_handler_that_emits_its_own_event_is_stopped_in_a_drain(
    platform: Platform, scope: TenantScope, sampler: Any
) -> None:
    async def run(ctx: Ctx, payload: dict[str, Any]) -> None:
        await ctx.enqueue("sampler.do", payload)

    sampler.tasks.append(Task("sampler.do", run))
    async with scope.write() as ctx:
        await ctx.enqueue("sampler.do", {})
    with pytest.raises(RuntimeError, match="did not come to an end"):
        await Worker(platform).drain()
