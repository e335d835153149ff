"""What can go wrong, in words for people."""

from regiohub.api import Conflict, InvalidInput, t

from .service.hours import HoursSyntaxError


class MalformedOpeningHours(InvalidInput):
    """Opening hours that cannot be read; `position` counts characters from 1."""

    code = "MALFORMED_OPENING_HOURS"


class AlreadyDecided(Conflict):
    """A suggestion that was accepted or rejected before."""

    code = "ALREADY_DECIDED"


def malformed_hours(error: HoursSyntaxError, field: str) -> MalformedOpeningHours:
    """The domain error for text that the parser refused."""
    message = t(
        "Die Öffnungszeiten sind ab Zeichen {position} nicht lesbar: „{fragment}“. "
        "Richtig ist zum Beispiel „Mo-Fr 08:00-12:00, Mo,Th 14:00-18:00; PH off“.",
        "The opening hours cannot be read from character {position}: “{fragment}”. "
        "Write them like “Mo-Fr 08:00-12:00, Mo,Th 14:00-18:00; PH off”.",
    )
    return MalformedOpeningHours(
        message.format(position=error.position, fragment=error.fragment),
        field=field,
        position=error.position,
        fragment=error.fragment,
    )
