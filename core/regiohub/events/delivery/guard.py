"""The lock that makes an effect happen once: taken inside the transaction that has the effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.events.models import EntryState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession


async def held(session: TenantSession, entry: OutboxEntry) -> bool:
    """Hold an entry until this transaction ends; False when another worker holds it or has finished it.

    On SQLite the transaction is the only writer, so that reading the state is enough.
    """
    pending = (
        sa.select(OutboxEntry.id)
        .where(OutboxEntry.id == entry.id, OutboxEntry.state == EntryState.PENDING)
        .with_for_update(skip_locked=True)
    )
    return await session.scalar(pending) is not None
