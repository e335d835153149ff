"""Series of bookings and the dates that were not possible."""

from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation
from regiohub_booking.rules.recurrence import Frequency, OnConflict

if TYPE_CHECKING:
    from regiohub_booking.models.bookings import Booking


class Series(TenantModel, Timestamps):
    """A rule and whose it is; the dates themselves are bookings."""

    __tablename__ = "booking_series"

    resource_id: Mapped[UUID] = reference("booking_resource", ondelete="NO ACTION")
    subject: Mapped[str | None]
    frequency: Mapped[Frequency]
    interval: Mapped[int]
    count: Mapped[int | None]
    until: Mapped[date | None]
    first_starts_at: Mapped[datetime]
    first_ends_at: Mapped[datetime]
    on_conflict: Mapped[OnConflict]
    cancelled_at: Mapped[datetime | None]

    bookings: Mapped[list["Booking"]] = relation("Booking", back="series_id")
    rejected: Mapped[list["RejectedDate"]] = relation("RejectedDate", back="series_id")

    __table_args__ = (index("booking_series", "subject"),)


class RejectedDate(TenantModel):
    """A date of a series that could not be booked, kept with its reason in both languages."""

    __tablename__ = "booking_rejected_date"

    series_id: Mapped[UUID] = reference("booking_series")
    day: Mapped[date]
    code: Mapped[str]
    message: Mapped[str]
    message_en: Mapped[str]
