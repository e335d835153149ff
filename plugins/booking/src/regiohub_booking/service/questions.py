"""Questions back to the applicant: asked by staff, answered by the applicant, signed in or by a one-time link."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_booking.events import BookingAnswered
from regiohub_booking.models import Booking, Question
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.states import BookingState, Step, next_state
from regiohub_booking.service import effects
from regiohub_booking.service.decide import audited, locked
from regiohub_booking.service.people import booking_not_found, is_own
from regiohub_booking.settings import BookingSettings

LONGEST = 2000
MOST_DAYS = 60


async def ask(ctx: Ctx, booking_id: UUID, question: str, *, days: int | None = None) -> Question:
    """Ask the applicant something; the request keeps its time. ``days`` is the deadline, a setting by default.

    A deadline that has passed decides nothing: the request stays with the house, marked as overdue.
    Raises Forbidden, NotFound, InvalidInput, WrongState unless the booking is a request without an open question.
    """
    ctx.require(APPROVE)
    words = _words(question, "question")
    allowed = ctx.settings(BookingSettings).answer_days if days is None else days
    if not 1 <= allowed <= MOST_DAYS:
        raise InvalidInput(t(f"Möglich sind 1 bis {MOST_DAYS} Tage.", f"1 to {MOST_DAYS} days."), field="days")
    booking, resource = await locked(ctx, booking_id)
    before = booking.state
    booking.state = next_state(before, Step.ASK)
    token = secrets.token_urlsafe(32)
    asked = Question(
        id=uuid7(),
        booking_id=booking.id,
        question=words,
        asked_at=ctx.now(),
        answer_by=ctx.now() + timedelta(days=allowed),
        answer=None,
        answered_at=None,
        token_hash=hashed(token),
    )
    ctx.session.add(asked)
    await ctx.session.flush()
    await effects.asked(ctx, booking, resource, asked, token)
    await audited(ctx, "booking.ask", booking, before)
    return asked


async def answer(ctx: Ctx, question_id: UUID, text: str) -> Question:
    """Answer a question about one's own request. Raises Unauthenticated, NotFound, InvalidInput, WrongState."""
    ctx.require_person()
    asked = await ctx.session.find(Question, question_id)
    booking = await ctx.session.find(Booking, asked.booking_id) if asked else None
    if asked is None or booking is None or not is_own(ctx, booking):
        raise question_not_found()
    return await _answer(ctx, asked, booking, text)


async def question_behind(ctx: Ctx, token: str) -> tuple[Question, Booking]:
    """The open question of a one-time link. Raises NotFound for unknown, used and outdated links alike."""
    asked = await ctx.session.scalar(select(Question).where(Question.token_hash == hashed(token)))
    booking = await ctx.session.find(Booking, asked.booking_id) if asked else None
    if (
        asked is None
        or booking is None
        or asked.answered_at is not None
        or asked.answer_by <= ctx.now()
        or booking.state is not BookingState.ASKED
    ):
        raise question_not_found()
    return asked, booking


async def answer_by_link(ctx: Ctx, token: str, text: str) -> Question:
    """Answer by the link of the mail, once and within the deadline. Raises NotFound, InvalidInput."""
    asked, booking = await question_behind(ctx, token)
    return await _answer(ctx, asked, booking, text)


async def _answer(ctx: Ctx, asked: Question, booking: Booking, text: str) -> Question:
    words = _words(text, "answer")
    await ctx.session.lock("booking.question", asked.id)
    await ctx.session.refresh(asked)
    await ctx.session.refresh(booking)
    if asked.answered_at is not None:
        raise question_not_found()
    booking.state = next_state(booking.state, Step.ANSWER)
    asked.answer, asked.answered_at, asked.token_hash = words, ctx.now(), None
    await ctx.session.flush()
    await ctx.emit(BookingAnswered(booking_id=booking.id))
    return asked


async def thread_of(ctx: Ctx, booking_id: UUID) -> list[Question]:
    """Questions and answers about a booking, oldest first, for its booker and for staff. Raises NotFound."""
    booking = await ctx.session.find(Booking, booking_id)
    if booking is None or not (is_own(ctx, booking) or ctx.can(APPROVE)):
        raise booking_not_found()
    rows = await ctx.session.scalars(
        select(Question).where(Question.booking_id == booking_id).order_by(Question.asked_at, Question.id)
    )
    return list(rows)


def hashed(token: str) -> str:
    """What is stored of a link. The token is random and long: a plain SHA-256 cannot be guessed backwards."""
    return hashlib.sha256(token.encode()).hexdigest()


def question_not_found() -> NotFound:
    """The one answer for questions that are not there, not one's own, answered already or out of time."""
    return NotFound(
        t(
            "Diese Rückfrage ist schon beantwortet oder nicht mehr offen.",
            "This question has been answered or is no longer open.",
        ),
        field="id",
    )


def _words(text: str, field: str) -> str:
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise InvalidInput(
            t(f"Bitte 1 bis {LONGEST} Zeichen.", f"Please write 1 to {LONGEST} characters."), field=field
        )
    return said
