"""Pydantic's faults in the words of people."""

from __future__ import annotations

from typing import Any

from regiohub.texts import Text, t

_WORDS: dict[str, Text] = {
    "missing": t("Bitte ausfüllen.", "Please fill this in."),
    "string_too_short": t("Bitte mindestens {min_length} Zeichen.", "At least {min_length} characters, please."),
    "string_too_long": t("Bitte höchstens {max_length} Zeichen.", "At most {max_length} characters, please."),
    "string_pattern_mismatch": t("Das hat nicht die verlangte Form.", "This does not have the form that is asked for."),
    "greater_than_equal": t("Mindestens {ge}.", "At least {ge}."),
    "less_than_equal": t("Höchstens {le}.", "At most {le}."),
    "greater_than": t("Größer als {gt}.", "Greater than {gt}."),
    "less_than": t("Kleiner als {lt}.", "Less than {lt}."),
    "int_parsing": t("Bitte eine ganze Zahl.", "A whole number, please."),
    "int_from_float": t("Bitte eine ganze Zahl.", "A whole number, please."),
    "int_type": t("Bitte eine ganze Zahl.", "A whole number, please."),
    "float_parsing": t("Bitte eine Zahl.", "A number, please."),
    "float_type": t("Bitte eine Zahl.", "A number, please."),
    "decimal_parsing": t("Bitte eine Zahl.", "A number, please."),
    "decimal_type": t("Bitte eine Zahl.", "A number, please."),
    "decimal_max_places": t("Höchstens {decimal_places} Nachkommastellen.", "At most {decimal_places} decimals."),
    "enum": t("Bitte einen der angebotenen Werte wählen.", "Please choose one of the values offered."),
    "literal_error": t("Bitte einen der angebotenen Werte wählen.", "Please choose one of the values offered."),
    "date_from_datetime_parsing": t("Das ist kein gültiges Datum.", "This is not a valid date."),
    "date_parsing": t("Das ist kein gültiges Datum.", "This is not a valid date."),
    "date_type": t("Bitte ein Datum angeben.", "Please give a date."),
    "time_parsing": t("Das ist keine gültige Uhrzeit.", "This is not a valid time."),
    "time_type": t("Bitte eine Uhrzeit angeben.", "Please give a time."),
    "datetime_type": t("Bitte Tag und Uhrzeit angeben.", "Please give day and time."),
    "uuid_parsing": t("Das ist keine gültige Kennung.", "This is not a valid identifier."),
    "too_short": t("Bitte mindestens {min_length} Einträge.", "At least {min_length} entries, please."),
    "too_long": t("Bitte höchstens {max_length} Einträge.", "At most {max_length} entries, please."),
    "string_type": t("Bitte ausfüllen.", "Please fill this in."),
}
_OTHER = t("Das geht so nicht. Bitte die Angabe prüfen.", "This does not work. Please check what you entered.")


def fault_text(fault: dict[str, Any]) -> Text:
    """Words for one fault. What was typed is not repeated."""
    given: Any = (fault.get("ctx") or {}).get("error")
    words = getattr(given, "message", None)
    if isinstance(words, Text):
        return words
    found = _WORDS.get(str(fault["type"]), _OTHER)
    limits = {name: value for name, value in (fault.get("ctx") or {}).items() if isinstance(value, int | float | str)}
    try:
        return found.format(**limits)
    except (KeyError, IndexError):
        return _OTHER
