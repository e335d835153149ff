"""What can go wrong, in words for people."""

from regiohub.api import Conflict, InvalidInput, NotFound, t

from .service.hours import HoursSyntaxError


class MalformedOpeningHours(InvalidInput):
    """Opening hours that cannot be read; `position` counts characters from 1."""

    code = "MALFORMED_OPENING_HOURS"


class AlreadyDecided(Conflict):
    """A suggestion that was accepted or rejected before."""

    code = "ALREADY_DECIDED"


class LinkNotValid(NotFound):
    """A one-time link that was never given out by this town."""

    code = "LINK_NOT_VALID"


class LinkClosed(Conflict):
    """A one-time link that was used, has expired or was withdrawn."""

    code = "LINK_CLOSED"


class NoMailAddress(InvalidInput):
    """A provider that cannot be asked: neither it nor its entries name a mail address."""

    code = "NO_MAIL_ADDRESS"


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
