"""Steps that a booking cannot take any more."""

from datetime import datetime
from typing import ClassVar

from regiohub.api import Conflict, Text, t
from regiohub_booking.rules.wording import moment_text


class WrongState(Conflict):
    """The booking is in a state that does not allow this step."""

    code: ClassVar[str] = "WRONG_STATE"

    def __init__(self, state: Text) -> None:
        super().__init__(
            t(
                f"Das geht nicht mehr: Die Buchung ist {state.de}.",
                f"Not possible any more: the booking is {state.en}.",
            ),
        )


class HoldExpired(Conflict):
    """A hold that was to become a booking has run out."""

    code: ClassVar[str] = "HOLD_EXPIRED"

    def __init__(self) -> None:
        super().__init__(
            t("Die Reservierung ist abgelaufen. Bitte neu beginnen.", "The hold has expired. Please start again."),
            field="holdId",
        )


class CancellationTooLate(Conflict):
    """The booker may not cancel or move any more; staff still can."""

    code: ClassVar[str] = "CANCELLATION_TOO_LATE"

    def __init__(self, until: datetime) -> None:
        said = moment_text(until)
        super().__init__(
            t(
                f"Stornieren oder Verschieben war nur bis {said.de} möglich. Bitte beim Haus melden.",
                f"Cancelling or moving was possible until {said.en}. Please contact the house.",
            ),
        )
