"""Whether a worker does a plugin's work in a town: jobs, tasks and handlers of events, tried for real."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from regiohub.events.event import event_name
from regiohub.events.models import EntryKind, EntryState, Handled, HandledResult, JobState, OutboxEntry
from regiohub.events.outbox import put_task
from regiohub.testing.world import World

_LONGEST = timedelta(days=1)


async def look_at_work(world: World, plugin: str, slug: str) -> tuple[frozenset[str], frozenset[str]]:
    """What is declared, and what of it a worker has begun in the town.

    Each job is made due; each task and each event that has a handler is put into the outbox, without content: whoever
    begins with it is found out, whatever becomes of it.
    """
    only = frozenset({plugin})
    jobs, tasks, handlers = (
        [found.value for found in world.platform.plugins.collect(hook, only)]
        for hook in ("register_jobs", "register_tasks", "register_event_handlers")
    )
    before = await _runs(world, slug)
    entries = await _put(world, slug, tasks, handlers)
    world.clock.advance(max([job.every for job in jobs], default=timedelta()) + _LONGEST)
    await world.work()
    after = await _runs(world, slug)
    found = {f"the job {job.name}" for job in jobs if after.get(job.name, 0) > before.get(job.name, 0)}
    found |= await _begun(world, slug, entries, handlers)
    declared = {f"the job {job.name}" for job in jobs} | {f"the task {task.name}" for task in tasks}
    declared |= {f"the handler {handler.name}" for handler in handlers}
    return frozenset(declared), frozenset(found)


async def _runs(world: World, slug: str) -> dict[str, int]:
    async with world.scope(slug).read() as ctx:
        return {job.name: job.runs for job in await ctx.session.scalars(sa.select(JobState))}


async def _put(world: World, slug: str, tasks: Sequence[Any], handlers: Sequence[Any]) -> dict[UUID, str]:
    """Entries of the outbox, by id the name of the task or event."""
    entries: dict[UUID, str] = {}
    async with world.scope(slug).write() as ctx:
        for task in tasks:
            queued = await put_task(ctx.session, task.name, {}, now=ctx.now())
            assert queued is not None
            entries[queued] = task.name
        for kind in {handler.event for handler in handlers}:
            row = OutboxEntry(
                kind=EntryKind.EVENT, name=event_name(kind), version=kind.version, payload={}, key=None,
                state=EntryState.PENDING, attempts=0, due_at=ctx.now(), created_at=ctx.now(), finished_at=None,
                error=None,
            )  # fmt: skip
            ctx.session.add(row)
            await ctx.session.flush()
            entries[row.id] = row.name
    return entries


async def _begun(world: World, slug: str, entries: dict[UUID, str], handlers: Sequence[Any]) -> set[str]:
    async with world.scope(slug).read() as ctx:
        rows = await ctx.session.scalars(sa.select(OutboxEntry).where(OutboxEntry.id.in_(entries)))
        found: set[str] = set()
        for row in rows:
            marks = await ctx.session.scalars(sa.select(Handled).where(Handled.entry_id == row.id))
            results = {mark.handler: mark.result for mark in marks}
            if row.kind == EntryKind.TASK and row.state != EntryState.WAITING:
                found.add(f"the task {row.name}")
            for handler in handlers if row.kind == EntryKind.EVENT else ():
                if event_name(handler.event) == row.name and results.get(handler.name) != HandledResult.OFF:
                    found.add(f"the handler {handler.name}")
    return found
