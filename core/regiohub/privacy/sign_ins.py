"""A person's sign-ins to the console. They belong to no town: a town's staff sees and ends those that are its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from regiohub.auth.login.content import opened
from regiohub.auth.login.models import SessionRow
from regiohub.auth.login.seal import Seal
from regiohub.auth.login.store import PURPOSE
from regiohub.auth.permissions import REGION_ROLES
from regiohub.db.passage import as_platform
from regiohub.tenancy.context import Ctx


async def sign_ins(ctx: Ctx, subject: str, issuers: Collection[str], *, everywhere: bool) -> Sequence[SessionRow]:
    """The person's sign-ins under these issuers; without `everywhere` only those that reach into no other town."""
    mine = sa.select(SessionRow).where(SessionRow.subject == subject, SessionRow.issuer.in_(sorted(issuers)))
    async with as_platform(ctx.session) as platform:
        rows = (await platform.scalars(mine.order_by(SessionRow.created_at, SessionRow.id))).all()
    if everywhere:
        return rows
    seal = Seal(ctx.platform.settings.key, PURPOSE)
    return [row for row in rows if _is_of_one_town(seal, row, ctx.tenant.slug)]


async def end_sign_ins(ctx: Ctx, rows: Sequence[SessionRow]) -> None:
    """Sign the person out there, with the town's transaction; it counts in all processes from then on."""
    ended = sa.delete(SessionRow).where(SessionRow.id.in_([row.id for row in rows]))
    async with as_platform(ctx.session) as platform:
        await platform.execute(ended, execution_options={"synchronize_session": False})


def sign_in_record(row: SessionRow) -> dict[str, Any]:
    """What an export says of a sign-in; its tokens stay sealed."""
    return {
        "issuer": row.issuer, "subject": row.subject, "device": row.device, "created_at": row.created_at,
        "seen_at": row.seen_at, "expires_at": row.expires_at,
    }  # fmt: skip


def _is_of_one_town(seal: Seal, row: SessionRow, slug: str) -> bool:
    content = opened(seal, row.sealed, row.mark)
    if content is None:
        return False
    return set(content.claims.staff) <= {slug} and content.claims.top_roles.isdisjoint(REGION_ROLES)
