"""Organizations and their groups, found by slug and path."""

from __future__ import annotations

from typing import Any

from regiohub.auth.admin.faults import UnknownTown
from regiohub.auth.permissions import STAFF_ROLES
from regiohub.auth.roles.town import default_roles

from .wire import Wire


class Organizations:
    """Finds organizations and groups, and makes groups. Identifiers are remembered for one operation."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._ids: dict[str, str] = {}

    def forget(self) -> None:
        """Look everything up again: others change the realm too."""
        self._ids.clear()

    async def id_of(self, slug: str) -> str:
        """The identifier of a town's organization. Raises ``UnknownTown``."""
        if slug not in self._ids:
            found = await self._wire.list("organizations", q=f"alias:{slug}")
            id_ = next((entry["id"] for entry in found if entry["alias"] == slug), None)
            if id_ is None:
                raise UnknownTown
            self._ids[slug] = id_
        return self._ids[slug]

    async def groups(self, slug: str) -> dict[str, str]:
        """Identifiers of all groups by path."""
        id_ = await self.id_of(slug)
        found: dict[str, str] = {}
        waiting = await self._below(id_, None)
        while waiting:
            group = waiting.pop()
            found[group["path"]] = group["id"]
            if group.get("subGroupCount"):
                waiting += await self._below(id_, group["id"])
        return found

    async def group(self, slug: str, path: str) -> str | None:
        """The identifier of one group."""
        return (await self._walk(slug, path))[0]

    async def ensure_group(self, slug: str, path: str) -> str:
        """The identifier of a group, which is made with all above it where missing."""
        known, parent, missing = await self._walk(slug, path)
        id_ = await self.id_of(slug)
        for name in missing:
            parent = await self._make(id_, parent, name)
            known = parent
        assert known is not None
        if missing:
            await self._give_roles(id_, known, default_roles(path) & STAFF_ROLES)
        return known

    async def _walk(self, slug: str, path: str) -> tuple[str | None, str | None, list[str]]:
        """The group; the last one above it that exists; names that are missing below that one."""
        id_ = await self.id_of(slug)
        names = path.strip("/").split("/")
        parent: str | None = None
        for place, name in enumerate(names):
            below = await self._below(id_, parent)
            known = next((group["id"] for group in below if group["name"] == name), None)
            if known is None:
                return None, parent, names[place:]
            parent = known
        return parent, parent, []

    async def _make(self, id_: str, parent: str | None, name: str) -> str:
        below = f"/{parent}/children" if parent else ""
        return await self._wire.realm.post(f"organizations/{id_}/groups{below}", {"name": name})

    async def _give_roles(self, id_: str, group: str, roles: frozenset[str]) -> None:
        found = [await self._wire.realm.get(f"roles/{role}") for role in sorted(roles)]
        if found:
            await self._wire.realm.post(f"organizations/{id_}/groups/{group}/role-mappings/realm", found)

    async def _below(self, id_: str, group: str | None) -> list[dict[str, Any]]:
        path = f"organizations/{id_}/groups"
        return await self._wire.list(f"{path}/{group}/children" if group else path, subGroupsCount="true")
