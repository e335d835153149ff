"""German and English words for each fault that a tenant file can have."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Wording:
    """A fault and the advice for it in both languages; ``{…}`` is filled from the validation error's context."""

    de: str
    en: str
    hint_de: str
    hint_en: str


# Faults that the models themselves raise, by the code given to ValueError.
OWN: dict[str, Wording] = {
    "slug_reserved": Wording(
        "Das Kürzel „{input}“ ist für die Plattform reserviert.",
        'The slug "{input}" is reserved for the platform.',
        "Bitte ein anderes wählen und den Ordner ebenso benennen.",
        "Choose another one and name the folder after it.",
    ),
    "colour_contrast": Wording(
        "Weiße Schrift ist auf {input} nicht lesbar (Kontrast unter 4,5 : 1).",
        "White text cannot be read on {input} (contrast below 4.5:1).",
        "Bitte eine dunklere Farbe angeben.",
        "Give a darker colour.",
    ),
    "logo_path": Wording(
        "Das Logo muss im selben Ordner liegen.",
        "The logo must stand in the same folder.",
        "Bitte nur den Dateinamen angeben, zum Beispiel logo.svg.",
        "Give the file name only, for example logo.svg.",
    ),
    "centre_swapped": Wording(
        "Länge und Breite sind vertauscht.",
        "Longitude and latitude are swapped.",
        "Bitte [Länge, Breite] angeben, zum Beispiel [13.06, 52.39].",
        "Give [longitude, latitude], for example [13.06, 52.39].",
    ),
    "timezone_unknown": Wording(
        "Die Zeitzone „{input}“ gibt es nicht.",
        'There is no time zone "{input}".',
        "Bitte einen IANA-Namen angeben, zum Beispiel Europe/Berlin.",
        "Give an IANA name, for example Europe/Berlin.",
    ),
    "ags_state": Wording(
        "Gemeindeschlüssel (ags) und Bundesland (state) passen nicht zusammen.",
        "Municipality key (ags) and state do not belong together.",
        "Die ersten zwei Ziffern nennen das Land: 12 ist BB, 11 ist BE.",
        "The first two digits name the state: 12 is BB, 11 is BE.",
    ),
    "measure_term": Wording(
        "Die Laufzeit endet, bevor sie beginnt.",
        "The term ends before it begins.",
        "Bitte from und to prüfen.",
        "Check from and to.",
    ),
    "measure_plugin_twice": Wording(
        "Ein Plugin steht in plugins und zugleich in later.",
        "A plugin stands both in plugins and in later.",
        "Was es schon gibt, gehört nur in plugins.",
        "What exists already belongs in plugins only.",
    ),
    "sharing_term": Wording(
        "Die Freigabe endet, bevor sie beginnt.",
        "The consent ends before it begins.",
        "Bitte from und until prüfen.",
        "Check from and until.",
    ),
}

_CHECK = ("Bitte den Wert berichtigen.", "Correct the value.")

# Faults that pydantic finds, by its error type.
PYDANTIC: dict[str, Wording] = {
    "missing": Wording("Die Angabe fehlt.", "This entry is missing.", "Bitte ergänzen.", "Add it."),
    "extra_forbidden": Wording(
        "Diesen Schlüssel gibt es nicht.",
        "There is no such key.",
        "Bitte die Schreibweise prüfen; alle Schlüssel stehen in docs/reference/tenant-toml.md.",
        "Check the spelling; all keys stand in docs/reference/tenant-toml.md.",
    ),
    "string_type": Wording(
        "Hier muss ein Text stehen.", "This must be a text.", "Bitte in Anführungszeichen setzen.", "Put it in quotes."
    ),
    "string_too_short": Wording(
        "Der Text ist leer oder zu kurz.", "The text is empty or too short.", "Bitte ausfüllen.", "Fill it in."
    ),
    "string_too_long": Wording(
        "Der Text ist länger als {max_length} Zeichen.",
        "The text is longer than {max_length} characters.",
        "Bitte kürzen.",
        "Shorten it.",
    ),
    "string_pattern_mismatch": Wording(
        "Der Wert „{input}“ hat nicht die verlangte Form.",
        'The value "{input}" does not have the required form.',
        "Verlangt ist {pattern}.",
        "Required is {pattern}.",
    ),
    "tuple_type": Wording(
        "Hier muss eine Liste stehen.", "This must be a list.", "Bitte in [ ] setzen.", "Put it in [ ]."
    ),
    "dict_type": Wording(
        "Hier muss eine Tabelle stehen.",
        "This must be a table.",
        "Zum Beispiel [plugins.lorawan] und darunter die Einstellungen.",
        "For example [plugins.lorawan] and the settings below it.",
    ),
    "literal_error": Wording(
        "Der Wert „{input}“ ist nicht erlaubt.",
        'The value "{input}" is not allowed.',
        "Erlaubt: {expected}.",
        "Allowed: {expected}.",
    ),
    "greater_than": Wording("Der Wert muss größer als {gt} sein.", "The value must be greater than {gt}.", *_CHECK),
    "greater_than_equal": Wording("Der Wert muss mindestens {ge} sein.", "The value must be at least {ge}.", *_CHECK),
    "less_than_equal": Wording("Der Wert darf höchstens {le} sein.", "The value must be at most {le}.", *_CHECK),
    "int_type": Wording("Hier muss eine ganze Zahl stehen.", "This must be a whole number.", *_CHECK),
    "int_parsing": Wording("Hier muss eine ganze Zahl stehen.", "This must be a whole number.", *_CHECK),
    "float_type": Wording("Hier muss eine Zahl stehen.", "This must be a number.", *_CHECK),
    "float_parsing": Wording("Hier muss eine Zahl stehen.", "This must be a number.", *_CHECK),
    "date_type": Wording(
        "Hier muss ein Datum stehen.",
        "This must be a date.",
        "Bitte als 2026-12-31 angeben.",
        "Write it as 2026-12-31.",
    ),
    "date_from_datetime_parsing": Wording(
        "Hier muss ein Datum stehen.",
        "This must be a date.",
        "Bitte als 2026-12-31 angeben.",
        "Write it as 2026-12-31.",
    ),
}


def wording_for(kind: str, message: str, context: dict[str, Any], value: object) -> tuple[str, Wording]:
    """Code and filled-in words for a validation error of pydantic.

    ``kind`` is pydantic's error type, ``message`` its English text (used for kinds that have no words of their own).
    """
    own = str(context.get("error", "")) if kind == "value_error" else ""
    wording = OWN.get(own) or PYDANTIC.get(kind)
    if wording is None:
        return kind, Wording(f"Der Wert ist ungültig ({message}).", f"The value is invalid ({message}).", *_CHECK)
    words = {key: str(part) for key, part in context.items()} | {"input": str(value)[:60]}
    return own or kind, Wording(
        wording.de.format_map(words),
        wording.en.format_map(words),
        wording.hint_de.format_map(words),
        wording.hint_en.format_map(words),
    )
