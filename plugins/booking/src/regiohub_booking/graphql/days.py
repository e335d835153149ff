"""Types of the caretaker's day."""

from datetime import datetime
from uuid import UUID

from regiohub.api import column, value
from regiohub_booking.models import GrantState
from regiohub_booking.service import day_list as days


@value
class Handing:
    """Units of a loan that are handed over or come back."""

    units: list[int] = column("Numbers of the units, as written on them.")
    place: str | None = column("Where; null when the item lies at its own place.")
    owner: str | None = column("Whose they are; null when they are the house's own.")


@value
class DayEntry:
    """A booking as the caretaker meets it on a day. Codes are no part of it."""

    booking_id: UUID = column("Identifier of the booking.")
    number: str = column("Number of the booking.")
    resource: str = column("What was booked.")
    starts_at: datetime = column("Start of the booking.")
    ends_at: datetime = column("End of the booking.")
    ready_at: datetime = column("When it has to be set up.")
    tidied_at: datetime = column("When it has to be tidied.")
    by_day: bool = column("True for a loan by the day.")
    comes: bool = column("It begins on this day.")
    goes: bool = column("It ends on this day.")
    booker_name: str | None = column("Who comes.")
    booker_phone: str | None = column("How to reach him or her.")
    persons: int | None = column("How many persons.")
    quantity: int = column("How many units or seats.")
    purpose: str | None = column("What for.")
    door: GrantState | None = column("How far the lock has followed; null without a lock.")
    by_hand: bool = column("True when a key has to be handed over.")
    note: str | None = column("Note about the access.")
    handings: list[Handing] = column("Units of a loan.")


@value
class DayBlock:
    """A blocked time of the day."""

    resource: str = column("What is blocked.")
    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    reason: str = column("Why.")


@value
class HouseDay:
    """One house on one day of the caretaker's list."""

    place: str = column("Name of the house.")
    entries: list[DayEntry] = column("Bookings, by the clock.")
    blocks: list[DayBlock] = column("Blocked times, by the clock.")


def house_day(house: days.HouseDay) -> HouseDay:
    """A house's day as an answer."""
    return HouseDay(
        place=house.place,
        entries=[
            DayEntry(
                booking_id=item.booking_id,
                number=item.number,
                resource=item.resource,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                ready_at=item.ready_at,
                tidied_at=item.tidied_at,
                by_day=item.by_day,
                comes=item.comes,
                goes=item.goes,
                booker_name=item.booker_name,
                booker_phone=item.booker_phone,
                persons=item.persons,
                quantity=item.quantity,
                purpose=item.purpose,
                door=item.door,
                by_hand=item.by_hand,
                note=item.note,
                handings=[
                    Handing(units=list(part.units), place=part.place, owner=part.owner) for part in item.handings
                ],
            )
            for item in house.entries
        ],
        blocks=[
            DayBlock(resource=item.resource, starts_at=item.starts_at, ends_at=item.ends_at, reason=item.reason)
            for item in house.blocks
        ],
    )
