"""What an invented town is: facts, measures, plugins and settings, always the same for the same number."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from regiohub.plugins.manifest import Plugin
from regiohub.tenancy.plugin_settings.fields import fields_of

from .names import name_of, slug_of

STATES: Final = (
    "SH", "HH", "NI", "HB", "NW", "HE", "RP", "BW", "BY", "SL", "BE", "BB", "MV", "SN", "ST", "TH",
)  # fmt: skip
"""In the order of the first two digits of municipality keys, 01 to 16."""
TOPICS: Final = (
    ("haeuser", "Offene Häuser", "Open houses"), ("wasser", "Wasser im Blick", "Water in view"),
    ("gesundheit", "Wege zur Gesundheit", "Ways to health"), ("orte", "Orte für alle", "Places for everybody"),
    ("mitfahren", "Zusammen unterwegs", "On the way together"), ("licht", "Licht nach Bedarf", "Light as needed"),
)  # fmt: skip
FIELDS: Final = ("Stadt für alle", "Umwelt", "Mobilität", "Gesundheit", "Verwaltung")
A_PROGRAMME: Final = 8
"""Every so many towns carry a programme together; the others have a strategy of their own."""
_FIRST: Final = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class InventedTown:
    """One town. `facts`: columns of its row; `measures`: columns of theirs, each with its `id`.

    `plugins`: what is switched on, with the number of the measure it serves (None: for the town directly).
    `settings`: by plugin what a file would say.
    """

    number: int
    facts: Mapping[str, Any]
    measures: Sequence[Mapping[str, Any]]
    plugins: Mapping[str, int | None]
    settings: Mapping[str, Mapping[str, Any]]


def programme_of(number: int) -> tuple[str, str] | None:
    """Id and title of the programme that a town carries with its neighbours in number, if it carries one."""
    group = number // A_PROGRAMME
    return None if group % 4 else (f"verbund-{group:05}", f"Verbund {group:05}")


def invented(number: int, plugins: Mapping[str, Plugin]) -> InventedTown:
    """The town with this number. `plugins`: those there are, by id, in dependency order; every set of them occurs."""
    chance = random.Random(number)  # noqa: S311 - repeatable, no secret
    name = name_of(number)
    state = number % len(STATES)
    programme = programme_of(number)
    facts: dict[str, Any] = {
        "slug": slug_of(name), "name": f"Gemeinde {name}", "short_name": name, "ags": key_of(number),
        "state": STATES[state], "population": round(400 * 10 ** (chance.random() * 2.5)),
        "area_km2": round(8 + chance.random() * 200, 1), "lon": round(6.5 + chance.random() * 8, 4),
        "lat": round(47.6 + chance.random() * 7, 4), "locale": "de-DE", "timezone": "Europe/Berlin",
        "programme_id": programme[0] if programme else None, "programme": programme[1] if programme else None,
        "phase": "Umsetzung", "phase_until": None, "motto": f"{name}: gut zusammen", "office": None, "client": None,
        "innovation_fields": list(chance.sample(FIELDS, 2)),
        "branding": {"primary": f"#{chance.randrange(0x20, 0x60):02x}4a5f"} if number % 3 == 0 else {},
        "hosts": [f"{slug_of(name)}.invalid"] if number % 16 == 0 else [], "cors_origins": [],
    }  # fmt: skip
    measures = [
        {
            "id": id_of("measure", number, position), "position": position, "key": key, "title": title,
            "title_en": english, "summary": f"{title} in {name}.", "summary_en": None,
            "programme_id": facts["programme_id"], "fields": [FIELDS[(number + position) % len(FIELDS)]],
        }
        for position, (key, title, english) in enumerate(TOPICS[: 2 + number % 5])
    ]  # fmt: skip
    on = list(_switched(number, plugins))
    return InventedTown(
        number,
        facts,
        measures,
        {id_: place % len(measures) if place % 3 else None for place, id_ in enumerate(on)},
        {id_: values for id_ in on if (values := _settings(plugins[id_], number))},
    )


def key_of(number: int) -> str:
    """A key of eight digits in the form of municipality keys. No district has a 9 in third place, so none is real."""
    rest, municipality = divmod(number // len(STATES), 1000)
    return f"{number % len(STATES) + 1:02}9{rest:02}{municipality:03}"


def id_of(kind: str, *numbers: int) -> UUID:
    """A time-ordered identifier (version 7) that is always the same for the same kind and numbers."""
    millis = round((_FIRST + timedelta(seconds=numbers[0])).timestamp() * 1000)
    bits = random.Random(f"{kind} {numbers}").getrandbits(74)  # noqa: S311 - repeatable, no secret
    return UUID(int=millis << 80 | 7 << 76 | (bits >> 62) << 64 | 2 << 62 | bits & (1 << 62) - 1)


def _switched(number: int, plugins: Mapping[str, Plugin]) -> Iterator[str]:
    """The number's binary digits say which plugins are on; what others require comes along."""
    wanted = {id_ for place, id_ in enumerate(plugins) if number >> place & 1}
    for id_ in reversed(list(plugins)):
        if id_ in wanted:
            wanted.update(plugins[id_].requires)
    return (id_ for id_ in plugins if id_ in wanted and plugins[id_].level == "tenant")


def _settings(plugin: Plugin, number: int) -> Mapping[str, Any]:
    """In every fourth town the plugin's first plain setting is set, to its default: it is read, and nothing bends."""
    plain = [field.name for field in fields_of(plugin.settings) if not field.secret]
    if number % 4 or not plain:
        return {}
    values = plugin.settings().model_dump(mode="json")
    return {plain[0]: values[plain[0]]}
