"""What callers may ask of the sealed log: its state, its head, a check."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from regiohub.audit.models import AuditEntry
from regiohub.auth.permissions import TENANT_AUDIT
from regiohub.errors import InvalidInput
from regiohub.texts import t

from .faults import Fault, FaultKind
from .heads import kept_head, newest_head
from .keys import keyring_of
from .links import Head, head_from
from .models import AuditSeal
from .report import Report
from .signing import signer_for
from .verifier import check

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.tenancy.context import Ctx


@dataclass(frozen=True, slots=True)
class SealState:
    """How far a town's log is sealed. It is what the database says; only a check proves it."""

    entries: int
    sealed: int
    last_seal: datetime | None
    oldest_unsealed: datetime | None

    @property
    def unsealed(self) -> int:
        """Entries without a seal."""
        return max(0, self.entries - self.sealed)


async def verify(ctx: Ctx, heads: Iterable[Head] = (), *, progress: Callable[[int], None] | None = None) -> Report:
    """Check the town's log against its seals, the head that the worker keeps, and heads kept elsewhere.

    :raises Forbidden: the caller may not read the log (or ``Unauthenticated``).
    """
    ctx.require(TENANT_AUDIT)
    wanted, damaged = list(heads), ""
    try:
        kept = kept_head(ctx.platform, ctx.tenant.slug)
        wanted += [kept] if kept else []
    except ValueError as error:
        damaged = str(error)
    keys = await keyring_of(ctx.session, signer_for(ctx.platform.settings.key))
    report = await check(ctx.session, ctx.tenant.slug, keys, wanted, now=ctx.now(), progress=progress)
    if damaged:
        report.fault(Fault(FaultKind.HEAD_FOREIGN, found=damaged))
    return report


async def head(ctx: Ctx) -> Head | None:
    """The signed head of the town's log, for keeping it elsewhere; None while nothing is sealed.

    :raises InvalidInput: the last seal is damaged. :raises Forbidden: the caller may not read the log (or
    ``Unauthenticated``).
    """
    ctx.require(TENANT_AUDIT)
    return await newest_head(ctx.session, ctx.platform)


async def seal_state(ctx: Ctx) -> SealState:
    """How far the town's log is sealed.

    :raises Forbidden: the caller may not read the log (or ``Unauthenticated``).
    """
    ctx.require(TENANT_AUDIT)
    return await state_of(ctx.session)


async def state_of(session: TenantSession) -> SealState:
    """How far the log of the session's town is sealed."""
    entries = await session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) or 0
    newest = sa.select(AuditSeal.first + AuditSeal.count - 1, AuditSeal.sealed_at).order_by(AuditSeal.number.desc())
    last = (await session.execute(newest.limit(1))).first()
    highest: UUID | None = await session.scalar(
        sa.select(AuditSeal.high).where(AuditSeal.high.is_not(None)).order_by(AuditSeal.high.desc()).limit(1)
    )
    waiting = sa.select(AuditEntry.at).order_by(AuditEntry.id).limit(1)
    oldest = await session.scalar(waiting if highest is None else waiting.where(AuditEntry.id > highest))
    sealed, sealed_at = (int(last[0]), last[1]) if last else (0, None)
    return SealState(entries, sealed, sealed_at, oldest)


def head_given(document: object) -> Head:
    """A head that a caller hands over. :raises InvalidInput: it is none, or not genuine."""
    try:
        return head_from(document)
    except ValueError as error:
        raise InvalidInput(
            t(
                "Das ist kein unverfälschter Stand eines Protokolls.",
                "This is no genuine head of an audit log.",
            ),
            field="head",
        ) from error
