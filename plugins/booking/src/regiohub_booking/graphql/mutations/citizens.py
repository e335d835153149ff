"""Mutations of signed-in persons, on their own bookings."""

from datetime import datetime
from uuid import UUID

from regiohub.api import PUBLIC, SIGNED_IN, Ctx, column, mutation, value
from regiohub_booking.graphql.bookings import BookingType, RejectedDateType, SeriesType
from regiohub_booking.graphql.inputs import CreateBookingInput, CreateSeriesInput, RescheduleBookingInput
from regiohub_booking.graphql.questions import QuestionType
from regiohub_booking.service import create, decide, questions
from regiohub_booking.service import series as service


@value
class SeriesOutcome:
    """What became of a series."""

    series: SeriesType = column("The series.")
    bookings: list[BookingType] = column("The bookings made or cancelled.")
    rejected: list[RejectedDateType] = column("The dates that were not possible, each with its reason.")


@value
class Answered:
    """An answer has arrived."""

    answered_at: datetime | None = column("When.")


@mutation("Books a resource for the signed-in person.", permission=SIGNED_IN, returns="booking")
async def create_booking(ctx: Ctx, input: CreateBookingInput) -> BookingType:
    """Confirmed at once, or pending where the house decides."""
    return await create.create_booking(ctx, input.wish())  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation("Keeps a time for some minutes while the person fills in the rest.", permission=SIGNED_IN, returns="booking")
async def hold_slot(ctx: Ctx, input: CreateBookingInput) -> BookingType:
    """The hold is a booking in state HELD with expiresAt."""
    return await create.hold_slot(ctx, input.wish())  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation(
    "Turns the person's own hold into a booking.",
    permission=SIGNED_IN,
    returns="booking",
    args={"id": "The hold.", "persons": "How many persons come.", "purpose": "What for."},
)
async def confirm_hold(ctx: Ctx, id: UUID, persons: int | None = None, purpose: str | None = None) -> BookingType:
    """Refused with HOLD_EXPIRED when it has run out."""
    return await create.confirm_hold(ctx, id, persons=persons, purpose=purpose)  # pyright: ignore[reportReturnType]


@mutation(
    "Cancels a booking: one's own within the rule of the resource, any with a reason for staff.",
    permission=SIGNED_IN,
    returns="booking",
    args={"id": "The booking or hold.", "reason": "Why; staff must give one."},
)
async def cancel_booking(ctx: Ctx, id: UUID, reason: str | None = None) -> BookingType:
    """The time is free again at once."""
    return await decide.cancel_booking(ctx, id, reason)  # pyright: ignore[reportReturnType]


@mutation("Gives a booking another time, or leaves it as it was.", permission=SIGNED_IN, returns="booking")
async def reschedule_booking(ctx: Ctx, input: RescheduleBookingInput) -> BookingType:
    """For the booker within the rule of the resource, for staff at any time."""
    return await decide.reschedule_booking(ctx, input.id, input.when())  # pyright: ignore[reportReturnType]


@mutation("Books a series for the signed-in person.", permission=SIGNED_IN, returns="outcome")
async def create_series(ctx: Ctx, input: CreateSeriesInput) -> SeriesOutcome:
    """All dates or none, or those that are possible; each other date with its reason."""
    return outcome(await service.create_series(ctx, input.wish(), input.rule(), input.on_conflict))


@mutation(
    "Cancels the dates of a series that can still be cancelled.",
    permission=SIGNED_IN,
    returns="outcome",
    args={"id": "The series."},
)
async def cancel_series(ctx: Ctx, id: UUID) -> SeriesOutcome:
    """Past dates stay, and for the booker those inside the notice."""
    return outcome(await service.cancel_series(ctx, id))


@mutation(
    "Answers a question of the house about one's own request.",
    permission=SIGNED_IN,
    returns="question",
    args={"id": "The question.", "answer": "The answer."},
)
async def answer_question(ctx: Ctx, id: UUID, answer: str) -> QuestionType:
    """The request is with the house again."""
    return await questions.answer(ctx, id, answer)  # pyright: ignore[reportReturnType]


@mutation(
    "Answers a question by the one-time link of the mail, without signing in.",
    permission=PUBLIC,
    returns="answered",
    args={"token": "The last part of the link.", "answer": "The answer."},
)
async def answer_question_by_link(ctx: Ctx, token: str, answer: str) -> Answered:
    """The link works once, until the deadline."""
    done = await questions.answer_by_link(ctx, token, answer)
    return Answered(answered_at=done.answered_at)


def outcome(result: service.SeriesResult) -> SeriesOutcome:
    """The result of a series as an answer."""
    return SeriesOutcome(series=result.series, bookings=result.bookings, rejected=result.rejected)  # pyright: ignore[reportArgumentType] - rows stand for their types


CITIZENS = (
    create_booking,
    hold_slot,
    confirm_hold,
    cancel_booking,
    reschedule_booking,
    create_series,
    cancel_series,
    answer_question,
    answer_question_by_link,
)
