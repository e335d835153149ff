"""What can be asked: resources for everybody, bookings for their bookers and for staff."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, select

from regiohub.api import SIGNED_IN, Connection, Ctx, connection, field, many, one, query
from regiohub_booking.graphql.bookings import BookingType, SeriesType
from regiohub_booking.graphql.closures import BlockPreview, ClosureType
from regiohub_booking.graphql.days import HouseDay, house_day
from regiohub_booking.graphql.errors import RejectedOccurrence
from regiohub_booking.graphql.filters import BookingFilter, FreeInput, ResourceFilter
from regiohub_booking.graphql.grants import GrantType
from regiohub_booking.graphql.inputs import CreateSeriesInput, TimeInput
from regiohub_booking.graphql.places import OwnerType, PlaceType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.graphql.staff_filters import BlockedTimeFilter, GrantFilter, TariffFilter
from regiohub_booking.graphql.staff_inputs import BlockTimeInput
from regiohub_booking.graphql.tariffs import PriceQuote, TariffType
from regiohub_booking.graphql.values import AccessInfo, HandOver, SeriesDate, SeriesPreview
from regiohub_booking.models import AccessGrant, Booking, Closure, Owner, Place, Resource, Series, Tariff
from regiohub_booking.permissions import CARETAKE, MANAGE, VIEW
from regiohub_booking.service.access import read_code
from regiohub_booking.service.availability import bookable_ids
from regiohub_booking.service.caretaker import hand_overs
from regiohub_booking.service.closures import preview_closure
from regiohub_booking.service.day_list import day_list
from regiohub_booking.service.series import preview_series
from regiohub_booking.service.tariffs import quote


def _bookings_of_the_person(ctx: Ctx) -> Select[Booking]:
    """Own rows only, for staff too."""
    return select(Booking).where(Booking.subject == ctx.principal.subject)


def _series_of_the_person(ctx: Ctx) -> Select[Series]:
    """Own rows only, for staff too."""
    return select(Series).where(Series.subject == ctx.principal.subject)


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
        cacheable=True,
    )
    resource: ResourceType | None = one("One resource by its identifier.", cacheable=True)
    resource_by_slug: ResourceType | None = one("One resource by its short name.", by=Resource.slug, cacheable=True)
    places: Connection[PlaceType] = many("Houses and pick-up points.", order_by=(Place.name,), cacheable=True)
    owners: Connection[OwnerType] = many("Who lends things out.", order_by=(Owner.name,), cacheable=True)
    bookings: Connection[BookingType] | None = many(
        "Bookings with persons, for staff.",
        filter=BookingFilter,
        order_by=(Booking.starts_at,),
        permission=VIEW,
    )
    booking: BookingType | None = one("One booking: one's own, or any for staff.", permission=SIGNED_IN)
    series: SeriesType | None = one("One series: one's own, or any for staff.", permission=SIGNED_IN)

    blocked_times: Connection[ClosureType] | None = many(
        "Blocked times, for staff.", filter=BlockedTimeFilter, order_by=(Closure.starts_at,), permission=VIEW
    )
    blocked_time: ClosureType | None = one("One blocked time, for staff.", permission=VIEW)
    tariffs: Connection[TariffType] = many(
        "All tariffs, also those of other times.",
        filter=TariffFilter,
        order_by=(Tariff.position, Tariff.name),
        cacheable=True,
    )
    access_grants: Connection[GrantType] | None = many(
        "Access of bookings to doors, for the caretaker; without codes.",
        filter=GrantFilter,
        order_by=(AccessGrant.valid_from,),
        permission=CARETAKE,
    )

    # Resolvers: prices are reckoned in Python, and what is free too.
    @field(
        "What a booking would cost by each tariff; empty where nothing is charged.",
        args={"when": "The time.", "resource_id": "What is to be booked.", "quantity": "How many units or seats."},
    )
    @staticmethod
    async def quote(ctx: Ctx, resource_id: UUID, when: TimeInput, quantity: int = 1) -> list[PriceQuote]:
        """Open to everybody; tells nothing about whether it is free."""
        found = await quote(ctx, resource_id, when.when(), quantity)
        return [PriceQuote(tariff=q.tariff, amount=q.amount, price=q.price, deposit=q.deposit) for q in found]  # pyright: ignore[reportArgumentType] - rows stand for their types

    @field(
        "What would become of a series: possible dates, and the others with their reasons. Nothing is booked.",
        permission=SIGNED_IN,
        args={"series": "The series as it would be made."},
    )
    @staticmethod
    async def series_preview(ctx: Ctx, series: CreateSeriesInput) -> SeriesPreview | None:
        """Somebody else may still be faster."""
        found = await preview_series(ctx, series.wish(), series.rule())
        return SeriesPreview(
            possible=[SeriesDate(starts_at=item.start, ends_at=item.end) for item in found.possible],
            rejected=[
                RejectedOccurrence(
                    day=item.day,
                    code=item.error.code,
                    message=item.error.message.de,
                    message_en=item.error.message.en,
                )
                for item in found.rejected
            ],
        )

    @field(
        "What blocking a time would mean: how many dates, and which bookings have to be decided on.",
        permission=MANAGE,
        args={"block": "The blocked time as it would be made."},
    )
    @staticmethod
    async def block_preview(ctx: Ctx, block: BlockTimeInput) -> BlockPreview | None:
        """Nothing is blocked."""
        plan = await preview_closure(ctx, block.wish())
        return BlockPreview(dates=len(plan.dates), bookings=plan.conflicts)  # pyright: ignore[reportArgumentType] - rows stand for their types

    @field(
        "The caretaker's day: who comes when, set-up, doors and hand-overs, by house and clock.",
        permission=CARETAKE,
        args={"day": "The day.", "place_id": "Only this house."},
    )
    @staticmethod
    async def day_list(ctx: Ctx, day: date, place_id: UUID | None = None) -> list[HouseDay] | None:
        """At most 500 bookings."""
        return [house_day(item) for item in await day_list(ctx, day, place_id)]

    # Resolvers: what is free is reckoned in Python; a code is read on purpose and noted; keys are handed over by rules.
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

    my_bookings: Connection[BookingType] | None = many(
        "Bookings of the signed-in person, earliest first.",
        of=_bookings_of_the_person,
        filter=BookingFilter,
        order_by=(Booking.starts_at,),
        permission=SIGNED_IN,
    )
    my_series: Connection[SeriesType] | None = many(
        "Series of the signed-in person, newest first.",
        of=_series_of_the_person,
        order_by=(Series.created_at.desc(),),
        permission=SIGNED_IN,
    )

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
