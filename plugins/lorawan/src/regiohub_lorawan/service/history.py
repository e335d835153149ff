"""Decoding stored messages again, after a codec was corrected; and forgetting messages that are old enough."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, delete, select, update

from regiohub.api import Ctx, NotFound
from regiohub_lorawan.formats.uplink import MessageKind
from regiohub_lorawan.models import Codec, Device, Profile, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.service.pipeline import pipeline
from regiohub_lorawan.settings import LorawanSettings


async def redecode(
    ctx: Ctx, codec_id: UUID, *, start: datetime | None = None, stop: datetime | None = None, only_failed: bool = False
) -> int:
    """Put the stored uplinks of all devices with this codec back to work; returns how many.

    They are decoded by the codec's current version in the background. Values change where the new version says so,
    and vanish where it gives none any more; rollups follow. Raises NotFound.
    """
    codec = await ctx.session.find(Codec, codec_id)
    if codec is None:
        raise NotFound(field="codecId")
    euis = (
        select(Device.dev_eui)
        .join(Profile, and_(Profile.tenant_id == Device.tenant_id, Profile.id == Device.profile_id))
        .where(Profile.codec_id == codec_id)
    )
    states = [MessageState.FAILED] if only_failed else [MessageState.FAILED, MessageState.DONE]
    wanted = [
        StoredMessage.kind == MessageKind.UP,
        StoredMessage.state.in_(states),
        StoredMessage.dev_eui.in_(euis),
        *([StoredMessage.time >= start] if start else []),
        *([StoredMessage.time < stop] if stop else []),
    ]
    changed = await ctx.session.execute(
        update(StoredMessage).where(*wanted).values(state=MessageState.PENDING).returning(StoredMessage.id)
    )
    count = len(changed.all())
    scope = ctx.scope
    ctx.after_commit(lambda: pipeline(scope).soon())
    await ctx.audit(
        "lorawan.redecode", kind="codec", id=str(codec_id), after={"messages": count, "version": codec.current_version}
    )
    return count


async def forget_old(ctx: Ctx) -> int:
    """Delete messages beyond the town's retention; measured values stay. Returns how many."""
    limit = ctx.now() - timedelta(days=ctx.settings(LorawanSettings).keep_messages_days)
    gone = await ctx.session.execute(
        delete(StoredMessage)
        .where(StoredMessage.received_at < limit, StoredMessage.state != MessageState.PENDING)
        .returning(StoredMessage.id)
    )
    return len(gone.all())
