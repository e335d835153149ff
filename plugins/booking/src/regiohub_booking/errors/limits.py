"""Wishes beyond what a resource allows."""

from datetime import date, datetime
from typing import ClassVar

from regiohub.api import Conflict, InvalidInput, t
from regiohub_booking.rules.wording import day_text, length_text, moment_text


class NoticeTooShort(InvalidInput):
    """The booking begins sooner than the resource's notice allows."""

    code: ClassVar[str] = "NOTICE_TOO_SHORT"

    def __init__(self, earliest: datetime) -> None:
        said = moment_text(earliest)
        super().__init__(
            t(
                f"So kurzfristig geht es nicht: frühestens ab {said.de}.",
                f"Too short notice: possible from {said.en} on.",
            ),
            field="startsAt",
        )


class HorizonExceeded(InvalidInput):
    """The booking begins later than the resource can be booked ahead."""

    code: ClassVar[str] = "OUTSIDE_HORIZON"

    def __init__(self, last: date) -> None:
        said = day_text(last)
        super().__init__(
            t(
                f"So weit im Voraus geht es noch nicht: höchstens bis {said.de}.",
                f"Too far ahead: possible until {said.en}.",
            ),
            field="startsAt",
        )


class OffRaster(InvalidInput):
    """Start or end does not fall on the raster of the resource."""

    code: ClassVar[str] = "OFF_RASTER"

    def __init__(self, raster: int, field: str) -> None:
        said = length_text(raster)
        super().__init__(
            t(
                f"Beginn und Ende müssen im Raster von {raster} Minuten liegen.",
                f"Start and end must lie on a raster of {said.en}.",
            ),
            field=field,
        )


class TooShort(InvalidInput):
    """The booking is shorter than the resource allows."""

    code: ClassVar[str] = "TOO_SHORT"

    def __init__(self, minutes: int) -> None:
        said = length_text(minutes)
        super().__init__(t(f"Die Mindestdauer ist {said.de}.", f"The shortest booking is {said.en}."), field="endsAt")


class TooLong(InvalidInput):
    """The booking is longer than the resource allows."""

    code: ClassVar[str] = "TOO_LONG"

    def __init__(self, minutes: int) -> None:
        said = length_text(minutes)
        super().__init__(t(f"Die Höchstdauer ist {said.de}.", f"The longest booking is {said.en}."), field="endsAt")


class TooManyUnits(InvalidInput):
    """More units or seats than the resource has, or fewer than one."""

    code: ClassVar[str] = "TOO_MANY_UNITS"

    def __init__(self, capacity: int) -> None:
        super().__init__(
            t(f"Möglich sind 1 bis {capacity} Stück oder Plätze.", f"Possible are 1 to {capacity} units or seats."),
            field="quantity",
            capacity=capacity,
        )


class TooManyBookings(Conflict):
    """One person has reached the number of open bookings or holds the town allows."""

    code: ClassVar[str] = "TOO_MANY_BOOKINGS"

    def __init__(self, limit: int) -> None:
        super().__init__(
            t(
                f"Mehr als {limit} offene Buchungen oder Reservierungen je Person sind nicht möglich.",
                f"More than {limit} open bookings or holds per person are not possible.",
            ),
            limit=limit,
        )


class TooManyOccurrences(InvalidInput):
    """A series without a usable end, or with more dates than one series may have."""

    code: ClassVar[str] = "TOO_MANY_OCCURRENCES"

    def __init__(self, limit: int) -> None:
        super().__init__(
            t(
                f"Eine Serie braucht ein Ende und hat 1 bis {limit} Termine.",
                f"A series needs an end and has 1 to {limit} dates.",
            ),
            field="count",
            limit=limit,
        )
