"""Bookings, and the slots that make double booking impossible."""

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique
from regiohub_booking.models.series import Series
from regiohub_booking.rules.states import BookingState

if TYPE_CHECKING:
    from regiohub_booking.models.questions import Question
    from regiohub_booking.models.resources import Resource


class Booking(TenantModel, Timestamps):
    """Who wants what and when. The person's name and address are erased after the retention time."""

    __tablename__ = "booking_booking"

    number: Mapped[str]
    resource_id: Mapped[UUID] = reference("booking_resource", ondelete="NO ACTION")
    series_id: Mapped[UUID | None] = reference("booking_series", ondelete="NO ACTION")
    state: Mapped[BookingState]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    quantity: Mapped[int]
    persons: Mapped[int | None]
    purpose: Mapped[str | None]
    subject: Mapped[str | None]
    booker_name: Mapped[str | None]
    booker_email: Mapped[str | None]
    booker_phone: Mapped[str | None]
    booker_locale: Mapped[str]
    reason: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    # The agreed price in euros, in words that later changes of the tariff leave alone.
    tariff_id: Mapped[UUID | None]
    tariff_name: Mapped[str | None]
    tariff_name_en: Mapped[str | None]
    price: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    deposit: Mapped[Decimal | None] = mapped_column(sa.Numeric(12, 2))
    price_by_hand: Mapped[bool] = mapped_column(default=False)
    example: Mapped[bool]

    resource: Mapped["Resource"] = relation("Resource", by="resource_id")
    series: Mapped["Series | None"] = relation("Series", by="series_id")
    slots: Mapped[list["Slot"]] = relation("Slot", back="booking_id")
    questions: Mapped[list["Question"]] = relation("Question", back="booking_id")

    __table_args__ = (
        unique("number"),
        index("booking_booking", "starts_at"),
        index("booking_booking", "created_at"),
        index("booking_booking", "state", "created_at"),
        index("booking_booking", "resource_id", "starts_at"),
        index("booking_booking", "subject", "starts_at"),
        index("booking_booking", "state", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
    )


class Slot(TenantModel):
    """One unit of one undivided resource, taken for one half-open span, buffers included.

    The database refuses a second occupying row for an overlapping span of the same unit: by an exclusion constraint on
    PostgreSQL, by triggers on SQLite. Everything else in this plugin is politeness towards the person who asks.
    """

    __tablename__ = "booking_slot"

    resource_id: Mapped[UUID] = reference("booking_resource", ondelete="NO ACTION")
    booking_id: Mapped[UUID | None] = reference("booking_booking")
    block_id: Mapped[UUID | None] = reference("booking_block")
    unit: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    occupies: Mapped[bool]
    expires_at: Mapped[datetime | None]

    __table_args__ = (
        # The second time lets the window of a calendar be read from the index alone.
        index("booking_slot", "resource_id", "ends_at", "starts_at"),
        sa.CheckConstraint("ends_at > starts_at", name="order"),
        sa.CheckConstraint("(booking_id IS NULL) <> (block_id IS NULL)", name="one_holder"),
        sa.CheckConstraint("unit >= 1", name="unit"),
    )
