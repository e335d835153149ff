"""Types of bookings and series, for their bookers and for staff."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, literal, select

from regiohub.api import Connection, Ctx, batched, bound, column, computed, to_many, to_one
from regiohub_booking.graphql.questions import QuestionType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.graphql.values import PickUp
from regiohub_booking.models import Booking, Question, RejectedDate, Resource, Series
from regiohub_booking.rules.recurrence import Frequency, OnConflict
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.pickups import pick_ups_of
from regiohub_booking.service.visibility import own_bookings, own_series


def _state(row: Any, ctx: Ctx) -> BookingState:
    """A hold that has run out counts as expired before anybody has written that down."""
    stale = row.state is BookingState.HELD and row.expires_at is not None and row.expires_at <= ctx.now()
    return BookingState.EXPIRED if stale else row.state


def _state_in_sql(ctx: Ctx) -> Any:
    stale = and_(Booking.state == BookingState.HELD, Booking.expires_at <= ctx.now())
    return case((stale, literal(BookingState.EXPIRED, Booking.state.type)), else_=Booking.state)


def _resource_name() -> Any:
    named = select(Resource.name).where(Resource.tenant_id == Booking.tenant_id, Resource.id == Booking.resource_id)
    return func.coalesce(named.correlate(Booking).scalar_subquery(), "")


def _tariff(row: Any, ctx: Ctx) -> str | None:
    return (row.tariff_name_en or row.tariff_name) if ctx.locale == "en" else row.tariff_name


def _tariff_in_sql(ctx: Ctx) -> Any:
    if ctx.locale == "en":
        return func.coalesce(func.nullif(Booking.tariff_name_en, ""), Booking.tariff_name)
    return Booking.tariff_name


def _message(row: Any, ctx: Ctx) -> Any:
    return row.message_en if ctx.locale == "en" else row.message


def _message_in_sql(ctx: Ctx) -> Any:
    return _message(RejectedDate, ctx)


@bound(Booking, rows=own_bookings)
class BookingType:
    """A booking with its person: one's own, or any for staff."""

    id: UUID = column("Identifier.")
    number: str = column("Number to name on the phone.")
    state: BookingState = computed(
        "Where it stands.", sql=_state_in_sql, python=_state, reads=(Booking.state, Booking.expires_at)
    )
    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    quantity: int = column("How many units or seats.")
    persons: int | None = column("How many persons come.")
    purpose: str | None = column("What for.")
    booker_name: str | None = column("Who booked; erased after the retention time.")
    booker_email: str | None = column("Where answers go; erased after the retention time.")
    booker_phone: str | None = column("Phone number that was left with the house; erased after the retention time.")
    tariff_name: str | None = computed(
        "Tariff that was agreed on, in the caller's language where known.",
        sql=_tariff_in_sql,
        python=_tariff,
        reads=(Booking.tariff_name, Booking.tariff_name_en),
    )
    price: Decimal | None = column("Agreed price in euros; null where none was agreed.")
    deposit: Decimal | None = column("Agreed deposit in euros.")
    reason: str | None = column("Why it was denied or cancelled.")
    expires_at: datetime | None = column("Until when a hold is kept.")
    decided_at: datetime | None = column("When the house decided.")
    created_at: datetime = column("When it was made.")
    resource: ResourceType | None = to_one(
        "What was booked; null once it is withdrawn, which only staff may see.", Booking.resource
    )
    resource_name: str = computed("Name of what was booked, also when it is withdrawn.", sql=_resource_name)
    series: "SeriesType | None" = to_one("The series that it belongs to.", Booking.series)
    questions: Connection[QuestionType] = to_many(
        "Questions of the house with their answers.", Booking.questions, order_by=Question.asked_at
    )

    # A resolver: which units are whose is found out from slots and stock.
    @batched("Which units, and where they are picked up.")
    @staticmethod
    async def pick_ups(rows: Sequence[Booking], ctx: Ctx) -> list[list[PickUp]]:
        """Pick-ups of all rows of the level."""
        found = await pick_ups_of(ctx, rows)
        return [
            [PickUp(units=item.units, place=item.place, owner=item.owner) for item in found.get(row.id, [])]  # pyright: ignore[reportArgumentType] - rows stand for their types
            for row in rows
        ]


@bound(RejectedDate)
class RejectedDateType:
    """A date of a series that was not possible."""

    day: date = column("The day.")
    code: str = column("Why, as a stable code: SLOT_TAKEN, CLOSED …")
    message: str = computed(
        "Why, in words.", sql=_message_in_sql, python=_message, reads=(RejectedDate.message, RejectedDate.message_en)
    )


@bound(Series, rows=own_series, name="BookingSeries")
class SeriesType:
    """Bookings that repeat by a rule."""

    id: UUID = column("Identifier.")
    frequency: Frequency = column("How often it repeats.")
    interval: int = column("Every so many days, weeks or months.")
    count: int | None = column("How many dates were asked for.")
    until: date | None = column("Last day that was asked for.")
    on_conflict: OnConflict = column("What was to happen with dates that are not possible.")
    cancelled_at: datetime | None = column("When the rest of it was cancelled.")
    bookings: Connection[BookingType] = to_many("Its dates.", Series.bookings, order_by=Booking.starts_at)
    rejected: Connection[RejectedDateType] = to_many(
        "Dates that were not possible.", Series.rejected, order_by=RejectedDate.day
    )
