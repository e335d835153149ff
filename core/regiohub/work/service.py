"""Beginning, counting and ending a long work.

A work goes on in many short transactions, each a task of its own that enqueues the next: what is counted is visible
at once, nobody waits for a lock, and a killed worker goes on where the last commit was.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa

from regiohub.db.base import uuid7
from regiohub.texts import Text

from .models import Work, WorkState

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx


async def begin_work(ctx: Ctx, kind: str, title: Text, *, total: int) -> Work:
    """Announce a work of ``total`` parts; with nothing to do it is done already."""
    work = Work(
        id=uuid7(), kind=kind, title_de=title.de, title_en=title.en, total=total, done=0, failed=0,
        state=WorkState.RUNNING if total else WorkState.DONE, note_de=None, note_en=None,
        finished_at=None if total else ctx.now(),
    )  # fmt: skip
    ctx.session.add(work)
    await ctx.session.flush()
    return work


async def advance_work(ctx: Ctx, id: UUID, *, done: int = 0, failed: int = 0) -> None:
    """Count parts that are behind us. The database adds, so that two workers never lose each other's count."""
    await ctx.session.execute(
        sa.update(Work)
        .where(Work.id == id, Work.state == WorkState.RUNNING)
        .values(done=Work.done + done, failed=Work.failed + failed, updated_at=ctx.now())
    )


async def finish_work(ctx: Ctx, id: UUID, note: Text | None = None, *, failed: bool = False) -> None:
    """End a work; ``note`` says what came of it. A work that has ended stays as it is."""
    await ctx.session.execute(
        sa.update(Work)
        .where(Work.id == id, Work.state == WorkState.RUNNING)
        .values(
            state=WorkState.FAILED if failed else WorkState.DONE,
            finished_at=ctx.now(),
            updated_at=ctx.now(),
            note_de=note.de if note else None,
            note_en=note.en if note else None,
        )
    )


async def work_of(ctx: Ctx, id: UUID) -> Work | None:
    """One work of the town."""
    return await ctx.session.find(Work, id)


async def latest_work(ctx: Ctx, kind: str | None = None, *, limit: int = 20) -> Sequence[Work]:
    """The latest works, of one kind or of all; running ones are among them as long as they are recent."""
    statement = sa.select(Work).order_by(Work.id.desc()).limit(limit)
    if kind is not None:
        statement = statement.where(Work.kind == kind)
    return (await ctx.session.scalars(statement)).all()
