"""What can be asked: resources for everybody, bookings for their bookers and for staff."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from regiohub.api import SIGNED_IN, Connection, Ctx, connection, field, many, one, query
from regiohub_booking.graphql.bookings import BookingType, SeriesType
from regiohub_booking.graphql.filters import BookingFilter, FreeInput, ResourceFilter
from regiohub_booking.graphql.places import OwnerType, PlaceType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.graphql.values import AccessInfo, HandOver
from regiohub_booking.models import Booking, Owner, Place, Resource, Series
from regiohub_booking.permissions import CARETAKE, VIEW
from regiohub_booking.service.access import read_code
from regiohub_booking.service.availability import bookable_ids
from regiohub_booking.service.caretaker import hand_overs

PAGING = {"first": "How many entries at most.", "after": "Cursor of the entry after which the page begins."}


@query
class BookingQuery:
    """Rooms, lending items and offers, and the bookings of them."""

    resources: Connection[ResourceType] = many(
        "What can be booked.",
        filter=ResourceFilter,
        order_by=(Resource.name,),
        orders={
            "NAME": Resource.name,
            "PERSONS": (Resource.persons.desc(), Resource.name),
            "KIND": (Resource.kind, Resource.name),
        },
    )
    resource: ResourceType | None = one("One resource by its identifier.")
    resource_by_slug: ResourceType | None = one("One resource by its short name.", by=Resource.slug)
    places: Connection[PlaceType] = many("Houses and pick-up points.", order_by=(Place.name,))
    owners: Connection[OwnerType] = many("Who lends things out.", order_by=(Owner.name,))
    bookings: Connection[BookingType] | None = many(
        "Bookings with persons, for staff.",
        filter=BookingFilter,
        order_by=(Booking.starts_at,),
        permission=VIEW,
    )
    booking: BookingType | None = one("One booking: one's own, or any for staff.", permission=SIGNED_IN)
    series: SeriesType | None = one("One series: one's own, or any for staff.", permission=SIGNED_IN)

    @field(
        "Resources that can be booked for the whole of a span: open, free, within all limits.",
        args={"free": "The span."},
    )
    @staticmethod
    async def free_resources(
        ctx: Ctx, free: FreeInput, filter: ResourceFilter | None = None
    ) -> Connection[ResourceType]:
        """The filter is applied by the platform; here the ids of what is free are found."""
        del filter
        ids = await bookable_ids(ctx, free.starts_at, free.ends_at, free.quantity)
        return connection(select(Resource).where(Resource.id.in_(ids)), order_by=(Resource.name,))

    @field("Bookings of the signed-in person, earliest first.", permission=SIGNED_IN)
    @staticmethod
    async def my_bookings(ctx: Ctx, filter: BookingFilter | None = None) -> Connection[BookingType] | None:
        """Own rows only, for staff too."""
        del filter
        own = select(Booking).where(Booking.subject == ctx.require_person().subject)
        return connection(own, order_by=(Booking.starts_at,))

    @field("Series of the signed-in person, newest first.", permission=SIGNED_IN)
    @staticmethod
    async def my_series(ctx: Ctx) -> Connection[SeriesType] | None:
        """Own rows only, for staff too."""
        own = select(Series).where(Series.subject == ctx.require_person().subject)
        return connection(own, order_by=(Series.created_at.desc(),))

    @field(
        "Access to the door for a booking: for its booker and the caretaker, shortly before and during the booking.",
        permission=SIGNED_IN,
        args={"booking_id": "The booking."},
    )
    @staticmethod
    async def access(ctx: Ctx, booking_id: UUID) -> AccessInfo | None:
        """Never part of a list: one booking, asked for on purpose."""
        found = await read_code(ctx, booking_id)
        return AccessInfo(
            valid_from=found.valid_from, valid_until=found.valid_until, state=found.state, code=found.code
        )

    @field(
        "The caretaker's list: confirmed bookings that touch a span, with who comes and whether a key is needed.",
        permission=CARETAKE,
        args={"from_": "Start of the span.", "to": "End of the span.", "place_id": "Only this house."},
    )
    @staticmethod
    async def hand_overs(
        ctx: Ctx, from_: datetime, to: datetime, place_id: UUID | None = None
    ) -> list[HandOver] | None:
        """At most 500 entries."""
        return [HandOver(**vars(item)) for item in await hand_overs(ctx, from_, to, place_id)]
