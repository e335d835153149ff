"""Mutations of staff: decisions, blocked times, calendar links."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from regiohub.api import Ctx, bound, column, mutation
from regiohub_booking.graphql.bookings import BookingType
from regiohub_booking.graphql.closures import ClosureType
from regiohub_booking.graphql.mutations.citizens import SeriesOutcome, outcome
from regiohub_booking.graphql.questions import QuestionType
from regiohub_booking.graphql.staff_inputs import BlockTimeInput, CreateBookingForInput, CreateSeriesForInput
from regiohub_booking.graphql.values import SecretCalendar
from regiohub_booking.models import CalendarFeed
from regiohub_booking.permissions import APPROVE, MANAGE
from regiohub_booking.service import closures, create, decide, feeds, questions, series, tariffs
from regiohub_booking.service.wishes import When


@bound(CalendarFeed)
class CalendarFeedType:
    """A secret calendar link of a resource."""

    id: UUID = column("Identifier.")
    label: str = column("For whom it is.")
    revoked_at: datetime | None = column("Since when it no longer works.")


@mutation("Confirms a request.", permission=APPROVE, returns="booking", args={"id": "The booking."})
async def approve_booking(ctx: Ctx, id: UUID) -> BookingType:
    """The booker is told."""
    return await decide.approve_booking(ctx, id)  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation(
    "Refuses a request.",
    permission=APPROVE,
    returns="booking",
    args={"id": "The booking.", "reason": "Why; the booker is told."},
)
async def deny_booking(ctx: Ctx, id: UUID, reason: str) -> BookingType:
    """The time is free again at once."""
    return await decide.deny_booking(ctx, id, reason)  # pyright: ignore[reportReturnType]


@mutation(
    "Asks the applicant something; the request keeps its time.",
    permission=APPROVE,
    returns="question",
    args={"id": "The booking.", "question": "What you want to know.", "days": "Days to answer; a setting by default."},
)
async def ask_applicant(ctx: Ctx, id: UUID, question: str, days: int | None = None) -> QuestionType:
    """The applicant gets a mail with a one-time link."""
    return await questions.ask(ctx, id, question, days=days)  # pyright: ignore[reportReturnType]


@mutation(
    "Agrees on another price than the tariff's.",
    permission=APPROVE,
    returns="booking",
    args={"id": "The booking.", "price": "Price in euros.", "deposit": "Deposit in euros."},
)
async def set_agreed_price(ctx: Ctx, id: UUID, price: Decimal, deposit: Decimal) -> BookingType:
    """Moving the booking does not change it any more."""
    return await tariffs.set_price(ctx, id, price, deposit)  # pyright: ignore[reportReturnType]


@mutation("Books for somebody who has called or come by.", permission=APPROVE, returns="booking")
async def create_booking_for(ctx: Ctx, input: CreateBookingForInput) -> BookingType:
    """Confirmed at once unless told otherwise; the person is told by mail, if there is an address."""
    return await create.create_booking_for(ctx, input.wish(), input.booker(), decided=input.decided)  # pyright: ignore[reportReturnType]


@mutation("Books a series for somebody who has called or come by.", permission=APPROVE, returns="outcome")
async def create_series_for(ctx: Ctx, input: CreateSeriesForInput) -> SeriesOutcome:
    """All dates or none, or those that are possible; each other date with its reason."""
    made = await series.create_series_for(
        ctx, input.wish(), input.rule(), input.on_conflict, input.booker(), decided=input.decided
    )
    return outcome(made)


@mutation("Keeps a time free of bookings, once or by a rule.", permission=MANAGE, returns="block")
async def block_time(ctx: Ctx, input: BlockTimeInput) -> ClosureType:
    """Bookings that are there already are listed as conflicts, and give way once they are decided on."""
    return await closures.block_time(ctx, input.wish())  # pyright: ignore[reportReturnType]


@mutation(
    "Gives the dates of a blocked time back that are not over.",
    permission=MANAGE,
    returns="block",
    args={"id": "The blocked time."},
)
async def release_time(ctx: Ctx, id: UUID) -> ClosureType:
    """Repeating it changes nothing."""
    return await closures.release_closure(ctx, id)  # pyright: ignore[reportReturnType]


@mutation(
    "Gives one date of a blocked time back.",
    permission=MANAGE,
    returns="block",
    args={"id": "The blocked time.", "starts_at": "Start of the date.", "ends_at": "End of the date."},
)
async def release_blocked_date(ctx: Ctx, id: UUID, starts_at: datetime, ends_at: datetime) -> ClosureType:
    """On all resources of the blocked time."""
    return await closures.release_date(ctx, id, When(starts_at=starts_at, ends_at=ends_at).interval(ctx))  # pyright: ignore[reportReturnType]


@mutation(
    "Lets a booking stay although its time is blocked.",
    permission=MANAGE,
    returns="block",
    args={"id": "The blocked time.", "booking_id": "The booking."},
)
async def keep_booking(ctx: Ctx, id: UUID, booking_id: UUID) -> ClosureType:
    """The other decisions are cancelBooking and rescheduleBooking."""
    return await closures.keep_booking(ctx, id, booking_id)  # pyright: ignore[reportReturnType]


@mutation(
    "Makes a secret calendar link for a resource.",
    permission=MANAGE,
    returns="calendar",
    args={"resource_id": "The resource.", "label": "For whom it is."},
)
async def create_calendar_feed(ctx: Ctx, resource_id: UUID, label: str) -> SecretCalendar:
    """The token is in the answer and nowhere else."""
    made = await feeds.create_feed(ctx, resource_id, label)
    return SecretCalendar(id=made.feed.id, path=f"/{ctx.tenant.slug}/booking/calendar/{made.token}.ics")


@mutation("Makes a calendar link useless.", permission=MANAGE, returns="feed", args={"id": "The link."})
async def revoke_calendar_feed(ctx: Ctx, id: UUID) -> CalendarFeedType:
    """Repeating it changes nothing."""
    return await feeds.revoke_feed(ctx, id)  # pyright: ignore[reportReturnType]


STAFF = (
    approve_booking,
    deny_booking,
    ask_applicant,
    set_agreed_price,
    create_booking_for,
    create_series_for,
    block_time,
    release_time,
    release_blocked_date,
    keep_booking,
    create_calendar_feed,
    revoke_calendar_feed,
)
