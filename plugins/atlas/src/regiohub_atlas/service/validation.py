"""From raw values to a checked draft, with the first fault told in both languages."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.alias_generators import to_camel

from regiohub.api import DomainError, InvalidInput, Text, t

M = TypeVar("M", bound=BaseModel)

_RULES: dict[str, tuple[Text, str | None]] = {
    "control_character": (
        t("Der Text enthält unzulässige Steuerzeichen.", "The text holds control characters."),
        None,
    ),
    "phase_backwards": (t("Eine Phase endet, bevor sie beginnt.", "A phase ends before it begins."), "endsOn"),
    "event_time": (
        t("Ein Termin hat entweder einen Tag oder eine Uhrzeit.", "A date has either a day or a time."),
        "startsAt",
    ),
    "event_backwards": (t("Der Termin endet, bevor er beginnt.", "The date ends before it begins."), "endsAt"),
    "event_too_long": (t("Ein Termin dauert höchstens 31 Tage.", "A date lasts 31 days at most."), "endsAt"),
    "place_twice": (
        t("Ein Verfahren gilt im ganzen Ort oder hat einen Platz auf der Karte, nicht beides.",
          "A procedure is for the whole town or has a place on the map, not both."),
        "place",
    ),
    "image_alt_text": (
        t("Bilder brauchen einen Text für Menschen, die sie nicht sehen.",
          "Images need a text for people who cannot see them."),
        "altText",
    ),
    "image_copyright": (
        t("Bilder brauchen die Angabe, wer die Rechte hat.", "Images need to say who holds the rights."),
        "copyright",
    ),
    "cost_backwards": (
        t("Die obere Kostengrenze liegt unter der unteren.", "The upper cost limit is below the lower one."),
        "costMax",
    ),
}  # fmt: skip
_KINDS: dict[str, Text] = {
    "missing": t("Diese Angabe fehlt.", "This entry is missing."),
    "extra_forbidden": t("Diese Angabe gibt es nicht.", "There is no such entry."),
    "string_too_short": t("Der Text ist zu kurz.", "The text is too short."),
    "string_too_long": t("Der Text ist zu lang.", "The text is too long."),
    "too_long": t("Das sind zu viele Einträge.", "These are too many entries."),
    "string_pattern_mismatch": t("Der Wert hat nicht die verlangte Form.", "The value does not have the right form."),
    "enum": t("Dieser Wert ist nicht vorgesehen.", "This value is not known."),
    "greater_than_equal": t("Der Wert ist zu klein.", "The value is too small."),
    "less_than_equal": t("Der Wert ist zu groß.", "The value is too large."),
    "timezone_aware": t("Die Uhrzeit braucht eine Zeitzone.", "The time needs a time zone."),
}
_OTHER = t("Dieser Wert ist ungültig.", "This value is invalid.")


def validated(model: type[M], values: Mapping[str, Any]) -> M:
    """The checked model.

    :raises InvalidInput: with the field in the words of the API (``documents.0.url``).
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as invalid:
        raise _first_fault(invalid) from None


def _first_fault(invalid: ValidationError) -> DomainError:
    error = invalid.errors(include_url=False)[0]
    path = [to_camel(part) if isinstance(part, str) else str(part) for part in error["loc"]]
    rule = str(error.get("ctx", {}).get("error", "")) if error["type"] == "value_error" else ""
    if rule in _RULES:
        message, last = _RULES[rule]
        return InvalidInput(message, field=".".join([*path, *([last] if last else [])]))
    return InvalidInput(_KINDS.get(error["type"], _OTHER), field=".".join(path) or None)
