"""What can be wrong with a message from the field.

A :class:`MessageError` says it in both languages with a stable code. It is stored beside a kept message and shown to
the operator of the sensors, so it must never contain anything but its own words.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One named thing that is wrong: code (English words with dots), message in German and English, field."""

    code: str
    de: str
    en: str
    field: str | None = None


class MessageError(ValueError):
    """A message from a network server that cannot become a measured value."""

    def __init__(self, fault: Fault) -> None:
        """Carry ``fault``; the exception text is the English message."""
        super().__init__(fault.en)
        self.fault = fault


def malformed(detail_de: str, detail_en: str, field: str | None = None) -> MessageError:
    """The body is not what the network server's format promises."""
    return MessageError(Fault("lorawan.malformed_message", detail_de, detail_en, field))
