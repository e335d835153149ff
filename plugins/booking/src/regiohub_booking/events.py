"""What booking tells the rest of the house. Events carry ids; whoever needs more reads it."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from regiohub.api import Event


@dataclass(frozen=True)
class BookingRequested(Event):
    """A booking waits for a decision."""

    name: ClassVar[str] = "booking.requested"
    booking_id: UUID


@dataclass(frozen=True)
class BookingConfirmed(Event):
    """A booking is certain."""

    name: ClassVar[str] = "booking.confirmed"
    booking_id: UUID


@dataclass(frozen=True)
class BookingAsked(Event):
    """The house has asked the applicant something."""

    name: ClassVar[str] = "booking.asked"
    booking_id: UUID


@dataclass(frozen=True)
class BookingAnswered(Event):
    """The applicant has answered; the house can decide."""

    name: ClassVar[str] = "booking.answered"
    booking_id: UUID


@dataclass(frozen=True)
class BookingDenied(Event):
    """The house has refused a request."""

    name: ClassVar[str] = "booking.denied"
    booking_id: UUID


@dataclass(frozen=True)
class BookingCancelled(Event):
    """A booking was cancelled by its booker or by staff."""

    name: ClassVar[str] = "booking.cancelled"
    booking_id: UUID


@dataclass(frozen=True)
class BookingMoved(Event):
    """A booking has another time."""

    name: ClassVar[str] = "booking.moved"
    booking_id: UUID


@dataclass(frozen=True)
class LockSilent(Event):
    """A lock has not followed for so long that a person must look after it."""

    name: ClassVar[str] = "booking.lock_silent"
    booking_id: UUID
    adapter: str
