"""Parsing: one canonical text, or an error that says where the fault is."""

import re
from functools import lru_cache

import opening_hours
from opening_hours import OpeningHours

MAX_LENGTH = 1000
# The library's type stubs leave its error class out.
_ParserError: type[Exception] = vars(opening_hours)["ParserError"]
_POSITION = re.compile(r"--> (\d+):(\d+)")


class HoursSyntaxError(ValueError):
    """The text is not a valid ``opening_hours`` value.

    `position` counts characters from 1 and names the first one that could not be read; `fragment` is the text from
    there on, cut short for messages.
    """

    def __init__(self, text: str, position: int) -> None:
        self.text = text
        self.position = position
        self.fragment = text[position - 1 :][:24]
        super().__init__(f"opening hours cannot be read from character {position}: {self.fragment!r}")


@lru_cache(maxsize=2048)
def canonical(text: str) -> tuple[str, tuple[str, ...]]:
    """The canonical spelling of `text` and the parser's own remarks.

    The canonical spelling separates rules by exactly ``"; "``, ``", "`` and ``" || "``, which the rule splitter
    relies on. Raises `HoursSyntaxError`.
    """
    # One blank for one line break or tab keeps the reported position true to what was typed.
    line = re.sub(r"[\r\n\t]", " ", text)
    if len(line) > MAX_LENGTH:
        raise HoursSyntaxError(text, MAX_LENGTH + 1)
    if not line.strip():
        raise HoursSyntaxError(text, 1)
    try:
        parsed = OpeningHours(line, auto_country=False, auto_timezone=False)
    except _ParserError as error:
        found = _POSITION.search(str(error))
        raise HoursSyntaxError(text, int(found.group(2)) if found else 1) from None
    return str(parsed), tuple(parsed.warnings)
