"""What may be said about a place: given values become a checked draft, or the first fault is told."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regiohub.api import InvalidInput, check_geometry, t
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}Kind

from .hours import Span, parse_hours


@dataclass(frozen=True, slots=True)
class Draft:
    """A place as somebody wants it. Empty ``spans``: nobody knows the opening hours."""

    name: str
    kind: {{ cookiecutter.__Thing }}Kind
    description: str | None
    address: str | None
    wheelchair: bool | None
    location: dict[str, Any] | None
    external_id: str | None
    spans: tuple[Span, ...]


COLUMNS = ("name", "kind", "description", "address", "wheelchair", "location", "external_id")
"""Fields of a draft that are columns of the table."""


def checked(values: Mapping[str, Any]) -> Draft:
    """A draft of values by the names of its fields, with ``hours`` as text; what is not given is empty.

    :raises InvalidInput: a value breaks a rule; ``field`` says which, as GraphQL names it.
    """
    name = _words(values, "name", 200)
    if name is None:
        raise InvalidInput(t("Ein Ort braucht einen Namen.", "A place needs a name."), field="name")
    location = values.get("location")
    return Draft(
        name=name,
        kind=_kind(values.get("kind")),
        description=_words(values, "description", 5000, lines=True),
        address=_words(values, "address", 300),
        wheelchair=values.get("wheelchair"),
        location=None if location is None else check_geometry(location, field="location"),
        external_id=_words(values, "external_id", 200, field="externalId"),
        spans=parse_hours(_words(values, "hours", 500) or ""),
    )


def _kind(value: Any) -> {{ cookiecutter.__Thing }}Kind:
    try:
        return {{ cookiecutter.__Thing }}Kind(value or {{ cookiecutter.__Thing }}Kind.OTHER)
    except ValueError:
        known = ", ".join(kind.value for kind in {{ cookiecutter.__Thing }}Kind)
        message = t("Diese Art gibt es nicht. Es gibt: {known}.", "There is no such kind. There are: {known}.")
        raise InvalidInput(message.format(known=known), field="kind") from None


def _words(
    values: Mapping[str, Any], name: str, most: int, *, lines: bool = False, field: str | None = None
) -> str | None:
    """A text without white space around it; None if nothing is left."""
    text = str(values.get(name) or "").strip()
    if len(text) > most:
        message = t("Das sind mehr als {most} Zeichen.", "These are more than {most} characters.")
        raise InvalidInput(message.format(most=most), field=field or name)
    # A zero byte cannot be stored, the others cannot be seen.
    if any(unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign in "\r\n\t") for sign in text):
        raise InvalidInput(
            t("Der Text enthält unzulässige Steuerzeichen.", "The text holds control characters."), field=field or name
        )
    return text or None
