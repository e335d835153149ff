"""The engine: who has which unit when. Bookings occupy time by ``occupy``, blocked times by ``waiting.fill``."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from regiohub.api import Conflict, Ctx, t, uuid7
from regiohub_booking.errors import NotEnoughUnits, SlotTaken
from regiohub_booking.migrations.no_overlap import CONSTRAINT
from regiohub_booking.models import Booking, Resource, Slot
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.states import BookingState
from regiohub_booking.rules.units import choose_units
from regiohub_booking.service.target import Target, may_have_parts
from regiohub_booking.service.waiting import blocks_behind, settle

LOCK = "booking.slot"


@dataclass(frozen=True, slots=True)
class Taken:
    """An occupied span of one unit of one leaf."""

    resource_id: UUID
    unit: int
    interval: Interval
    booking_id: UUID | None


@dataclass(frozen=True, slots=True)
class Claim:
    """One unit of one leaf that a booking takes."""

    resource_id: UUID
    unit: int


async def lock_targets(ctx: Ctx, targets: Sequence[Target]) -> None:
    """Queue up behind whoever else books these resources, in an order that is the same for everybody.

    Not what keeps bookings apart (the constraint is), but what makes the loser hear "taken" instead of an abort. Raises
    Conflict when a resource got other parts since it was read: its slots would be written for the wrong leaves.
    """
    await ctx.session.lock(LOCK, *{leaf for target in targets for leaf in target.leaf_ids})
    if ctx.session.dialect == "sqlite" or not any(may_have_parts(target.resource) for target in targets):
        return  # SQLite: a writing transaction has held the whole database since before the targets were read
    known = {node for target in targets for node in target.tree}
    below = {node for target in targets for node in target.tree - {target.resource.id}}
    now = set((await ctx.session.scalars(select(Resource.id).where(Resource.whole_id.in_(known)))).all())
    if now != below:
        raise Conflict(t("Der Raum wurde gerade geändert. Bitte erneut versuchen.", "Just changed. Please try again."))


async def taken_between(ctx: Ctx, leaf_ids: Collection[UUID], span: Interval) -> list[Taken]:
    """Occupied spans that touch ``span``; holds that have run out count as free."""
    return [item for item, stale in await _occupying(ctx, leaf_ids, span) if not stale]


async def claimed_between(
    ctx: Ctx, leaf_ids: Collection[UUID], span: Interval, *, but: Collection[UUID] = ()
) -> list[Taken]:
    """What stands in the way of a new booking in ``span``, after stale holds there have been put aside.

    The constraint cannot see the clock: a hold that has run out must be ended before its time is booked again. ``but``
    leaves bookings out that are about to move away.
    """
    found = await _occupying(ctx, leaf_ids, span)
    if await _expire(ctx, {item.booking_id for item, stale in found if stale and item.booking_id is not None}):
        # A blocked time may have been waiting for the hold.
        found = await _occupying(ctx, leaf_ids, span)
    return [item for item, stale in found if not stale and item.booking_id not in but]


async def _occupying(ctx: Ctx, leaf_ids: Collection[UUID], span: Interval) -> list[tuple[Taken, bool]]:
    rows = await ctx.session.execute(
        select(Slot.resource_id, Slot.unit, Slot.starts_at, Slot.ends_at, Slot.booking_id, Slot.expires_at)
        .where(Slot.resource_id.in_(leaf_ids), Slot.occupies, Slot.starts_at < span.end, Slot.ends_at > span.start)
        .order_by(Slot.starts_at, Slot.unit)
    )
    now = ctx.now()
    return [
        (
            Taken(row.resource_id, row.unit, Interval(row.starts_at, row.ends_at), row.booking_id),
            row.expires_at is not None and row.expires_at <= now,
        )
        for row in rows
    ]


async def expire_stale_holds(ctx: Ctx) -> int:
    """End all holds that have run out; returns how many slots became free. Nobody has to wait for it."""
    stale = select(Slot.booking_id, Slot.resource_id).where(Slot.occupies, Slot.expires_at <= ctx.now())
    found = (await ctx.session.execute(stale)).all()
    await ctx.session.lock(LOCK, *{resource_id for _, resource_id in found})
    return await _expire(ctx, {booking_id for booking_id, _ in found if booking_id is not None})


async def _expire(ctx: Ctx, booking_ids: Collection[UUID]) -> int:
    if not booking_ids:
        return 0
    await ctx.session.execute(
        update(Booking)
        .where(Booking.id.in_(booking_ids), Booking.state == BookingState.HELD)
        .values(state=BookingState.EXPIRED, updated_at=ctx.now())
        .execution_options(synchronize_session=False)
    )
    # All slots of these holds, also those on other leaves of a whole.
    result = await ctx.session.execute(
        update(Slot)
        .where(Slot.booking_id.in_(booking_ids), Slot.occupies, Slot.expires_at <= ctx.now())
        .values(occupies=False)
        .execution_options(synchronize_session=False)
    )
    await settle(ctx, await blocks_behind(ctx, booking_ids), booking_ids)
    return int(getattr(result, "rowcount", 0))


def choose(
    ctx: Ctx, target: Target, wanted: Interval, taken: Sequence[Taken], quantity: int, place: UUID | None = None
) -> list[Claim]:
    """The units a booking gets, given what is taken. Raises SlotTaken or NotEnoughUnits."""
    occupied = target.policy.occupied(wanted)
    clashes = [item for item in taken if item.interval.overlaps(occupied)]
    zone = ctx.tenant.timezone
    if target.is_whole:
        if clashes:
            raise SlotTaken(clashes[0].interval, zone)
        return [Claim(leaf.id, unit) for leaf in target.leaves for unit in range(1, leaf.units + 1)]
    busy: dict[int, Interval] = {}
    for item in clashes:
        busy.setdefault(item.unit, item.interval)
    free = [unit for unit in range(1, target.resource.units + 1) if unit not in busy]
    try:
        chosen = choose_units(free, quantity, target.lots, place)
    except NotEnoughUnits as error:
        if error.available == 0 and clashes:
            raise SlotTaken(clashes[0].interval, zone) from error
        raise
    return [Claim(target.resource.id, unit) for unit in chosen]


async def occupy(
    ctx: Ctx,
    target: Target,
    rows: Sequence[tuple[Interval, Sequence[Claim], UUID]],
    *,
    expires_at: datetime | None = None,
) -> None:
    """Write the slots of bookings: interval, units, id of the booking, for each of ``rows``.

    Raises SlotTaken with the conflicting interval if the database refuses an overlap.
    """
    values = [
        {
            "id": uuid7(),
            "tenant_id": ctx.tenant.id,
            "resource_id": claim.resource_id,
            "booking_id": booking_id,
            "block_id": None,
            "unit": claim.unit,
            "starts_at": (occupied := target.policy.occupied(wanted)).start,
            "ends_at": occupied.end,
            "occupies": True,
            "expires_at": expires_at,
        }
        for wanted, claims, booking_id in rows
        for claim in claims
    ]
    await ctx.session.flush()
    try:
        if ctx.session.dialect == "sqlite":
            # A refusing trigger undoes its own statement only; the transaction goes on without a savepoint.
            await ctx.session.execute(insert(Slot).values(values))
        else:
            async with ctx.session.begin_nested():
                await ctx.session.execute(insert(Slot).values(values))
    except IntegrityError as error:
        if CONSTRAINT not in str(error.orig):
            raise
        raise await _conflict(ctx, target, rows) from error


async def _conflict(ctx: Ctx, target: Target, rows: Sequence[tuple[Interval, Sequence[Claim], UUID]]) -> SlotTaken:
    """The interval that stood in the way, found after the database refused the insert."""
    spans = [target.policy.occupied(wanted) for wanted, _, _ in rows]
    whole = Interval(min(span.start for span in spans), max(span.end for span in spans))
    units = {(claim.resource_id, claim.unit) for _, claims, _ in rows for claim in claims}
    for item in await taken_between(ctx, target.leaf_ids, whole):
        if (item.resource_id, item.unit) in units and any(span.overlaps(item.interval) for span in spans):
            return SlotTaken(item.interval, ctx.tenant.timezone)
    return SlotTaken(spans[0], ctx.tenant.timezone)


async def release(ctx: Ctx, booking_ids: Sequence[UUID]) -> None:
    """Give the time of bookings back, first of all to blocked times; the rows stay as history."""
    await ctx.session.flush()
    await ctx.session.execute(
        update(Slot)
        .where(Slot.booking_id.in_(booking_ids), Slot.occupies)
        .values(occupies=False)
        .execution_options(synchronize_session=False)
    )
    await settle(ctx, await blocks_behind(ctx, booking_ids), booking_ids)


async def forget_slots(ctx: Ctx, booking_id: UUID) -> None:
    """Remove the slots of a booking that is about to get others: which units it has must have one answer."""
    await ctx.session.flush()
    await ctx.session.execute(
        delete(Slot).where(Slot.booking_id == booking_id).execution_options(synchronize_session=False)
    )


async def keep(ctx: Ctx, booking_id: UUID) -> None:
    """Turn the time of a hold into the time of a booking: it runs out no more."""
    await ctx.session.flush()
    await ctx.session.execute(
        update(Slot)
        .where(Slot.booking_id == booking_id)
        .values(expires_at=None)
        .execution_options(synchronize_session=False)
    )


def by_unit(target: Target, taken: Sequence[Taken]) -> list[list[Interval]]:
    """Occupied spans of each unit of each leaf, also of units without any."""
    found: dict[tuple[UUID, int], list[Interval]] = defaultdict(list)
    for item in taken:
        found[item.resource_id, item.unit].append(item.interval)
    return [found[leaf.id, unit] for leaf in target.leaves for unit in range(1, leaf.units + 1)]
