"""Everything booking refuses: one class per reason, with a code, a message in two languages and the field at fault."""

from regiohub_booking.errors.limits import (
    HorizonExceeded,
    NoticeTooShort,
    OffRaster,
    TooLong,
    TooManyBookings,
    TooManyOccurrences,
    TooManyUnits,
    TooShort,
)
from regiohub_booking.errors.slots import NotEnoughUnits, NotOffered, PlaceClosed, SeriesRejected, SlotTaken
from regiohub_booking.errors.states import CancellationTooLate, HoldExpired, WrongState
from regiohub_booking.errors.times import (
    AmbiguousLocalTime,
    EndBeforeStart,
    NonexistentLocalTime,
    StartInPast,
    TimesMissing,
)

__all__ = [
    "AmbiguousLocalTime",
    "CancellationTooLate",
    "EndBeforeStart",
    "HoldExpired",
    "HorizonExceeded",
    "NonexistentLocalTime",
    "NotEnoughUnits",
    "NotOffered",
    "NoticeTooShort",
    "OffRaster",
    "PlaceClosed",
    "SeriesRejected",
    "SlotTaken",
    "StartInPast",
    "TimesMissing",
    "TooLong",
    "TooManyBookings",
    "TooManyOccurrences",
    "TooManyUnits",
    "TooShort",
    "WrongState",
]
