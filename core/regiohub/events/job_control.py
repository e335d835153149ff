"""Scheduled jobs as an operator sees them: when each runs next in a town, and running one at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import sqlalchemy as sa

from regiohub.audit import record
from regiohub.errors import NotFound
from regiohub.texts import t

from .models import JobState

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx


async def jobs_of(ctx: Ctx) -> Sequence[JobState]:
    """The town's jobs by name, as far as they have ever been due."""
    return (await ctx.session.scalars(sa.select(JobState).order_by(JobState.name))).all()


async def run_now(ctx: Ctx, name: str) -> None:
    """Make a job due at once; a run under way goes on. Audited. Raises ``NotFound``."""
    changed = await ctx.session.scalars(
        sa.update(JobState)
        .where(JobState.name == name)
        # A run that has come to its deadline is taken up in any case, also where nobody would ask for work.
        .values(next_at=ctx.now(), running_until=sa.func.coalesce(JobState.running_until, ctx.now()))
        .returning(JobState.name)
        .execution_options(synchronize_session=False)
    )
    if not list(changed):
        raise NotFound(t(f"Die Arbeit {name} gibt es hier nicht.", f"There is no job {name} here."))
    await record(ctx, "tenant.job_started", kind="job", id=name)
    ctx.after_commit(ctx.platform.live.wake)
