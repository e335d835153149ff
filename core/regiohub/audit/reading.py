"""Reading a town's log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_AUDIT

from .models import AuditEntry

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx

MOST_ENTRIES = 500


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries; all conditions hold together. Times are UTC, ``before`` is exclusive."""

    since: datetime | None = None
    before: datetime | None = None
    action: str | None = None
    """An action (``booking.approve``) or, ending in a dot, all actions of a plugin (``booking.``)."""
    object_kind: str | None = None
    object_id: str | None = None
    actor: str | None = None
    """A pseudonym."""


async def list_entries(
    ctx: Ctx, wanted: AuditFilter | None = None, *, limit: int = 100, after: UUID | None = None
) -> Sequence[AuditEntry]:
    """Entries of the town, the newest first; ``after``: id of the last entry seen, for the next page.

    :raises Forbidden: the caller may not read the log (or ``Unauthenticated``).
    """
    ctx.require(TENANT_AUDIT)
    # Ids are time-ordered, so that they are the order and the cursor at once.
    statement = matching(wanted or AuditFilter()).order_by(AuditEntry.id.desc()).limit(min(limit, MOST_ENTRIES))
    if after is not None:
        statement = statement.where(AuditEntry.id < after)
    return (await ctx.session.scalars(statement)).all()


def matching(wanted: AuditFilter) -> sa.Select[AuditEntry]:
    """The entries that a filter asks for, in no order."""
    statement = sa.select(AuditEntry)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.before is not None:
        statement = statement.where(AuditEntry.at < wanted.before)
    if wanted.action is not None:
        by_plugin = wanted.action.endswith(".")
        chosen = AuditEntry.action.startswith(wanted.action, autoescape=True)
        statement = statement.where(chosen if by_plugin else AuditEntry.action == wanted.action)
    if wanted.object_kind is not None:
        statement = statement.where(AuditEntry.object_kind == wanted.object_kind)
    if wanted.object_id is not None:
        statement = statement.where(AuditEntry.object_id == wanted.object_id)
    if wanted.actor is not None:
        statement = statement.where(AuditEntry.actor == wanted.actor)
    return statement


async def history(ctx: Ctx, kind: str, id: UUID | str, *, limit: int = 50) -> Sequence[AuditEntry]:
    """What happened to one thing, the newest first, for a page that shows the thing itself.

    Whoever may see the thing may see its history; the service that calls this has checked that. Persons are
    pseudonyms (``actor``), ``text_de`` and ``text_en`` are the words.
    """
    wanted = AuditFilter(object_kind=kind, object_id=str(id))
    statement = matching(wanted).order_by(AuditEntry.id.desc()).limit(min(limit, MOST_ENTRIES))
    return (await ctx.session.scalars(statement)).all()
