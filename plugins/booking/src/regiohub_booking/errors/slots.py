"""Times that are taken, closed or not offered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from regiohub.api import Conflict, InvalidInput, Text, t
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.wording import span_text

if TYPE_CHECKING:
    from regiohub_booking.rules.recurrence import Rejection


class SlotTaken(Conflict):
    """Somebody else has the time; the interval is what is occupied, set-up and tidying time included."""

    code: ClassVar[str] = "SLOT_TAKEN"
    starts_at: datetime
    ends_at: datetime

    def __init__(self, taken: Interval, zone: ZoneInfo) -> None:
        said = span_text(taken.start, taken.end, zone)
        super().__init__(
            t(f"Belegt: {said.de}.", f"Taken: {said.en}."),
            field="startsAt",
            starts_at=taken.start,
            ends_at=taken.end,
        )


class NotEnoughUnits(Conflict):
    """Some units or seats are free in the wanted time, but fewer than asked for."""

    code: ClassVar[str] = "NOT_ENOUGH_UNITS"
    requested: int
    available: int

    def __init__(self, requested: int, available: int) -> None:
        super().__init__(
            t(
                f"Im gewünschten Zeitraum sind noch {available} frei, gefragt waren {requested}.",
                f"{available} are still free in that time, {requested} were asked for.",
            ),
            field="quantity",
            requested=requested,
            available=available,
        )


class PlaceClosed(InvalidInput):
    """The time lies outside the opening hours, on a closed day or on a public holiday."""

    code: ClassVar[str] = "CLOSED"

    def __init__(self, reason: Text | None = None, field: str = "startsAt") -> None:
        message = t("Zu dieser Zeit ist geschlossen.", "Closed at that time.")
        if reason is not None:
            message = t(f"Zu dieser Zeit ist geschlossen ({reason.de}).", f"Closed at that time ({reason.en}).")
        super().__init__(message, field=field)


class NotOffered(InvalidInput):
    """The time is not one of the dates of an offer, or the resource is lent by the day, or the other way round."""

    code: ClassVar[str] = "NOT_OFFERED"

    def __init__(self, message: Text) -> None:
        super().__init__(message, field="startsAt")


@dataclass(frozen=True, slots=True)
class RejectedDay:
    """A date of a series that is not possible, in plain values."""

    day: date
    code: str
    message: str
    message_en: str


class SeriesRejected(Conflict):
    """At least one date of a series is not possible, so that nothing was booked."""

    code: ClassVar[str] = "SERIES_REJECTED"
    rejected: list[RejectedDay]

    def __init__(self, rejected: "Sequence[Rejection]") -> None:
        number = len(rejected)
        super().__init__(
            t(
                "Ein Termin der Serie ist nicht möglich, es wurde nichts gebucht."
                if number == 1
                else f"{number} Termine der Serie sind nicht möglich, es wurde nichts gebucht.",
                "One date of the series is not possible, nothing was booked."
                if number == 1
                else f"{number} dates of the series are not possible, nothing was booked.",
            ),
            field="startsAt",
            rejected=[
                RejectedDay(item.day, item.error.code, item.error.message.de, item.error.message.en)
                for item in rejected
            ],
        )
