"""Entries whose plugin was off or missing: they go on when it is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.events.catalogue import Catalogue, plugin_of
from regiohub.events.models import EntryKind, EntryState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.mail import Postman
    from regiohub.platform import Platform


async def resume_waiting(platform: Platform, parts: Catalogue, postman: Postman) -> int:
    """Make due what can go on; one statement finds it for all towns. Returns the number of entries."""
    tenants = {tenant.id: tenant for tenant in platform.tenants.all()}
    kinds = (
        sa.select(OutboxEntry.tenant_id, OutboxEntry.kind, OutboxEntry.name)
        .where(OutboxEntry.state == EntryState.WAITING)
        .distinct()
    )
    async with platform.database.read_across(list(tenants), reason="outbox: waiting entries") as session:
        found = (await session.execute(kinds)).all()
    now = platform.clock.now()
    resumed = 0
    for tenant_id, kind, name in found:
        owned = parts.tasks.get(name)
        if kind is EntryKind.TASK and (owned is None or owned.plugin not in tenants[tenant_id].enabled):
            continue
        if kind is EntryKind.MAIL and not postman.knows(plugin_of(name)):
            continue
        again = (
            sa.update(OutboxEntry)
            .where(OutboxEntry.state == EntryState.WAITING, OutboxEntry.kind == kind, OutboxEntry.name == name)
            .values(state=EntryState.PENDING, due_at=now, error=None)
            .returning(OutboxEntry.id)
            .execution_options(synchronize_session=False)
        )
        async with platform.database.write(tenant_id) as session, session.begin():
            resumed += len((await session.scalars(again)).all())
    return resumed
