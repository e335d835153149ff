"""The type of what can be booked, and the public view of its bookings."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func

from regiohub.api import JSON, Connection, Ctx, batched, bound, column, computed, to_many, to_one
from regiohub_booking.graphql.filters import BusyTimeFilter, OfferDateFilter
from regiohub_booking.graphql.places import LotType, OwnerType, PlaceType, SessionType
from regiohub_booking.graphql.values import BusySpan, FreeSlot
from regiohub_booking.models import Booking, Resource, ResourceKind, Session
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.units import check_quantity
from regiohub_booking.service.availability import asked_span, busy_of, free_of
from regiohub_booking.service.checks import MOST_UNITS
from regiohub_booking.service.visibility import occupying_bookings, visible_resources

SPAN = {"from_": "Start of the span.", "to": "End of the span; how long it may be is a setting of the town."}


@bound(Booking, rows=occupying_bookings, name="BusyTime")
class BusyTimeType:
    """A booking as the public may see it: when, not who and not why."""

    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    quantity: int = column("How many units or seats it takes.")


def _description(row: Any, ctx: Ctx) -> str:
    return row.description_en or row.description if ctx.locale == "en" else row.description


def _description_in_sql(ctx: Ctx) -> Any:
    if ctx.locale == "en":
        return func.coalesce(func.nullif(Resource.description_en, ""), Resource.description)
    return Resource.description


# What is busy and free goes by the clock: answers about that are not kept.
@bound(Resource, rows=visible_resources, cacheable=True)
class ResourceType:
    """A room, a lending item or an offer that can be booked."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name for addresses.")
    kind: ResourceKind = column("Room, item or offer.")
    mode: BookingMode = column("How its time is divided: by the clock, by days, or by fixed dates.")
    name: str = column("Name shown to residents.")
    description: str = computed(
        "What it is, in the caller's language where known.",
        sql=_description_in_sql,
        python=_description,
        reads=(Resource.description, Resource.description_en),
    )
    place: PlaceType = to_one("House or main pick-up point.", Resource.place)
    owner: OwnerType | None = to_one("Whose it is, when it has one owner.", Resource.owner)
    whole: "ResourceType | None" = to_one("The hall that this is a part of.", Resource.whole)
    parts: Connection["ResourceType"] = to_many("Parts that can be booked by themselves.", Resource.parts)
    units: int = column("How many units or seats can be booked at the same time.")
    persons: int | None = column("How many persons a room holds.")
    wheelchair: bool | None = column("Accessible with a wheelchair; null when unknown.")
    equipment: list[str] = column("Equipment, as codes: beamer, kitchen, wifi …")
    opening: JSON = column('Opening hours per weekday, {"mon": [["08:00", "22:00"]]}; empty: always open.')
    holiday_rule: HolidayRule = column("What public holidays mean.")
    raster_minutes: int = column("Start and end lie on a raster of so many minutes.")
    min_minutes: int | None = column("Shortest booking in minutes.")
    max_minutes: int | None = column("Longest booking in minutes.")
    min_days: int | None = column("Shortest loan in days.")
    max_days: int | None = column("Longest loan in days.")
    notice_hours: int = column("So many hours ahead a booking is needed at least.")
    horizon_days: int | None = column("So many days ahead a booking is possible at most.")
    buffer_before_minutes: int = column("Minutes kept free before each booking.")
    buffer_after_minutes: int = column("Minutes kept free after each booking.")
    requires_approval: bool = column("Whether the house decides on each booking.")
    cancel_hours: int = column("Until so many hours before the start bookers may cancel or move.")
    lock_adapter: str | None = column("Which kind of lock opens the door.", permission=MANAGE)
    active: bool = column("False when it is withdrawn; only staff see those.")
    example: bool = column("Example data, no real offer.")
    lots: Connection[LotType] = to_many("Stock by owner and pick-up point.", Resource.lots)
    dates: Connection[SessionType] = to_many(
        "Dates of an offer.", Resource.sessions, order_by=Session.starts_at, filter=OfferDateFilter
    )
    bookings: Connection[BusyTimeType] = to_many(
        "Times booked on exactly this resource, without persons; `busy` also counts its parts and blocked times.",
        Resource.bookings,
        order_by=Booking.starts_at,
        filter=BusyTimeFilter,
        cacheable=False,
    )

    # Resolvers: opening hours, public holidays, buffers and units are reckoned with in Python.

    @batched(
        "Free times between two moments, as long as possible each; past, too short notice and too far are left out.",
        args={**SPAN, "quantity": "So many units or seats at once."},
        items=20,
    )
    @staticmethod
    async def free_slots(
        rows: Sequence[Resource], ctx: Ctx, from_: datetime, to: datetime, quantity: int = 1
    ) -> list[list[FreeSlot]]:
        """Free spans of all rows of the level."""
        check_quantity(quantity, MOST_UNITS)
        found = await free_of(ctx, rows, asked_span(ctx, from_, to), quantity)
        return [
            [FreeSlot(starts_at=slot.start, ends_at=slot.end, units=slot.units) for slot in found[row.id]]
            for row in rows
        ]

    @batched("Times at which nothing is free: bookings here, on parts and on the whole, blocked times.", args=SPAN)
    @staticmethod
    async def busy(rows: Sequence[Resource], ctx: Ctx, from_: datetime, to: datetime) -> list[list[BusySpan]]:
        """Busy spans of all rows of the level."""
        found = await busy_of(ctx, rows, asked_span(ctx, from_, to))
        return [[BusySpan(starts_at=span.start, ends_at=span.end) for span in found[row.id]] for row in rows]
