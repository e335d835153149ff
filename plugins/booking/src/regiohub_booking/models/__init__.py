"""Tables of booking. Every one belongs to a town; times are UTC and half-open."""

from regiohub_booking.models.access import AccessGrant, CalendarFeed, GrantState
from regiohub_booking.models.bookings import Booking, Slot
from regiohub_booking.models.closures import Block, BlockConflict, Closure, ClosureKind, ConflictState
from regiohub_booking.models.places import Lot, Owner, Place
from regiohub_booking.models.questions import Question
from regiohub_booking.models.resources import Resource, ResourceKind, Session, SpecialDay
from regiohub_booking.models.series import RejectedDate, Series
from regiohub_booking.models.tariffs import Tariff

MODELS = (
    Place,
    Owner,
    Resource,
    Lot,
    SpecialDay,
    Session,
    Tariff,
    Series,
    RejectedDate,
    Booking,
    Question,
    Closure,
    Block,
    BlockConflict,
    Slot,
    AccessGrant,
    CalendarFeed,
)

__all__ = [
    "MODELS",
    "AccessGrant",
    "Block",
    "BlockConflict",
    "Booking",
    "CalendarFeed",
    "Closure",
    "ClosureKind",
    "ConflictState",
    "GrantState",
    "Lot",
    "Owner",
    "Place",
    "Question",
    "RejectedDate",
    "Resource",
    "ResourceKind",
    "Series",
    "Session",
    "Slot",
    "SpecialDay",
    "Tariff",
]
