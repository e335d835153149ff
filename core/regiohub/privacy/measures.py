"""People in a town's measures: in charge, as a partner, or in the words about it. Found by their addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from regiohub.db.session import TenantSession
from regiohub.plugins.subjects import Subject, pattern_of
from regiohub.tenancy.models import Measure, Origin
from regiohub.texts import Text, t

_WORDS: Final = ("title", "title_en", "bundle_title", "bundle_title_en", "summary", "summary_en", "phase")
_FIELDS: Final = ("lead", "partners", *_WORDS, "fields")
_GONE: Final = "…"
"""What stands in words in place of an address; no longer than any, so that every text still fits."""

EMPTIED: Final = t(
    "Federführung und Partner mit einer Adresse der Person fallen dort weg, die Maßnahmen bleiben: {keys}. Bitte bei "
    "Bedarf neu eintragen.",
    "Leads and partners with an address of the person go there, the measures stay: {keys}. Please enter new ones where "
    "they are needed.",
)
CHECK_WORDS: Final = t(
    "In Titeln und Texten dieser Maßnahmen fällt nur die Adresse weg. Bitte nachsehen, ob dort noch der Name oder eine "
    "Telefonnummer steht: {keys}.",
    "In titles and texts of these measures only the address goes. Please check whether the name or a telephone number "
    "still stands there: {keys}.",
)
CHECK_FILE: Final = t(
    "Diese Maßnahmen kommen aus der Datei der Kommune (tenant.toml). Bitte die Person auch dort entfernen: {keys}.",
    "These measures come from the town's file (tenant.toml). Please remove the person there, too: {keys}.",
)


@dataclass(frozen=True, slots=True)
class Naming:
    """A measure that names the person. `said`: what names him, of `partners` and `fields` only those entries."""

    row: Measure
    from_file: bool
    said: dict[str, Any]

    @property
    def record(self) -> dict[str, Any]:
        """As an export shows it."""
        return {"measure": self.row.key, "title": self.row.title, **self.said}


async def measures_naming(session: TenantSession, subject: Subject) -> Sequence[Naming]:
    """The measures that name the person by one of the addresses, retired ones too."""
    if not subject.emails:
        return []
    patterns = _patterns(subject)
    found: list[Naming] = []
    for row in await session.scalars(sa.select(Measure).order_by(Measure.position, Measure.key)):
        said = {name: _saying(getattr(row, name), patterns) for name in _FIELDS}
        said = {name: value for name, value in said.items() if value}
        if said:
            found.append(Naming(row, row.origin is Origin.FILE, said))
    return found


async def leave_out(session: TenantSession, found: Sequence[Naming], subject: Subject) -> None:
    """Empty who is in charge, take out partners, and replace the address in words.

    The town's file does not overwrite these measures any more, as after any change by a person: it still has the name.
    """
    patterns = _patterns(subject)
    for naming in found:
        for name, value in naming.said.items():
            present = getattr(naming.row, name)
            if name == "lead":
                wanted: Any = None
            elif name == "partners":
                wanted = [one for one in present if one not in value]
            elif name == "fields":
                wanted = [_without(one, patterns) for one in present]
            else:
                wanted = _without(present, patterns)
            setattr(naming.row, name, wanted)
        naming.row.origin = Origin.LOCAL
    await session.flush()


def notes_on(found: Sequence[Naming]) -> list[Text]:
    """What a report says of them."""
    chosen = (
        (EMPTIED, [one.row.key for one in found if one.said.keys() & {"lead", "partners"}]),
        (CHECK_WORDS, [one.row.key for one in found if one.said.keys() - {"lead", "partners"}]),
        (CHECK_FILE, [one.row.key for one in found if one.from_file]),
    )
    return [words.format(keys=", ".join(keys)) for words, keys in chosen if keys]


def _patterns(subject: Subject) -> list[re.Pattern[str]]:
    return [pattern_of(address) for address in sorted(subject.emails)]


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [str(one) for one in value] if isinstance(value, list) else []


def _saying(value: object, patterns: Sequence[re.Pattern[str]]) -> Any:
    """The text if it holds one of the addresses, of a list those that do; else nothing."""
    found = [text for text in _texts(value) if any(one.search(text) for one in patterns)]
    return found if isinstance(value, list) else "".join(found)


def _without(text: str, patterns: Sequence[re.Pattern[str]]) -> str:
    for one in patterns:
        text = one.sub(_GONE, text)
    return text
