"""The type of questions back to the applicant."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, select

from regiohub.api import Ctx, bound, column
from regiohub_booking.models import Booking, Question
from regiohub_booking.service.visibility import sees_persons


def _own_questions(ctx: Ctx) -> Any:
    if sees_persons(ctx):
        return None
    if not ctx.principal.is_signed_in:
        return false()
    return Question.booking_id.in_(select(Booking.id).where(Booking.subject == ctx.principal.subject))


@bound(Question, rows=_own_questions, name="BookingQuestion")
class QuestionType:
    """A question of the house about a request, with its answer."""

    id: UUID = column("Identifier.")
    question: str | None = column("What the house asks; erased after the retention time.")
    asked_at: datetime = column("When it was asked.")
    answer_by: datetime = column("Until when an answer is expected.")
    answer: str | None = column("The answer; erased after the retention time.")
    answered_at: datetime | None = column("When it was answered.")
