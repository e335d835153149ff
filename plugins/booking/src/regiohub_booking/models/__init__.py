"""Tables of booking. Every one belongs to a town; times are UTC and half-open."""

from regiohub_booking.models.access import AccessGrant, CalendarFeed, GrantState
from regiohub_booking.models.bookings import Block, Booking, Slot
from regiohub_booking.models.places import Lot, Owner, Place
from regiohub_booking.models.resources import Resource, ResourceKind, Session, SpecialDay
from regiohub_booking.models.series import RejectedDate, Series

MODELS = (
    Place,
    Owner,
    Resource,
    Lot,
    SpecialDay,
    Session,
    Series,
    RejectedDate,
    Booking,
    Block,
    Slot,
    AccessGrant,
    CalendarFeed,
)

__all__ = [
    "MODELS",
    "AccessGrant",
    "Block",
    "Booking",
    "CalendarFeed",
    "GrantState",
    "Lot",
    "Owner",
    "Place",
    "RejectedDate",
    "Resource",
    "ResourceKind",
    "Series",
    "Session",
    "Slot",
    "SpecialDay",
]
