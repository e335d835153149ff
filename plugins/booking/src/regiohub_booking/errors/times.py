"""Times that cannot be meant."""

from datetime import datetime
from typing import ClassVar

from regiohub.api import InvalidInput, t
from regiohub_booking.rules.wording import moment_text


class TimesMissing(InvalidInput):
    """Not exactly one way of naming the time was used."""

    code: ClassVar[str] = "TIMES_MISSING"

    def __init__(self) -> None:
        super().__init__(
            t(
                "Bitte genau eine Zeitangabe machen: Beginn und Ende, Tag mit Uhrzeiten, oder erster und letzter Tag.",
                "Please give the time in exactly one way: start and end, a day with times, or first and last day.",
            ),
            field="startsAt",
        )


class EndBeforeStart(InvalidInput):
    """The end is not after the start."""

    code: ClassVar[str] = "END_BEFORE_START"

    def __init__(self, field: str = "endsAt") -> None:
        super().__init__(t("Das Ende muss nach dem Beginn liegen.", "The end must be after the start."), field=field)


class StartInPast(InvalidInput):
    """The wanted time has already begun."""

    code: ClassVar[str] = "START_IN_PAST"

    def __init__(self, field: str = "startsAt") -> None:
        super().__init__(
            t("Der Beginn liegt in der Vergangenheit.", "The start lies in the past."),
            field=field,
        )


class NonexistentLocalTime(InvalidInput):
    """A wall-clock time in the hour that is skipped when summer time begins."""

    code: ClassVar[str] = "LOCAL_TIME_DOES_NOT_EXIST"

    def __init__(self, wall: datetime, field: str | None = None) -> None:
        said = moment_text(wall)
        super().__init__(
            t(
                f"Die Uhrzeit {said.de} gibt es nicht: In dieser Nacht beginnt die Sommerzeit.",
                f"The time {said.en} does not exist: summer time begins that night.",
            ),
            field=field or "startsAt",
        )


class AmbiguousLocalTime(InvalidInput):
    """A wall-clock time in the hour that is repeated when summer time ends."""

    code: ClassVar[str] = "LOCAL_TIME_AMBIGUOUS"

    def __init__(self, wall: datetime, field: str | None = None) -> None:
        said = moment_text(wall)
        super().__init__(
            t(
                f"Die Uhrzeit {said.de} gibt es zweimal. Bitte mit Zeitzone angeben, zum Beispiel +02:00.",
                f"The time {said.en} happens twice that night. Please give it with its offset, for example +02:00.",
            ),
            field=field or "startsAt",
        )
