"""Consents from a town's file into the database; what a person granted or withdrew locally stays as it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from regiohub.audit import record
from regiohub.tenancy.models import Origin

from .models import Consent

if TYPE_CHECKING:
    from regiohub.tenancy.config import SharingEntry
    from regiohub.tenancy.context import Ctx

_BY_FILE = "tenant.toml"


async def sync_consents(ctx: Ctx, entries: Sequence[SharingEntry]) -> int:
    """Grant, change and withdraw consents so that they match the file; each change is audited. Returns their number.

    Repeatable. A dataset and reader that somebody has dealt with in the console are left alone.
    """
    rows = list(await ctx.session.scalars(sa.select(Consent)))
    decided = {(row.dataset, row.reader) for row in rows if row.origin is Origin.LOCAL}
    present = {_key(row): row for row in rows if row.origin is Origin.FILE and row.revoked_at is None}
    changes = 0
    for entry in entries:
        key = (entry.dataset, entry.reader, entry.from_date)
        row = present.pop(key, None)
        if (entry.dataset, entry.reader) in decided:
            continue
        if row is None:
            changes += 1
            await grant_row(ctx, _from_file(ctx, entry))
        elif (row.valid_until, row.purpose, row.legal_basis) != (entry.until, entry.purpose, entry.legal_basis):
            changes += 1
            await _change(ctx, row, entry)
    for row in present.values():
        if (row.dataset, row.reader) not in decided:
            changes += 1
            await revoke_row(ctx, row)
    return changes


async def grant_row(ctx: Ctx, row: Consent) -> None:
    """Store a consent and audit it."""
    ctx.session.add(row)
    await ctx.session.flush()
    await record(ctx, "tenant.sharing_granted", kind="consent", id=row.id, after=facts(row))


async def revoke_row(ctx: Ctx, row: Consent) -> None:
    """Withdraw a consent from this moment on, and audit it."""
    row.revoked_at = ctx.now()
    await ctx.session.flush()
    await record(ctx, "tenant.sharing_revoked", kind="consent", id=row.id, before=facts(row))


def facts(row: Consent) -> dict[str, Any]:
    """What a consent says, for the log."""
    names = ("dataset", "reader", "purpose", "legal_basis", "valid_from", "valid_until")
    return {name: getattr(row, name) for name in names}


def _key(row: Consent) -> tuple[str, str, date]:
    return row.dataset, row.reader, row.valid_from


def _from_file(ctx: Ctx, entry: SharingEntry) -> Consent:
    return Consent(
        dataset=entry.dataset,
        reader=entry.reader,
        purpose=entry.purpose,
        legal_basis=entry.legal_basis,
        valid_from=entry.from_date,
        valid_until=entry.until,
        origin=Origin.FILE,
        granted_by=_BY_FILE,
        granted_at=ctx.now(),
        revoked_at=None,
    )


async def _change(ctx: Ctx, row: Consent, entry: SharingEntry) -> None:
    before = facts(row)
    row.valid_until, row.purpose, row.legal_basis = entry.until, entry.purpose, entry.legal_basis
    await ctx.session.flush()
    await record(ctx, "tenant.sharing_changed", kind="consent", id=row.id, before=before, after=facts(row))
