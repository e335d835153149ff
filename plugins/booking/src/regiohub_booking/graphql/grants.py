"""The type of access grants for staff. Codes are no part of it."""

from datetime import datetime
from uuid import UUID

from regiohub.api import bound, column, to_one
from regiohub_booking.graphql.bookings import BookingType
from regiohub_booking.models import AccessGrant, GrantState


@bound(AccessGrant, name="AccessGrant")
class GrantType:
    """What a lock shall do for a booking, and what it has done."""

    id: UUID = column("Identifier.")
    adapter: str = column("Kind of lock.")
    doors: list[str] = column("Doors.")
    wanted: bool = column("Whether the booking shall have access.")
    state: GrantState = column("How far the lock has followed.")
    valid_from: datetime = column("From when the door opens.")
    valid_until: datetime = column("Until when it opens.")
    attempts: int = column("How often the lock was asked in vain since it last answered.")
    next_try_at: datetime | None = column("When it is asked again; null when nothing is due.")
    last_error: str | None = column("What went wrong last.")
    note: str | None = column("Note of the staff.")
    booking: BookingType | None = to_one("The booking.", AccessGrant.booking)
