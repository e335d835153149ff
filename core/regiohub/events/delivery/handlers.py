"""Delivering an event: each handler in a unit of work of its own, its mark committed with its writes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa
import structlog

from regiohub.events.catalogue import Owned
from regiohub.events.event import Event
from regiohub.events.faults import describe
from regiohub.events.models import Handled, HandledResult, OutboxEntry
from regiohub.events.parts import EventHandler

from .guard import held
from .outcome import Outcome, done, failed

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)
OwnedHandler = Owned[EventHandler[Event]]


async def deliver_event(
    platform: Platform, tenant: TenantInfo, entry: OutboxEntry, handlers: Sequence[OwnedHandler]
) -> Outcome | None:
    """Call all handlers that are not through with the event yet; a failing one does not stop the others.

    None: the event has come to its end, or another worker has it at the moment.
    """
    # At the first attempt nobody can have finished yet: the claim counts the attempt before it is made.
    finished = await _finished(platform, tenant, entry) if entry.attempts > 1 else frozenset[str]()
    open_handlers = [owned for owned in handlers if owned.part.name not in finished]
    worst: tuple[str, Exception] | None = None
    for position, owned in enumerate(open_handlers, start=1):
        ends = position == len(open_handlers) and worst is None
        try:
            if not await _handle(platform, tenant, entry, owned, ends=ends):
                return None
        except Exception as error:
            log.warning("event_handler_failed", tenant=tenant.slug, handler=owned.part.name, error=describe(error))
            worst = (owned.part.name, error)
    if worst is not None:
        return failed(entry, worst[1], platform.clock.now(), where=worst[0])
    return None if open_handlers else done(entry, platform.clock.now())


async def _finished(platform: Platform, tenant: TenantInfo, entry: OutboxEntry) -> set[str]:
    async with platform.database.read(tenant.id) as session:
        return set(await session.scalars(sa.select(Handled.handler).where(Handled.entry_id == entry.id)))


async def _handle(
    platform: Platform, tenant: TenantInfo, entry: OutboxEntry, owned: OwnedHandler, *, ends: bool
) -> bool:
    """Run one handler; False when another worker holds the event. ``ends``: it is the last, and the event is done."""
    handler = owned.part
    on = owned.plugin in tenant.enabled

    async def work(ctx: Ctx) -> bool:
        if not await held(ctx.session, entry):
            return False
        known = sa.select(Handled.handler).where(Handled.entry_id == entry.id, Handled.handler == handler.name)
        if await ctx.session.scalar(known) is None:
            result = HandledResult.DONE if on else HandledResult.OFF
            ctx.session.add(Handled(entry_id=entry.id, handler=handler.name, result=result, at=ctx.now()))
            if on:
                await handler.run(ctx, handler.event.from_payload(entry.payload, entry.version))
        if ends:
            await ctx.session.execute(
                sa.update(OutboxEntry).where(OutboxEntry.id == entry.id).values(**done(entry, ctx.now()).values)
            )
        return True

    return await platform.scope(tenant).run(work)
