"""A town's own roles, and which roles the groups of its organization carry: a snapshot that requests read.

A group carries a role by its path: ``/editors`` the role ``editor``, ``/measures/booking/admins`` everything of one
plugin, ``/roles/press`` the town's own role ``press``. A town may say otherwise for any group but that of its admins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from regiohub.auth.permissions import PLUGIN_ADMIN, STAFF_ROLES, TENANT_ADMIN
from regiohub.texts import Text

OWN: Final = "own:"
"""Prefix of the name of a town's own role: ``own:press``."""
KEY: Final = re.compile(r"[a-z][a-z0-9-]{1,38}[a-z0-9]")
"""Key of an own role: lower case, digits, hyphens; 3 to 40 characters."""
ADMINS: Final = f"/{TENANT_ADMIN}s"
"""The group whose meaning nobody changes: a town must always have admins."""

_BY_GROUP: Final = {f"/{role}s": role for role in sorted(STAFF_ROLES)}
_PLUGIN: Final = re.compile(r"/measures/([a-z][a-z0-9_]{0,39})/admins")
_OWN_GROUP: Final = re.compile(r"/roles/([^/]+)")


@dataclass(frozen=True, slots=True)
class OwnRole:
    """A role that a town has made. ``permissions`` are ids; one of a plugin that is off grants nothing."""

    key: str
    title: Text
    permissions: frozenset[str]

    @property
    def name(self) -> str:
        """Its name among other roles."""
        return OWN + self.key


@dataclass(frozen=True, slots=True)
class TownRoles:
    """Own roles by key; ``groups`` are the groups whose default the town has replaced, with the roles they carry."""

    own: Mapping[str, OwnRole] = field(default_factory=dict[str, OwnRole])
    groups: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])

    def carried_by(self, group: str) -> frozenset[str]:
        """The roles that a group carries in this town."""
        return self.groups[group] if group in self.groups and group != ADMINS else default_roles(group)

    def of(self, named: Iterable[str], groups: Iterable[str]) -> frozenset[str]:
        """The roles of a member: ``named`` by the login server for this town, and carried by his groups.

        The login server names the default roles of groups as well. What the town has replaced must not come back
        that way, so such a name counts only if another of the member's groups still carries it.
        """
        mine = frozenset(groups)
        replaced = {group for group in mine if group in self.groups and group != ADMINS}
        gone = frozenset[str]().union(*(default_roles(group) for group in replaced))
        carried = frozenset[str]().union(*(self.carried_by(group) for group in mine))
        roles = (frozenset(named) & STAFF_ROLES) - gone | carried
        return frozenset(role for role in roles if not role.startswith(OWN) or role.removeprefix(OWN) in self.own)

    def permissions_of(self, role: str) -> frozenset[str]:
        """The permissions that one of this town's own roles names; none for any other."""
        found = self.own.get(role.removeprefix(OWN)) if role.startswith(OWN) else None
        return found.permissions if found else frozenset()


NO_ROLES: Final = TownRoles()
"""A town that has neither own roles nor replaced groups."""


def default_roles(group: str) -> frozenset[str]:
    """The roles that a group carries by its path, unless the town says otherwise."""
    if role := _BY_GROUP.get(group):
        return frozenset({role})
    if plugin := _PLUGIN.fullmatch(group):
        return frozenset({PLUGIN_ADMIN + plugin[1]})
    if own := _OWN_GROUP.fullmatch(group):
        return frozenset({OWN + own[1]})
    return frozenset()


def group_of(role: str) -> str | None:
    """The group that carries a role by default; ``None`` for what no group carries (``citizen``)."""
    if role in STAFF_ROLES:
        return f"/{role}s"
    if role.startswith(PLUGIN_ADMIN):
        return f"/measures/{role.removeprefix(PLUGIN_ADMIN)}/admins"
    if role.startswith(OWN):
        return f"/roles/{role.removeprefix(OWN)}"
    return None
