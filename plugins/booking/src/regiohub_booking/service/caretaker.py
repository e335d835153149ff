"""The caretaker's list: who comes when, and where a key has to be handed over."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx
from regiohub_booking.errors import EndBeforeStart
from regiohub_booking.models import AccessGrant, Booking, GrantState, Place, Resource
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.states import BookingState

MOST = 500
BY_HAND = "manual"


@dataclass(frozen=True)
class Entry:
    """One booking on the list. A code is never part of it."""

    booking_id: UUID
    number: str
    resource: str
    place: str
    starts_at: datetime
    ends_at: datetime
    booker_name: str | None
    persons: int | None
    quantity: int
    by_hand: bool


async def hand_overs(ctx: Ctx, start: datetime, end: datetime, place_id: UUID | None = None) -> list[Entry]:
    """Confirmed bookings that touch the span, earliest first, by one statement. Raises Forbidden, EndBeforeStart."""
    ctx.require(CARETAKE)
    if end <= start:
        raise EndBeforeStart("to")
    query = (
        select(Booking, Resource.name, Place.name, AccessGrant.adapter, AccessGrant.state)
        .join(Resource, (Resource.tenant_id == Booking.tenant_id) & (Resource.id == Booking.resource_id))
        .join(Place, (Place.tenant_id == Resource.tenant_id) & (Place.id == Resource.place_id))
        .outerjoin(AccessGrant, (AccessGrant.tenant_id == Booking.tenant_id) & (AccessGrant.booking_id == Booking.id))
        .where(Booking.state == BookingState.CONFIRMED, Booking.starts_at < end, Booking.ends_at > start)
        .order_by(Booking.starts_at, Booking.id)
        .limit(MOST)
    )
    if place_id is not None:
        query = query.where(Place.id == place_id)
    return [
        Entry(
            booking.id,
            booking.number,
            resource,
            place,
            booking.starts_at,
            booking.ends_at,
            booking.booker_name,
            booking.persons,
            booking.quantity,
            by_hand=adapter == BY_HAND or state is not GrantState.ACTIVE,
        )
        for booking, resource, place, adapter, state in (await ctx.session.execute(query))
    ]
