"""Writing to the outbox: rows in the caller's transaction, so that they exist exactly if its changes do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import sqlalchemy as sa
from pydantic_core import to_jsonable_python

from regiohub.db.base import uuid7

from .event import Event, event_name
from .models import EntryKind, EntryState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.mail import Mail


async def put_event(session: TenantSession, event: Event, *, now: datetime) -> UUID:
    """Store an event for its handlers."""
    entry = _entry(EntryKind.EVENT, event_name(type(event)), event.to_payload(), now=now, version=event.version)
    session.add(entry)
    await session.flush()
    return entry.id


async def put_task(
    session: TenantSession,
    name: str,
    payload: Mapping[str, Any],
    *,
    now: datetime,
    key: str | None = None,
    delay: timedelta = timedelta(),
) -> UUID | None:
    """Store a task, due after ``delay``. With a ``key`` it is stored once: None when the key is known already."""
    if key is not None:
        known = sa.select(OutboxEntry.id).where(
            OutboxEntry.kind == EntryKind.TASK, OutboxEntry.name == name, OutboxEntry.key == key
        )
        # Two writers with the same key at the same moment: one waits here until the other has committed.
        await session.lock("core_outbox", name, key)
        if await session.scalar(known) is not None:
            return None
    entry = _entry(EntryKind.TASK, name, to_jsonable_python(dict(payload)), now=now, key=key)
    entry.due_at = now + delay
    session.add(entry)
    await session.flush()
    return entry.id


async def put_mail(session: TenantSession, mail: Mail, *, now: datetime) -> UUID:
    """Store a mail; its address is checked at once, its text is written when it is sent.

    :raises InvalidInput: the address is malformed.
    """
    mail.check()
    entry = _entry(EntryKind.MAIL, mail.template, mail.to_payload(), now=now)
    session.add(entry)
    await session.flush()
    return entry.id


def _entry(
    kind: EntryKind, name: str, payload: dict[str, Any], *, now: datetime, version: int = 1, key: str | None = None
) -> OutboxEntry:
    return OutboxEntry(
        id=uuid7(),
        kind=kind,
        name=name,
        version=version,
        payload=payload,
        key=key,
        state=EntryState.PENDING,
        attempts=0,
        due_at=now,
        created_at=now,
        finished_at=None,
        error=None,
    )
