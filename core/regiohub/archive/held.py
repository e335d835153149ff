"""Work and mails that wait in an archive from elsewhere: an operator looks at them before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import sqlalchemy as sa

from regiohub.audit import record
from regiohub.events.models import EntryState, OutboxEntry

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

    from .manifest import Manifest

Work = Literal["keep", "hold"]
REASON: Final = "it waited in an archive from elsewhere, and may have been done there"
_WAITING: Final = (EntryState.PENDING, EntryState.WAITING)


def is_held(platform: Platform, manifest: Manifest, slug: str, wanted: Work | None) -> bool:
    """Whether waiting work is held; unless it is said, where the archive is of another installation or town.

    There it may have been done meanwhile, or be somebody's way to send mail from here.
    """
    from .fitting import is_from_here

    if wanted is not None:
        return wanted == "hold"
    return slug != manifest.town.slug or not is_from_here(platform, manifest)


async def hold_work(ctx: Ctx) -> int:
    """Give up what waits in the town's outbox, for `regiohub outbox` to retry or drop. Returns how much it was."""
    held = await ctx.session.scalars(
        sa.update(OutboxEntry)
        .where(OutboxEntry.state.in_(_WAITING))
        .values(state=EntryState.DEAD, finished_at=ctx.now(), error=REASON)
        .returning(OutboxEntry.id)
        .execution_options(synchronize_session=False)
    )
    count = len(held.all())
    if count:
        await record(ctx, "tenant.outbox_held", kind="outbox", after={"count": count}, note="import")
    return count
