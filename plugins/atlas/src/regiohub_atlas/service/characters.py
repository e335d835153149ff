"""Characters that no text of the atlas holds."""

import unicodedata

_ALLOWED = frozenset("\n\t")


def printable(text: str) -> str:
    """The text with line ends as ``\\n``.

    :raises ValueError: ``control_character``: it holds one beside line ends and tabs. PostgreSQL cannot store NUL, and
        calendars and feeds break on the others.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in _ALLOWED for sign in unified):
        raise ValueError("control_character")
    return unified


def can_be_stored(text: str) -> bool:
    """Whether a text could stand in a column at all; what could not is never found either."""
    return "\x00" not in text
