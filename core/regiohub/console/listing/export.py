"""A list as CSV, as German and English spreadsheets open it."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from regiohub.console.words import Speaker

from .declare import Cell
from .found import Found

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(found: Found, speaker: Speaker) -> bytes:
    """UTF-8 with a mark of its encoding, semicolons between the values, one line of titles.

    Numbers keep a point, times are RFC 3339 in the town's zone. Words that a spreadsheet would take for a formula
    get an apostrophe in front: what residents typed must not be run on a clerk's machine.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([column.title.get(speaker.language) for column in found.listing.columns])
    for row in found.rows:
        writer.writerow([_plain(column.value(row), speaker) for column in found.listing.columns])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _plain(value: Any, speaker: Speaker) -> Any:
    match value:
        case Cell():
            return _plain(value.text, speaker)
        case None | "":
            return ""
        case bool():
            return speaker.say(value)
        case int() | float() | Decimal():
            return value
        case datetime():
            return value.astimezone(speaker.zone).isoformat(timespec="seconds")
        case date():
            return value.isoformat()
        case _:
            words = speaker.say(value)
            return f"'{words}" if words.startswith(_FORMULA) else words
