"""Reading blocked times: the list of staff, and the conflicts of some of them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, select

from regiohub.api import Ctx
from regiohub_booking.models import Block, BlockConflict, Booking, Closure, ConflictState
from regiohub_booking.permissions import VIEW
from regiohub_booking.rules.interval import Interval


@dataclass(frozen=True, slots=True)
class InTheWay:
    """A booking in a blocked time, and whether it has been decided on."""

    booking: Booking
    state: ConflictState


def open_conflicts() -> Any:
    """How many bookings a blocked time still waits for, as an expression over ``Closure``."""
    count = (
        select(func.count(func.distinct(BlockConflict.booking_id)))
        .select_from(Block)
        .join(BlockConflict, and_(BlockConflict.tenant_id == Block.tenant_id, BlockConflict.block_id == Block.id))
        .where(
            Block.tenant_id == Closure.tenant_id,
            Block.closure_id == Closure.id,
            BlockConflict.state == ConflictState.OPEN,
        )
    )
    return count.correlate(Closure).scalar_subquery()


def closures_statement(ctx: Ctx) -> Select[Closure]:
    """Blocked times for staff, in no order. Raises Forbidden."""
    ctx.require(VIEW)
    return select(Closure)


async def conflicts_of(ctx: Ctx, closure_ids: Collection[UUID]) -> dict[UUID, list[InTheWay]]:
    """The bookings in each blocked time, earliest first, by one statement. Raises Forbidden."""
    ctx.require(VIEW)
    rows = await ctx.session.execute(
        select(Block.closure_id, BlockConflict.state, Booking)
        .join(BlockConflict, and_(BlockConflict.tenant_id == Block.tenant_id, BlockConflict.block_id == Block.id))
        .join(Booking, and_(Booking.tenant_id == BlockConflict.tenant_id, Booking.id == BlockConflict.booking_id))
        .where(Block.closure_id.in_(closure_ids))
        .order_by(Booking.starts_at, Booking.id)
    )
    found: dict[tuple[UUID, UUID], InTheWay] = {}
    for closure_id, state, booking in rows:
        known = found.get((closure_id, booking.id))
        # A hall has a conflict for each of its halves: it is open as long as one of them is.
        if known is None or state is ConflictState.OPEN:
            found[closure_id, booking.id] = InTheWay(booking, state)
    result: dict[UUID, list[InTheWay]] = {}
    for (closure_id, _), item in found.items():
        result.setdefault(closure_id, []).append(item)
    return result


async def conflicts_with(ctx: Ctx, booking_id: UUID) -> list[Closure]:
    """The blocked times that wait for a decision on one booking. Raises Forbidden."""
    ctx.require(VIEW)
    rows = await ctx.session.scalars(
        select(Closure)
        .join(Block, and_(Block.tenant_id == Closure.tenant_id, Block.closure_id == Closure.id))
        .join(BlockConflict, and_(BlockConflict.tenant_id == Block.tenant_id, BlockConflict.block_id == Block.id))
        .where(BlockConflict.booking_id == booking_id, BlockConflict.state == ConflictState.OPEN)
    )
    return list(rows.unique())


@dataclass(frozen=True, slots=True)
class ClosureDate:
    """One date of a blocked time, on all its resources."""

    span: Interval
    released: bool


async def dates_of(ctx: Ctx, closure_id: UUID) -> list[ClosureDate]:
    """The dates of a blocked time, earliest first. Raises Forbidden."""
    ctx.require(VIEW)
    rows = await ctx.session.execute(
        select(Block.starts_at, Block.ends_at, func.count(Block.released_at), func.count())
        .where(Block.closure_id == closure_id)
        .group_by(Block.starts_at, Block.ends_at)
        .order_by(Block.starts_at, Block.ends_at)
    )
    return [ClosureDate(Interval(start, end), released == total) for start, end, released, total in rows]
