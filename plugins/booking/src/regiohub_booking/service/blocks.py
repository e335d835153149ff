"""Time that staff keep free of bookings."""

from uuid import UUID

from sqlalchemy import update

from regiohub.api import Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_booking.errors import SlotTaken, StartInPast
from regiohub_booking.models import Block, Slot
from regiohub_booking.permissions import MANAGE
from regiohub_booking.service.slots import Claim, claimed_between, lock_targets, occupy
from regiohub_booking.service.target import load_target
from regiohub_booking.service.wishes import LONGEST_TEXT, When


async def block_time(ctx: Ctx, resource_id: UUID, when: When, reason: str) -> Block:
    """Block all units of a resource for a time. Raises Forbidden, NotFound, input errors, SlotTaken.

    Bookings that are there already are not thrown out silently: they must be moved or cancelled first.
    """
    ctx.require(MANAGE)
    said = reason.strip()
    if not said or len(said) > LONGEST_TEXT:
        raise InvalidInput(t("Bitte einen kurzen Grund nennen.", "Please give a short reason."), field="reason")
    target = await load_target(ctx, resource_id, inactive=True)
    wanted = when.interval(ctx)
    if wanted.end <= ctx.now():
        raise StartInPast
    await lock_targets(ctx, [target])
    taken = await claimed_between(ctx, target.leaf_ids, wanted)
    if taken:
        raise SlotTaken(taken[0].interval, ctx.tenant.timezone)
    block = Block(id=uuid7(), resource_id=target.resource.id, starts_at=wanted.start, ends_at=wanted.end, reason=said)
    ctx.session.add(block)
    claims = [Claim(leaf.id, unit) for leaf in target.leaves for unit in range(1, leaf.units + 1)]
    await occupy(ctx, target, [(wanted, claims, block.id)], block=True)
    await ctx.audit(
        "booking.block",
        kind="resource",
        id=str(target.resource.id),
        after={"starts_at": wanted.start.isoformat(), "ends_at": wanted.end.isoformat(), "reason": said},
    )
    return block


async def release_block(ctx: Ctx, block_id: UUID) -> Block:
    """Give blocked time back. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    block = await ctx.session.find(Block, block_id)
    if block is None:
        raise NotFound(t("Diese Sperrzeit gibt es nicht.", "There is no such block."), field="id")
    if block.released_at is None:
        block.released_at = ctx.now()
        await ctx.session.flush()
        await ctx.session.execute(
            update(Slot)
            .where(Slot.block_id == block.id)
            .values(occupies=False)
            .execution_options(synchronize_session=False)
        )
        await ctx.audit("booking.unblock", kind="block", id=str(block.id))
    return block
