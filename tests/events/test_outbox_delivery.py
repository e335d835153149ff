"""Events reach their handlers at least once, and their effects are committed once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event as listening

from regiohub.clock import FrozenClock
from regiohub.events import EventHandler, GiveUp
from regiohub.events.dead_letters import dead_letters, entry_counts, retry
from regiohub.events.delivery.claims import claim
from regiohub.events.delivery.outcome import MOST_ATTEMPTS
from regiohub.events.keeping import LEASE
from regiohub.events.models import EntryState, Handled, HandledResult, OutboxEntry
from regiohub.events.worker import Worker
from regiohub.platform import Platform
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.tenancy.switches import switch

Effects = Callable[[str], Awaitable[int]]


async def _emit(scope: TenantScope, event: Any) -> None:
    async with scope.write() as ctx:
        await ctx.emit(event)


async def test_a_committed_event_reaches_every_handler_once(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any
) -> None:
    seen: list[Any] = []

    async def first(ctx: Ctx, event: Any) -> None:
        seen.append(event)
        await ctx.audit("sampler.first", kind="thing", id=str(event.thing_id))

    async def second(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.second", kind="thing", id=str(event.thing_id))

    sampler.handlers += [EventHandler(happened, first), EventHandler(happened, second)]
    event = happened(thing_id=uuid4(), count=3)
    await _emit(scope, event)
    worker = Worker(platform)
    await worker.drain()
    await worker.drain()
    assert seen == [event]
    assert (await effects("sampler.first"), await effects("sampler.second")) == (1, 1)
    assert await entry_counts(platform) == {}


async def test_an_event_of_a_rolled_back_transaction_never_arrives(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any
) -> None:
    async def handle(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle))

    async def change_mind() -> None:
        async with scope.write() as ctx:
            await ctx.emit(happened(thing_id=uuid4()))
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await change_mind()
    await Worker(platform).drain()
    assert await effects("sampler.handled") == 0


async def test_a_failing_handler_is_tried_again_and_the_others_are_not(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any, clock: FrozenClock
) -> None:
    calls: list[str] = []

    async def good(ctx: Ctx, event: Any) -> None:
        calls.append("good")
        await ctx.audit("sampler.good", kind="thing", id=str(event.thing_id))

    async def flaky(ctx: Ctx, event: Any) -> None:
        calls.append("flaky")
        await ctx.audit("sampler.flaky", kind="thing", id=str(event.thing_id))
        if calls.count("flaky") < 3:
            raise RuntimeError("not yet")

    sampler.handlers += [EventHandler(happened, flaky), EventHandler(happened, good)]
    await _emit(scope, happened(thing_id=uuid4()))
    worker = Worker(platform)
    await worker.drain()
    assert (await effects("sampler.good"), await effects("sampler.flaky")) == (1, 0)
    await worker.drain()
    assert calls == ["flaky", "good"], "the pause before the second attempt has not passed"
    for _ in range(2):
        clock.advance(timedelta(seconds=10))
        await worker.drain()
    assert calls == ["flaky", "good", "flaky", "flaky"]
    assert (await effects("sampler.good"), await effects("sampler.flaky")) == (1, 1)


async def test_a_hopeless_event_becomes_a_dead_letter_and_can_be_tried_again(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any, clock: FrozenClock
) -> None:
    broken = True
    attempts = 0

    async def handle(ctx: Ctx, event: Any) -> None:
        nonlocal attempts
        attempts += 1
        if broken:
            raise ValueError("the lock's server is gone")
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle, name="sampler.handle"))
    await _emit(scope, happened(thing_id=uuid4()))
    worker = Worker(platform)
    for _ in range(MOST_ATTEMPTS + 3):
        await worker.drain()
        clock.advance(timedelta(hours=2))
    assert attempts == MOST_ATTEMPTS
    (letter,) = await dead_letters(platform)
    assert (letter.town, letter.name, letter.attempts) == ("potsdam", "sampler.happened", MOST_ATTEMPTS)
    assert letter.error == "sampler.handle: ValueError: the lock's server is gone"
    broken = False
    async with scope.write() as ctx:
        assert await retry(ctx) == 1
    await worker.drain()
    assert await effects("sampler.handled") == 1
    assert await dead_letters(platform) == []


async def test_giving_up_ends_the_attempts_at_once(
    platform: Platform, scope: TenantScope, sampler: Any, happened: Any
) -> None:
    async def handle(_ctx: Ctx, _event: Any) -> None:
        raise GiveUp("the thing is gone")

    sampler.handlers.append(EventHandler(happened, handle, name="sampler.handle"))
    await _emit(scope, happened(thing_id=uuid4()))
    await Worker(platform).drain()
    (letter,) = await dead_letters(platform)
    assert (letter.attempts, letter.error) == (1, "sampler.handle: GiveUp: the thing is gone")


async def test_an_entry_claimed_by_a_worker_that_died_is_taken_over_after_its_lease(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any, clock: FrozenClock
) -> None:
    async def handle(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle))
    await _emit(scope, happened(thing_id=uuid4()))
    assert len(await claim(platform.database, scope.tenant.id, clock.now())) == 1  # and nothing more: it died here
    worker = Worker(platform)
    await worker.drain()
    assert await effects("sampler.handled") == 0
    clock.advance(LEASE)
    await worker.drain()
    assert await effects("sampler.handled") == 1


async def test_a_worker_that_dies_after_the_effect_and_before_the_record_does_not_double_it(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any, clock: FrozenClock
) -> None:
    async def handle(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle))
    await _emit(scope, happened(thing_id=uuid4()))
    worker = Worker(platform)
    await worker.drain()
    async with scope.write() as ctx:  # the state as it is when only the last step is missing
        await ctx.session.execute(sa.update(OutboxEntry).values(state=EntryState.PENDING, due_at=clock.now()))
    await worker.drain()
    assert await effects("sampler.handled") == 1
    assert await entry_counts(platform) == {}


async def test_four_workers_deliver_everything_once(
    start: Any, scope: TenantScope, sampler: Any, effects: Effects, happened: Any
) -> None:
    async def handle(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle))
    async with scope.write() as ctx:
        for _ in range(40):
            await ctx.emit(happened(thing_id=uuid4()))

    async def one_process() -> None:
        async with start() as other:
            await Worker(other).drain()

    await asyncio.gather(*(one_process() for _ in range(4)))
    assert await effects("sampler.handled") == 40


async def test_an_event_is_not_delivered_to_a_plugin_that_is_off_and_that_is_recorded(
    platform: Platform, scope: TenantScope, sampler: Any, effects: Effects, happened: Any
) -> None:
    async def handle(ctx: Ctx, event: Any) -> None:
        await ctx.audit("sampler.handled", kind="thing", id=str(event.thing_id))

    sampler.handlers.append(EventHandler(happened, handle, name="sampler.handle"))
    await _emit(scope, happened(thing_id=uuid4()))
    await switch(platform, scope.tenant, "sampler", on=False)
    worker = Worker(platform)
    await worker.drain()
    await switch(platform, scope.tenant, "sampler", on=True)
    await worker.drain()
    assert await effects("sampler.handled") == 0
    async with scope.read() as ctx:
        (mark,) = await ctx.session.scalars(sa.select(Handled))
    assert (mark.handler, mark.result) == ("sampler.handle", HandledResult.OFF)


async def test_an_event_nobody_handles_is_finished(platform: Platform, scope: TenantScope, happened: Any) -> None:
    await _emit(scope, happened(thing_id=uuid4()))
    await Worker(platform).drain()
    assert await entry_counts(platform) == {}


async def test_a_handler_acts_in_the_town_of_its_event_only(platform: Platform, sampler: Any, happened: Any) -> None:
    towns: list[tuple[str, int]] = []

    async def handle(ctx: Ctx, _event: Any) -> None:
        towns.append((ctx.tenant.slug, ctx.session.tenant_id))

    sampler.handlers.append(EventHandler(happened, handle))
    for tenant in platform.tenants.all():
        await _emit(platform.scope(tenant), happened(thing_id=uuid4()))
    await Worker(platform).drain()
    assert sorted(towns) == sorted((t.slug, t.id) for t in platform.tenants.all() if t.slug != "berlin")


async def test_finding_due_work_takes_as_many_statements_for_three_towns_as_for_one(
    platform: Platform, sampler: Any
) -> None:
    from regiohub.events.delivery.claims import towns_with_due_entries

    statements: list[str] = []
    engine = platform.database.reading.sync_engine

    def note(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "core_outbox" in statement:
            statements.append(statement)

    listening.listen(engine, "before_cursor_execute", note)
    try:
        await towns_with_due_entries(platform.database, [t.id for t in platform.tenants.all()], platform.clock.now())
    finally:
        listening.remove(engine, "before_cursor_execute", note)
    assert len(statements) == 1


# On SQLite the hanging handler holds the only writing transaction.
@pytest.mark.parametrize("core_database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
async def test_a_town_whose_handler_hangs_holds_up_no_other_town(
    platform: Platform, scope: TenantScope, sampler: Any, happened: Any
) -> None:
    hanging, delivered = asyncio.Event(), asyncio.Event()

    async def handle(ctx: Ctx, _event: Any) -> None:
        if ctx.tenant.slug == "potsdam":
            await hanging.wait()
        delivered.set()

    sampler.handlers.append(EventHandler(happened, handle))
    await _emit(scope, happened(thing_id=uuid4()))
    worker = Worker(platform)
    running = asyncio.create_task(worker.run())
    other = platform.tenants.get("bad-belzig")
    assert other is not None
    await _emit(platform.scope(other), happened(thing_id=uuid4()))
    await asyncio.wait_for(delivered.wait(), 15)
    hanging.set()
    worker.stop()
    await running
