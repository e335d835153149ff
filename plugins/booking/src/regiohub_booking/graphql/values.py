"""Plain values in answers: free and busy times, pick-ups, codes, new calendar links."""

from datetime import datetime
from uuid import UUID

from regiohub.api import column, value
from regiohub_booking.graphql.errors import RejectedOccurrence
from regiohub_booking.graphql.places import OwnerType, PlaceType
from regiohub_booking.models import GrantState


@value
class FreeSlot:
    """A span in which the wanted number of units is free from start to end. Spans may overlap each other."""

    starts_at: datetime = column("Earliest start.")
    ends_at: datetime = column("Latest end.")
    units: int = column("How many units or seats are free throughout.")


@value
class BusySpan:
    """A span in which nothing of the resource is free, times of preparation included. Tells nothing about persons."""

    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")


@value
class PickUp:
    """Units of a loan that are picked up and returned at one point."""

    units: list[int] = column("Numbers of the units, as written on them.")
    place: PlaceType | None = column("Where; null when the item lies at its own place.")
    owner: OwnerType | None = column("Whose they are; null when they are the house's own.")


@value
class AccessInfo:
    """Access to the door for a booking."""

    valid_from: datetime = column("From when the door opens.")
    valid_until: datetime = column("Until when it opens.")
    state: GrantState = column("How far the lock has followed.")
    code: str | None = column("The code; null while the lock has not answered, and where a caretaker brings the key.")


@value
class SecretCalendar:
    """A new calendar link. The token is told this once."""

    id: UUID = column("Identifier, for revoking it.")
    path: str = column("Address of the calendar on this host; whoever knows it can read the busy times.")


@value
class SeriesDate:
    """A possible date of a series."""

    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")


@value
class SeriesPreview:
    """What would become of a series."""

    possible: list[SeriesDate] = column("Dates that are possible now.")
    rejected: list[RejectedOccurrence] = column("Dates that are not, each with its reason.")


@value
class HandOver:
    """An entry of the caretaker's list. Names are here, codes are not."""

    booking_id: UUID = column("Identifier of the booking.")
    number: str = column("Number of the booking.")
    resource: str = column("What was booked.")
    place: str = column("Which house.")
    starts_at: datetime = column("Start of the booking.")
    ends_at: datetime = column("End of the booking.")
    booker_name: str | None = column("Who comes.")
    persons: int | None = column("How many persons.")
    quantity: int = column("How many units or seats.")
    by_hand: bool = column("True when a key has to be handed over: no lock, or one that has not followed.")
