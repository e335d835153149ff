"""A town as an organization of the realm: alias = slug, its official key as an attribute, groups that carry roles."""

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from regiohub.auth.permissions import STAFF_ROLES

from .connection import Realm

ALL: Final = 100_000
"""More than any list has: Keycloak's lists have ten entries unless told otherwise."""


class TownFacts(Protocol):
    """What an organization takes from a town."""

    @property
    def slug(self) -> str:
        """Name of the town in addresses."""
        ...

    @property
    def name(self) -> str:
        """The town's full name."""
        ...

    @property
    def ags(self) -> str:
        """The official municipality key (eight digits)."""
        ...


def group_of(role: str) -> str:
    """Name of the group that carries a staff role: ``editors`` for ``editor``."""
    return f"{role}s"


async def organizations(realm: Realm) -> dict[str, dict[str, Any]]:
    """All organizations with their attributes, by alias: Keycloak's own search looks into names and domains only."""
    listed = await realm.get("organizations", briefRepresentation="false", max=ALL)
    return {entry["alias"]: entry for entry in listed}


async def ensure_organization(realm: Realm, town: TownFacts) -> list[str]:
    """Creates or mends the organization of a town with its groups and their roles; says what was changed.

    What somebody has added (members, further groups, roles of groups, other attributes) stays.
    """
    return await ensure_organizations(realm, (town,))


async def ensure_organizations(realm: Realm, towns: Iterable[TownFacts]) -> list[str]:
    """The same for several towns."""
    known, changes = await organizations(realm), list[str]()
    for town in towns:
        name, found = _name(town, known), known.get(town.slug)
        if found is None:
            wanted = {"name": name, "alias": town.slug, "enabled": True, "attributes": {"ags": [town.ags]}}
            known[town.slug] = wanted | {"id": await realm.post("organizations", wanted)}
            changes.append(f"{town.slug}: organization created")
        else:
            changes += await _mended(realm, town, name, found)
        changes += await _ensure_groups(realm, town.slug, known[town.slug]["id"])
    return changes


def _name(town: TownFacts, known: Mapping[str, dict[str, Any]]) -> str:
    """The town's name; with its slug if another town has the same, because a realm allows each name once."""
    others = {entry["name"] for alias, entry in known.items() if alias != town.slug}
    return f"{town.name} ({town.slug})" if town.name in others else town.name


async def _mended(realm: Realm, town: TownFacts, name: str, found: dict[str, Any]) -> list[str]:
    attributes = {**found.get("attributes", {}), "ags": [town.ags]}
    if (found["name"], found.get("attributes")) == (name, attributes):
        return []
    await realm.put(f"organizations/{found['id']}", {**found, "name": name, "attributes": attributes})
    return [f"{town.slug}: name and official key brought up to date"]


async def _ensure_groups(realm: Realm, slug: str, id_: str) -> list[str]:
    groups = {group["name"]: group["id"] for group in await realm.get(f"organizations/{id_}/groups", max=ALL)}
    changes: list[str] = []
    for role in sorted(STAFF_ROLES):
        name = group_of(role)
        if name not in groups:
            groups[name] = await realm.post(f"organizations/{id_}/groups", {"name": name})
            changes.append(f"{slug}: group /{name} created")
        mapping = f"organizations/{id_}/groups/{groups[name]}/role-mappings/realm"
        if role not in {carried["name"] for carried in await realm.get(mapping)}:
            await realm.post(mapping, [await realm.get(f"roles/{role}")])
            changes.append(f"{slug}: group /{name} carries the role {role}")
    return changes
