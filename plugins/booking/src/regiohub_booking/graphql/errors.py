"""Refusals of booking that carry more than words."""

from datetime import date, datetime

from regiohub.api import column, error_type, value
from regiohub_booking.errors import NotEnoughUnits, SeriesRejected, SlotTaken


@error_type(SlotTaken)
class SlotTakenError:
    """Somebody else has the time."""

    starts_at: datetime = column("Start of the interval that is taken, preparation time included.")
    ends_at: datetime = column("End of the interval that is taken, tidying time included.")


@error_type(NotEnoughUnits)
class NotEnoughUnitsError:
    """Fewer units or seats are free than asked for."""

    requested: int = column("How many were asked for.")
    available: int = column("How many are free in that time.")


@value
class RejectedOccurrence:
    """A date of a series that is not possible."""

    day: date = column("The day.")
    code: str = column("Why, as a stable code: SLOT_TAKEN, CLOSED …")
    message: str = column("Why, in German.")
    message_en: str = column("Why, in English.")


@error_type(SeriesRejected)
class SeriesRejectedError:
    """Dates of a series are not possible, and nothing was booked."""

    rejected: list[RejectedOccurrence] = column("The dates that are not possible, each with its reason.")


ERRORS = (SlotTakenError, NotEnoughUnitsError, SeriesRejectedError)
