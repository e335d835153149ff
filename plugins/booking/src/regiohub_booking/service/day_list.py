"""The caretaker's day: who comes when, what to set up, which keys and doors, what is handed over and comes back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, select

from regiohub.api import Ctx
from regiohub_booking.models import AccessGrant, Block, Booking, Closure, GrantState, Place, Resource
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.clock import day_edge
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.caretaker import BY_HAND, MOST
from regiohub_booking.service.pickups import Portion, pick_ups_of


@dataclass(frozen=True, slots=True)
class Handing:
    """Units of a loan that are handed over or come back."""

    units: tuple[int, ...]
    place: str | None
    owner: str | None


@dataclass(frozen=True, slots=True)
class DayEntry:
    """One booking as the caretaker meets it on a day. A code is never part of it.

    ``ready_at`` and ``tidied_at`` include the time for setting up and tidying; ``comes`` and ``goes`` say whether the
    booking begins and ends on this day; ``door`` is None for a resource without a lock.
    """

    booking_id: UUID
    number: str
    resource: str
    place_id: UUID
    place: str
    starts_at: datetime
    ends_at: datetime
    ready_at: datetime
    tidied_at: datetime
    by_day: bool
    comes: bool
    goes: bool
    booker_name: str | None
    booker_phone: str | None
    persons: int | None
    quantity: int
    purpose: str | None
    door: GrantState | None
    by_hand: bool
    note: str | None
    handings: tuple[Handing, ...] = ()


@dataclass(frozen=True, slots=True)
class DayBlock:
    """A blocked time of the day."""

    place_id: UUID
    place: str
    resource: str
    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class HouseDay:
    """One house on one day."""

    place_id: UUID
    place: str
    entries: list[DayEntry] = field(default_factory=list[DayEntry])
    blocks: list[DayBlock] = field(default_factory=list[DayBlock])


async def day_list(ctx: Ctx, day: date, place_id: UUID | None = None) -> list[HouseDay]:
    """The houses where something happens on a day, by name, each with its bookings and blocked times by the clock.

    A loan stands on the list on the day it is fetched and on the day it comes back, not in between. At most 500
    bookings; a number of statements that does not grow with them. Raises Forbidden.
    """
    ctx.require(CARETAKE)
    zone = ctx.tenant.timezone
    span = Interval(day_edge(day, 0, zone), day_edge(day, 1440, zone))
    found = await _entries(ctx, span, place_id)
    blocks = await _blocks(ctx, span, place_id)
    houses: dict[UUID, HouseDay] = {}
    for entry in found:
        houses.setdefault(entry.place_id, HouseDay(entry.place_id, entry.place)).entries.append(entry)
    for block in blocks:
        houses.setdefault(block.place_id, HouseDay(block.place_id, block.place)).blocks.append(block)
    return sorted(houses.values(), key=lambda house: (house.place.casefold(), house.place_id))


async def _entries(ctx: Ctx, span: Interval, place_id: UUID | None) -> list[DayEntry]:
    query = (
        select(Booking, Resource, Place.name, AccessGrant)
        .join(Resource, and_(Resource.tenant_id == Booking.tenant_id, Resource.id == Booking.resource_id))
        .join(Place, and_(Place.tenant_id == Resource.tenant_id, Place.id == Resource.place_id))
        .outerjoin(AccessGrant, and_(AccessGrant.tenant_id == Booking.tenant_id, AccessGrant.booking_id == Booking.id))
        .where(Booking.state == BookingState.CONFIRMED, Booking.starts_at < span.end, Booking.ends_at > span.start)
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST)
    )
    if place_id is not None:
        query = query.where(Place.id == place_id)
    rows = [
        (booking, resource, place, grant)
        for booking, resource, place, grant in (await ctx.session.execute(query)).all()
        if resource.mode is not BookingMode.DAYS or booking.starts_at >= span.start or booking.ends_at <= span.end
    ]
    loans = [booking for booking, resource, _, _ in rows if resource.mode is BookingMode.DAYS]
    portions = await pick_ups_of(ctx, loans) if loans else {}
    return [
        _entry(booking, resource, place, grant, span, _handings(portions.get(booking.id, ())))
        for booking, resource, place, grant in rows
    ]


def _handings(portions: Sequence[Portion]) -> tuple[Handing, ...]:
    return tuple(
        Handing(tuple(item.units), item.place.name if item.place else None, item.owner.name if item.owner else None)
        for item in portions
    )


def _entry(
    booking: Booking,
    resource: Resource,
    place: str,
    grant: AccessGrant | None,
    span: Interval,
    handings: tuple[Handing, ...],
) -> DayEntry:
    followed = grant is not None and grant.state is GrantState.ACTIVE and grant.wanted
    return DayEntry(
        booking_id=booking.id,
        number=booking.number,
        resource=resource.name,
        place_id=resource.place_id,
        place=place,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        ready_at=booking.starts_at - timedelta(minutes=resource.buffer_before_minutes),
        tidied_at=booking.ends_at + timedelta(minutes=resource.buffer_after_minutes),
        by_day=resource.mode is BookingMode.DAYS,
        comes=booking.starts_at >= span.start,
        goes=booking.ends_at <= span.end,
        booker_name=booking.booker_name,
        booker_phone=booking.booker_phone,
        persons=booking.persons,
        quantity=booking.quantity,
        purpose=booking.purpose,
        door=grant.state if grant else None,
        by_hand=not followed or (grant is not None and grant.adapter == BY_HAND),
        note=grant.note if grant else None,
        handings=handings,
    )


async def _blocks(ctx: Ctx, span: Interval, place_id: UUID | None) -> list[DayBlock]:
    query = (
        select(Block, Closure.reason, Resource.name, Place.id, Place.name)
        .join(Closure, and_(Closure.tenant_id == Block.tenant_id, Closure.id == Block.closure_id))
        .join(Resource, and_(Resource.tenant_id == Block.tenant_id, Resource.id == Block.resource_id))
        .join(Place, and_(Place.tenant_id == Resource.tenant_id, Place.id == Resource.place_id))
        .where(Block.released_at.is_(None), Block.starts_at < span.end, Block.ends_at > span.start)
        .order_by(Block.starts_at, Block.id)
        .limit(MOST)
    )
    if place_id is not None:
        query = query.where(Place.id == place_id)
    return [
        DayBlock(house, place, resource, block.starts_at, block.ends_at, reason)
        for block, reason, resource, house, place in (await ctx.session.execute(query)).all()
    ]
