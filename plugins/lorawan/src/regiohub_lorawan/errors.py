"""What can be wrong with messages, codecs, mappings and credentials: each with a code of its own."""

from datetime import datetime

from regiohub.api import Conflict, DomainError, Forbidden, InvalidInput, Text, Unauthenticated, t


class MalformedMessage(InvalidInput):
    """The body is not what the network server's format promises."""

    code = "MALFORMED_MESSAGE"
    status = 400


class UnknownEvent(InvalidInput):
    """A kind of event that this platform does not take."""

    code = "UNKNOWN_EVENT"


class UndecodablePayload(InvalidInput):
    """A payload that breaks the Cayenne LPP format."""

    code = "CAYENNE_LPP"


class InvalidPath(InvalidInput):
    """A path that does not lead into a decoded object."""

    code = "INVALID_PATH"


class UnknownUnit(InvalidInput):
    """A unit that is no UCUM symbol known here."""

    code = "UNKNOWN_UNIT"


class UnknownDevice(DomainError):
    """The message is kept, but nobody has registered its device yet."""

    code = "UNKNOWN_DEVICE"
    status = 404

    def __init__(self, dev_eui: str) -> None:
        """Name the device that should be registered."""
        super().__init__(
            t(
                "Dieses Gerät ist hier nicht angemeldet. Die Nachricht ist aufbewahrt und wird ausgewertet, sobald das"
                " Gerät angelegt ist.",
                "This device is not registered here. The message is kept and will be evaluated once the device is"
                " registered.",
            ),
            field="devEui",
            devEui=dev_eui,
        )


class TimeOutOfRange(InvalidInput):
    """The message claims a moment in the far future or before 2000: a clock is wrong. The message is kept."""

    code = "TIME_OUT_OF_RANGE"

    def __init__(self, row: datetime | None = None) -> None:
        """Of a message, which is kept; or of a ``row`` of a file, of which nothing is."""
        if row is None:
            words = t(
                "Der Zeitpunkt liegt in der Zukunft oder vor dem Jahr 2000. Die Nachricht ist aufbewahrt, aber nicht"
                " ausgewertet. Bitte die Uhr des Netzwerkservers prüfen.",
                "The time lies in the future or before the year 2000. The message is kept but not evaluated. Please"
                " check the network server's clock.",
            )
        else:
            words = t(
                f"Der Zeitpunkt {row.isoformat()} liegt in der Zukunft oder vor dem Jahr 2000. Nichts wurde geladen.",
                f"The time {row.isoformat()} lies in the future or before the year 2000. Nothing was loaded.",
            )
        super().__init__(words, field="time" if row is None else "body")


class BodyTooLarge(DomainError):
    """The body is longer than the town allows."""

    code = "BODY_TOO_LARGE"
    status = 413

    def __init__(self, limit: int) -> None:
        """``limit`` in bytes."""
        super().__init__(
            t(f"Der Inhalt ist größer als {limit} Bytes.", f"The body is larger than {limit} bytes."), limit=limit
        )


class WrongCredential(Unauthenticated):
    """No ingest key, an unknown one, or one that was withdrawn."""

    code = "WRONG_CREDENTIAL"

    def __init__(self) -> None:
        """The same words for all three: they tell nothing about which keys exist."""
        super().__init__(
            t(
                "Der Zugangsschlüssel fehlt oder gilt nicht. Er gehört in die Kopfzeile „Authorization: Bearer …“.",
                'The ingest key is missing or not valid. It belongs into the header "Authorization: Bearer …".',
            )
        )


class ForeignCredential(Forbidden):
    """A key of another town."""

    code = "FOREIGN_CREDENTIAL"

    def __init__(self) -> None:
        """The one message of this kind."""
        super().__init__(
            t("Dieser Zugangsschlüssel gehört zu einer anderen Kommune.", "This ingest key belongs to another town.")
        )


class AlreadyThere(Conflict):
    """A name or identifier that is taken in this town."""

    code = "ALREADY_THERE"


class CodecFailed(DomainError):
    """A codec gave no data. Only stored and shown, never raised at a caller: the payload is kept."""

    code = "CODEC_FAILED"
    status = 422


def malformed(de: str, en: str, field: str | None = None) -> MalformedMessage:
    """The body is not what the network server's format promises; ``field`` names the part."""
    return MalformedMessage(Text(de, en), field=field)
