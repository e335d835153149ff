"""Hours as people write them, e.g. ``Mo–Fr 8–12 Uhr, Di 14–18``, put into OSM text where that is certain."""

import re

from .check import HoursCheck, check_hours
from .syntax import HoursSyntaxError

_DAYS = {
    "Mo": "mo mon montag montags monday", "Tu": "di tu tue tues dienstag dienstags tuesday",
    "We": "mi we wed mittwoch mittwochs wednesday", "Th": "do th thu thurs donnerstag donnerstags thursday",
    "Fr": "fr fri freitag freitags friday", "Sa": "sa sat samstag samstags sonnabend sonnabends saturday",
    "Su": "so su sun sonntag sonntags sunday", "PH": "ph feiertag feiertags feiertage feiertagen holiday holidays",
    "Mo-Su": "täglich daily", "off": "geschlossen zu closed off", "-": "bis to", ",": "und and sowie",
    "": "uhr von from jeweils an on clock",
}  # fmt: skip
_WORDS = {word: code for code, words in _DAYS.items() for word in words.split()}
_PIECE = re.compile(r"[0-9]{1,2}[:.][0-9]{2}|[0-9]{1,2}|[^\W\d_]+|[-,;]")
_APPOINTMENT = re.compile(r"nach (?:telefonischer )?vereinbarung|by appointment|n\. ?v\.", re.IGNORECASE)
_ASKED = "APPOINTMENT"
_DIGITS = "0123456789"


def hours_from_words(text: str) -> HoursCheck:
    """The check of OSM text, or of the OSM text that these everyday words stand for.

    Two lines about the same day add up, as people mean it. Raises `HoursSyntaxError` for the text as typed when its
    meaning is not certain.
    """
    try:
        return check_hours(text)
    except HoursSyntaxError as error:
        translated = _translated(text)
        if translated is None:
            raise
        try:
            return check_hours(translated)
        except HoursSyntaxError:
            raise error from None


def _translated(text: str) -> str | None:
    plain = re.sub(r"[–—−]", "-", text.replace("\n", ";"))
    plain = _APPOINTMENT.sub(f" {_ASKED} ", plain)
    pieces: list[str] = []
    for piece in _PIECE.findall(re.sub(r"\.(?!\d)|:(?!\d)", " ", plain)):
        if piece[0] in _DIGITS:
            hour, _, minute = piece.replace(".", ":").partition(":")
            pieces.append(f"{int(hour):02d}:{minute or '00'}")
        elif piece in "-,;" or piece == _ASKED:
            pieces.append(piece)
        elif piece.lower() in _WORDS:
            pieces.append(_WORDS[piece.lower()])
        else:
            return None
    return _joined([piece for piece in pieces if piece])


def _joined(pieces: list[str]) -> str | None:
    """The pieces as rules: a day after a time begins a new rule, joined so that no rule wipes out another."""
    rules: list[str] = []
    timed = True
    for piece in pieces:
        is_day = piece[:2] in ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
        if is_day and timed:
            rules.append(piece)
            timed = False
        elif not rules:
            return None
        elif piece == ";":
            timed = True
        elif piece == _ASKED:
            rules[-1] += ' "nach Vereinbarung"'
            timed = True
        else:
            timed = timed or piece[0] in _DIGITS or piece == "off"
            rules[-1] += piece if piece in "-," or rules[-1][-1] in "-," else f" {piece}"
    clean = [rule.strip(" ,-") for rule in rules]
    return "".join(f"{'; ' if ' off' in rule else ', '}{rule}" for rule in clean)[2:] if clean else None
