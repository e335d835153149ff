"""The roles that a town can give, each with its words, its group and what it may do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from regiohub.auth.permissions import PLUGIN_ADMIN, RESERVED, TENANT_ADMIN, TENANT_PERMISSIONS, Permission
from regiohub.auth.rights import permissions_of
from regiohub.texts import Text, t

from .town import OWN, group_of
from .words import WORDS, plugin_admin_words

if TYPE_CHECKING:
    from regiohub.auth.principal import Principal
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

STAFF: Final = (TENANT_ADMIN, "editor", "coordinator", "caretaker", "auditor")
"""The core's roles in the order in which people read them."""
CORE_TITLE: Final = t("Verwaltung der Kommune", "Administration of the town")


@dataclass(frozen=True, slots=True)
class Role:
    """A role. ``permissions`` are ids in force now; ``dormant`` those that an own role names and no plugin has on."""

    name: str
    title: Text
    text: Text
    group: str
    permissions: frozenset[str]
    dormant: frozenset[str] = frozenset()

    @property
    def is_own(self) -> bool:
        """Whether the town has made it."""
        return self.name.startswith(OWN)

    @property
    def key(self) -> str:
        """The key of an own role."""
        return self.name.removeprefix(OWN)


def roles_of(platform: Platform, town: TenantInfo) -> Sequence[Role]:
    """The core's roles, one for each plugin that is on, and the town's own."""
    healthy = platform.plugins.healthy
    plugins = [healthy[id_] for id_ in healthy if id_ in town.enabled and healthy[id_].permissions]
    found = [_role(platform, town, name, WORDS[name].title, WORDS[name].text) for name in STAFF]
    found += [_role(platform, town, PLUGIN_ADMIN + plugin.id, *plugin_admin_words(plugin.title)) for plugin in plugins]
    for own in town.roles.own.values():
        text = t("Eigene Rolle dieser Kommune.", "This town's own role.")
        found.append(_role(platform, town, own.name, own.title, text, named=own.permissions))
    return found


def role_named(platform: Platform, town: TenantInfo, name: str) -> Role | None:
    """One of them."""
    return next((role for role in roles_of(platform, town) if role.name == name), None)


def title_of(platform: Platform, town: TenantInfo, role: str) -> Text:
    """Words for a role, also for one that the town cannot give at the moment."""
    known = role_named(platform, town, role)
    if known is not None:
        return known.title
    return WORDS[role].title if role in WORDS else Text(role, role)


def may_give(principal: Principal, role: Role) -> bool:
    """Whether somebody may give (or take) a role: nobody gives more than he has."""
    if principal.is_system or TENANT_ADMIN in principal.roles:
        return True
    if role.name == TENANT_ADMIN:
        return False
    if role.name.startswith(PLUGIN_ADMIN):
        # It grows with the plugin, so having all that it holds today is not enough.
        return role.name in principal.roles
    return role.permissions | role.dormant <= principal.permissions


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """Permissions of the core or of one plugin, for a list with headings."""

    id: str
    title: Text
    permissions: tuple[Permission, ...]


def assignable(platform: Platform, town: TenantInfo) -> Sequence[PermissionGroup]:
    """What own roles of a town can bundle: permissions of the core for towns, and of the plugins that are on."""
    healthy = platform.plugins.healthy
    groups = [PermissionGroup("tenant", CORE_TITLE, TENANT_PERMISSIONS)]
    for id_, plugin in healthy.items():
        mine = tuple(entry for entry in plugin.permissions if not entry.id.startswith(RESERVED))
        if id_ in town.enabled and mine:
            groups.append(PermissionGroup(id_, plugin.title, mine))
    return groups


def _role(
    platform: Platform, town: TenantInfo, name: str, title: Text, text: Text, named: frozenset[str] = frozenset()
) -> Role:
    group = group_of(name)
    assert group is not None
    held = permissions_of({name}, platform.permissions(town.slug), town.roles)
    return Role(name, title, text, group, held, named - held)
