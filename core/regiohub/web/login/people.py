"""The made-up people as the sign-in page of the built-in issuer lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import URL

from regiohub.auth.admin.dev import DevPerson
from regiohub.auth.roles.town import default_roles
from regiohub.auth.roles.words import WORDS
from regiohub.texts import Language, Text, t

_REGIONAL: Final = {
    "regional-admin": t("Administration der Region", "Regional administration"),
    "regional-auditor": t("Revision der Region", "Regional auditor"),
}
_CITIZEN: Final = t("ohne Rolle", "no role")
_REGION: Final = t("Region", "Region")
_SEVERAL: Final = t("Mehrere Kommunen", "Several towns")
_OTHERS: Final = t("Alle anderen", "Everybody else")


@dataclass(frozen=True, slots=True)
class Shown:
    """One person: name, roles in words, where a click leads."""

    name: str
    roles: str
    invited: bool
    url: str


def groups_of(
    people: Sequence[DevPerson], towns: Mapping[str, str], spoken: Language, here: URL
) -> list[tuple[str, list[Shown]]]:
    """Headings with their people: the region, each town, several towns, everybody else."""
    headings = [_REGION.get(spoken), *towns.values(), _SEVERAL.get(spoken), _OTHERS.get(spoken)]
    groups: dict[str, list[Shown]] = {heading: [] for heading in headings}
    for person in people:
        shown = Shown(
            name=person.name,
            roles=_roles(person, towns, spoken),
            invited=person.invited,
            # Relative: the page may be reached under another name than the one that the server thinks it has.
            url=f"?{here.include_query_params(subject=person.subject).query}",
        )
        groups[_heading(person, towns).get(spoken)].append(shown)
    return [(heading, members) for heading, members in groups.items() if members]


def _heading(person: DevPerson, towns: Mapping[str, str]) -> Text:
    known = [slug for slug in person.towns if slug in towns]
    if person.regional:
        return _REGION
    if len(known) == 1:
        return t(towns[known[0]], towns[known[0]])
    return _SEVERAL if known else _OTHERS


def _roles(person: DevPerson, towns: Mapping[str, str], spoken: Language) -> str:
    known = {slug: groups for slug, groups in person.towns.items() if slug in towns}
    words = [_REGIONAL[role].get(spoken) for role in person.regional if role in _REGIONAL]
    for slug, groups in known.items():
        roles = [role for group in groups for role in sorted(default_roles(group))]
        named = ", ".join(WORDS[role].title.get(spoken) if role in WORDS else role for role in roles)
        named = named or _CITIZEN.get(spoken)
        words.append(f"{towns[slug]}: {named}" if len(known) > 1 else named)
    return "; ".join(words) or _CITIZEN.get(spoken)
