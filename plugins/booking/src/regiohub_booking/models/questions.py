"""Questions of the house to whoever asked for a booking, with the answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique
from regiohub_booking.models.bookings import Booking


class Question(TenantModel, Timestamps):
    """One question with its answer; the words are erased with the person.

    Of the one-time link that stands in the mail only the hash is kept, and only until it was used or has run out.
    """

    __tablename__ = "booking_question"

    booking_id: Mapped[UUID] = reference("booking_booking")
    question: Mapped[str | None]
    asked_at: Mapped[datetime]
    answer_by: Mapped[datetime]
    answer: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    token_hash: Mapped[str | None]

    booking: Mapped["Booking"] = relation("Booking", by="booking_id")

    __table_args__ = (unique("token_hash"), index("booking_question", "booking_id", "asked_at"))
