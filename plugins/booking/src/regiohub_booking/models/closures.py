"""Blocked times: what staff keep free of bookings, and the bookings that were there first."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique
from regiohub_booking.models.bookings import Booking
from regiohub_booking.models.places import Place
from regiohub_booking.models.resources import Resource
from regiohub_booking.rules.recurrence import Frequency


class ClosureKind(StrEnum):
    """Why a time is blocked, roughly."""

    MAINTENANCE = "maintenance"
    CLOSED = "closed"
    EVENT = "event"


class ConflictState(StrEnum):
    """What has become of a booking that lies in a blocked time."""

    OPEN = "open"
    KEPT = "kept"
    SOLVED = "solved"


class Closure(TenantModel, Timestamps):
    """A blocked time of one resource or of a whole house, once or by a rule. ``reason`` is for staff only."""

    __tablename__ = "booking_closure"

    resource_id: Mapped[UUID | None] = reference("booking_resource", ondelete="NO ACTION")
    place_id: Mapped[UUID | None] = reference("booking_place", ondelete="NO ACTION")
    kind: Mapped[ClosureKind]
    reason: Mapped[str]
    public_reason: Mapped[str | None]
    public_reason_en: Mapped[str | None]
    frequency: Mapped[Frequency | None]
    interval: Mapped[int]
    count: Mapped[int | None]
    until: Mapped[date | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # When its last date ends, so that what is over can be left out without looking at the dates.
    last_ends_at: Mapped[datetime]
    released_at: Mapped[datetime | None]
    example: Mapped[bool]

    resource: Mapped["Resource | None"] = relation("Resource", by="resource_id")
    place: Mapped["Place | None"] = relation("Place", by="place_id")
    dates: Mapped[list["Block"]] = relation("Block", back="closure_id")

    __table_args__ = (
        index("booking_closure", "last_ends_at"),
        sa.CheckConstraint("(resource_id IS NULL) <> (place_id IS NULL)", name="one_subject"),
    )


class Block(TenantModel, Timestamps):
    """One date of a blocked time on units ``first_unit`` … ``last_unit`` of one undivided resource.

    Its slots take what is free at once; what a booking still holds is taken the moment it becomes free.
    """

    __tablename__ = "booking_block"

    closure_id: Mapped[UUID] = reference("booking_closure")
    resource_id: Mapped[UUID] = reference("booking_resource", ondelete="NO ACTION")
    first_unit: Mapped[int]
    last_unit: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    closure: Mapped["Closure"] = relation("Closure", by="closure_id")
    conflicts: Mapped[list["BlockConflict"]] = relation("BlockConflict", back="block_id")

    __table_args__ = (index("booking_block", "resource_id", "ends_at"),)


class BlockConflict(TenantModel, Timestamps):
    """A booking that was there before the blocked time; nobody is thrown out without a decision."""

    __tablename__ = "booking_block_conflict"

    block_id: Mapped[UUID] = reference("booking_block")
    booking_id: Mapped[UUID] = reference("booking_booking", ondelete="NO ACTION")
    state: Mapped[ConflictState]
    decided_at: Mapped[datetime | None]

    booking: Mapped["Booking"] = relation("Booking", by="booking_id")

    __table_args__ = (unique("block_id", "booking_id"), index("booking_block_conflict", "state"))
