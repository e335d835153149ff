"""A town as an organization of the realm: alias = slug, its official key as an attribute, groups that carry roles."""

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


async def find_organization(realm: Realm, slug: str) -> dict[str, Any] | None:
    """The organization whose alias is this slug, with its attributes."""
    # The search looks into names and domains only, so the alias is compared here.
    listed = await realm.get("organizations", briefRepresentation="false", max=ALL)
    return next((entry for entry in listed if entry.get("alias") == slug), None)


async def ensure_organization(realm: Realm, town: TownFacts) -> list[str]:
    """Creates or mends the organization of a town with its groups and their roles; says what was changed.

    What somebody has added (members, further groups, roles of groups, other attributes) stays.
    """
    found = await find_organization(realm, town.slug)
    if found is None:
        id_ = await realm.post("organizations", _wanted(town))
        changes = [f"{town.slug}: organization created"]
    else:
        id_, changes = found["id"], await _mended(realm, town, found)
    return changes + await _ensure_groups(realm, town.slug, id_)


def _wanted(town: TownFacts) -> dict[str, Any]:
    return {"name": town.name, "alias": town.slug, "enabled": True, "attributes": {"ags": [town.ags]}}


async def _mended(realm: Realm, town: TownFacts, found: dict[str, Any]) -> list[str]:
    attributes = {**found.get("attributes", {}), "ags": [town.ags]}
    if (found["name"], found.get("attributes")) == (town.name, attributes):
        return []
    await realm.put(f"organizations/{found['id']}", {**found, "name": town.name, "attributes": attributes})
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
