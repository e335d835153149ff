"""What can be booked: rooms, lending items and offers with seats, in one table."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique
from regiohub_booking.models.bookings import Booking
from regiohub_booking.models.places import Lot, Owner, Place
from regiohub_booking.rules.hours import HolidayRule
from regiohub_booking.rules.policy import BookingMode


class ResourceKind(StrEnum):
    """What a resource is to residents; how its time is divided says ``BookingMode``."""

    ROOM = "room"
    ITEM = "item"
    OFFER = "offer"


class Resource(TenantModel, Timestamps):
    """A room, an item with ``units`` pieces, or an offer with ``units`` seats.

    A resource with parts (a hall with two halves) has no time of its own: booking it takes all its parts.
    """

    __tablename__ = "booking_resource"

    slug: Mapped[str]
    kind: Mapped[ResourceKind]
    mode: Mapped[BookingMode]
    name: Mapped[str]
    description: Mapped[str]
    description_en: Mapped[str | None]
    place_id: Mapped[UUID] = reference("booking_place", ondelete="NO ACTION")
    owner_id: Mapped[UUID | None] = reference("booking_owner", ondelete="NO ACTION")
    whole_id: Mapped[UUID | None] = reference("booking_resource", ondelete="NO ACTION")
    units: Mapped[int]
    persons: Mapped[int | None]
    wheelchair: Mapped[bool | None]
    equipment: Mapped[list[str]]
    # {"mon": [["08:00", "22:00"]], …}; a closing time below the opening time belongs to the next day.
    opening: Mapped[dict[str, Any]]
    holiday_rule: Mapped[HolidayRule]
    raster_minutes: Mapped[int]
    min_minutes: Mapped[int | None]
    max_minutes: Mapped[int | None]
    min_days: Mapped[int | None]
    max_days: Mapped[int | None]
    notice_hours: Mapped[int]
    horizon_days: Mapped[int | None]
    buffer_before_minutes: Mapped[int]
    buffer_after_minutes: Mapped[int]
    requires_approval: Mapped[bool]
    cancel_hours: Mapped[int]
    lock_adapter: Mapped[str | None]
    lock_doors: Mapped[list[str]]
    active: Mapped[bool]
    example: Mapped[bool]

    place: Mapped["Place"] = relation("Place", by="place_id")
    owner: Mapped["Owner | None"] = relation("Owner", by="owner_id")
    whole: Mapped["Resource | None"] = relation("Resource", by="whole_id")
    parts: Mapped[list["Resource"]] = relation("Resource", back="whole_id")
    lots: Mapped[list["Lot"]] = relation("Lot", back="resource_id")
    sessions: Mapped[list["Session"]] = relation("Session", back="resource_id")
    bookings: Mapped[list["Booking"]] = relation("Booking", back="resource_id")

    __table_args__ = (unique("slug"), index("booking_resource", "kind", "name"))


class SpecialDay(TenantModel):
    """Other opening hours, or none, for some days of one resource."""

    __tablename__ = "booking_special_day"

    resource_id: Mapped[UUID] = reference("booking_resource")
    first_day: Mapped[date]
    last_day: Mapped[date]
    windows: Mapped[list[Any]]
    reason: Mapped[str | None]
    reason_en: Mapped[str | None]


class Session(TenantModel):
    """A date of an offer: a course evening or a training hour, with as many seats as the resource has units."""

    __tablename__ = "booking_session"

    resource_id: Mapped[UUID] = reference("booking_resource")
    title: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    __table_args__ = (unique("resource_id", "starts_at", "ends_at"),)
