"""What stands in the calendars of staff: bookings and blocked times of some resources in a window of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select

from regiohub.api import Ctx
from regiohub_booking.models import Block, Booking, Closure, Resource, Slot
from regiohub_booking.permissions import VIEW
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.target import Target, load_targets

MOST = 5000


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking (with its state) or one blocked time (``state`` is None) in the row of a resource.

    ``resource`` is the name of what was booked, which may be the whole that this row is a part of.
    """

    row: UUID
    resource: str
    starts_at: datetime
    ends_at: datetime
    state: BookingState | None
    words: str | None
    quantity: int
    booking_id: UUID | None = None
    closure_id: UUID | None = None

    def touches(self, span: Interval) -> bool:
        """Whether it lies in the span, at least partly."""
        return self.starts_at < span.end and span.start < self.ends_at


@dataclass(frozen=True, slots=True)
class Calendar:
    """Rows in the order of the resources given, each with its entries by the clock."""

    targets: list[Target]
    entries: list[Entry]

    def by_day(self, days: Mapping[date, Interval]) -> dict[tuple[UUID, date], list[Entry]]:
        """The entries of each row on each of the days, by the clock; rows and days without any are left out."""
        found: dict[tuple[UUID, date], list[Entry]] = {}
        for entry in self.entries:
            for day, span in days.items():
                if entry.touches(span):
                    found.setdefault((entry.row, day), []).append(entry)
        return found


async def calendar_of(ctx: Ctx, resources: Sequence[Resource], span: Interval) -> Calendar:
    """The calendar of some resources, by a number of statements that grows with neither them nor their bookings.

    Bookings of a whole stand in the rows of its parts too, and the other way round. Raises Forbidden.
    """
    ctx.require(VIEW)
    targets = list((await load_targets(ctx, resources)).values())
    leaves = {leaf for target in targets for leaf in target.leaf_ids}
    rows_of: dict[UUID, list[UUID]] = {}
    for target in targets:
        for leaf in target.leaf_ids:
            rows_of.setdefault(leaf, []).append(target.resource.id)
    found = [*await _bookings(ctx, leaves, rows_of, span), *await _blocks(ctx, leaves, rows_of, span)]
    # A hall of two halves is taken twice by one booking: it stands once in each row.
    once = {(entry.row, entry.booking_id or entry.closure_id, entry.starts_at): entry for entry in found}
    return Calendar(targets, sorted(once.values(), key=lambda entry: (entry.starts_at, entry.resource)))


async def _bookings(ctx: Ctx, leaves: set[UUID], rows_of: dict[UUID, list[UUID]], span: Interval) -> list[Entry]:
    rows = await ctx.session.execute(
        select(Slot.resource_id, Booking, Resource.name)
        .join(Booking, and_(Booking.tenant_id == Slot.tenant_id, Booking.id == Slot.booking_id))
        .join(Resource, and_(Resource.tenant_id == Booking.tenant_id, Resource.id == Booking.resource_id))
        .where(
            Slot.resource_id.in_(leaves),
            Slot.ends_at > span.start,
            Slot.starts_at < span.end,
            Slot.occupies,
            or_(Slot.expires_at.is_(None), Slot.expires_at > ctx.now()),
        )
        .limit(MOST)
    )
    return [
        Entry(
            row, name, booking.starts_at, booking.ends_at, booking.state, booking.booker_name or booking.purpose,
            booking.quantity, booking_id=booking.id,
        )
        for leaf, booking, name in rows
        for row in rows_of[leaf]
    ]  # fmt: skip


async def _blocks(ctx: Ctx, leaves: set[UUID], rows_of: dict[UUID, list[UUID]], span: Interval) -> list[Entry]:
    rows = await ctx.session.execute(
        select(Block, Closure.reason, Resource.name)
        .join(Closure, and_(Closure.tenant_id == Block.tenant_id, Closure.id == Block.closure_id))
        .join(Resource, and_(Resource.tenant_id == Block.tenant_id, Resource.id == Block.resource_id))
        .where(
            Block.resource_id.in_(leaves),
            Block.ends_at > span.start,
            Block.starts_at < span.end,
            Block.released_at.is_(None),
        )
        .limit(MOST)
    )
    return [
        Entry(
            row, name, block.starts_at, block.ends_at, None, reason, block.last_unit - block.first_unit + 1,
            closure_id=block.closure_id,
        )
        for block, reason, name in rows
        for row in rows_of[block.resource_id]
    ]  # fmt: skip
