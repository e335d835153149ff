"""Forgetting what is old enough: messages, and the traffic counted from them."""

from datetime import timedelta

from sqlalchemy import delete

from regiohub.api import Ctx
from regiohub_lorawan.models import GatewayHour, RadioHour, StoredMessage
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.settings import LorawanSettings


async def forget_old(ctx: Ctx) -> int:
    """Delete messages and traffic beyond the town's retention; measured values stay. Returns how many messages."""
    limit = ctx.now() - timedelta(days=ctx.settings(LorawanSettings).keep_messages_days)
    for hours in (RadioHour, GatewayHour):
        await ctx.session.execute(delete(hours).where(hours.bucket < limit))
    gone = await ctx.session.execute(
        delete(StoredMessage)
        .where(StoredMessage.received_at < limit, StoredMessage.state != MessageState.PENDING)
        .returning(StoredMessage.id)
    )
    return len(gone.all())
