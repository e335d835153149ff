"""Permissions, and the roles that bundle them."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from regiohub.texts import Text, t

_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}(\.[a-z][a-z0-9_]{0,59}){1,2}")

TENANT_ADMIN: Final = "tenant-admin"
CITIZEN: Final = "citizen"
MACHINE: Final = "machine"
STAFF_ROLES: Final = frozenset({TENANT_ADMIN, "editor", "caretaker", "coordinator", "auditor"})
"""Roles that a town gives to its staff. ``auditor`` reads; what each of them may do, the permissions say."""
BUNDLES: Final = STAFF_ROLES | {CITIZEN, MACHINE}
"""Every role that a permission may name."""
PLUGIN_ADMIN: Final = "plugin-admin:"
"""Prefix of the role that has all permissions of one plugin: ``plugin-admin:booking``."""


@dataclass(frozen=True, slots=True)
class Permission:
    """A right that a plugin (or the core) declares and its services check.

    ``id`` is ``<plugin>.<action>``; ``roles`` are the roles that have it by default. ``tenant-admin`` has every
    permission of the town and need not be named.
    """

    id: str
    title: Text
    roles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.id):
            raise ValueError(f"permission {self.id!r}: write it as <plugin>.<action>, lower case")
        unknown = sorted(set(self.roles) - BUNDLES)
        if unknown:
            raise ValueError(f"permission {self.id}: unknown roles {unknown}; known are {sorted(BUNDLES)}")

    def __str__(self) -> str:
        return self.id


PUBLIC: Final = Permission("core.public", t("Für alle", "For everybody"))
"""Marks what anonymous callers may do too; such mutations are rate-limited."""
SIGNED_IN: Final = Permission("core.signed_in", t("Für Angemeldete", "For signed-in persons"))
"""Marks what any signed-in person may do, on own rows only: the service holds the second half of this promise."""

TENANT_PLUGINS: Final = Permission(
    "tenant.plugins", t("Plugins ein- und ausschalten", "Switch plugins on and off"), roles=(TENANT_ADMIN,)
)
TENANT_SETTINGS: Final = Permission(
    "tenant.settings", t("Einstellungen ändern", "Change settings"), roles=(TENANT_ADMIN,)
)
TENANT_SHARING: Final = Permission(
    "tenant.sharing", t("Daten für andere freigeben", "Share data with others"), roles=(TENANT_ADMIN,)
)
TENANT_AUDIT: Final = Permission("tenant.audit", t("Protokoll lesen", "Read the audit log"), roles=("auditor",))
TENANT_MEMBERS: Final = Permission(
    "tenant.members", t("Personen einladen und Rollen vergeben", "Invite people and grant roles"), roles=(TENANT_ADMIN,)
)
TENANT_ROLES: Final = Permission(
    "tenant.roles", t("Eigene Rollen und Gruppen festlegen", "Define own roles and groups"), roles=(TENANT_ADMIN,)
)
TENANT_CLIENTS: Final = Permission(
    "tenant.clients", t("Zugänge für Programme verwalten", "Manage access for programs"), roles=(TENANT_ADMIN,)
)
TENANT_MEASURES: Final = Permission(
    "tenant.measures", t("Maßnahmen und Indikatoren pflegen", "Keep measures and indicators"), roles=("editor",)
)
TENANT_PRIVACY: Final = Permission(
    "tenant.privacy",
    t("Daten zu einer Person herausgeben und löschen", "Hand out and erase data on a person"),
    roles=(TENANT_ADMIN,),
)
TENANT_PERMISSIONS: Final = (
    TENANT_PLUGINS, TENANT_SETTINGS, TENANT_SHARING, TENANT_AUDIT, TENANT_MEMBERS, TENANT_ROLES, TENANT_CLIENTS,
    TENANT_MEASURES, TENANT_PRIVACY,
)  # fmt: skip
"""What the core itself lets a town's staff do."""

REGION_TOWNS: Final = Permission("region.towns", t("Kommunen verwalten", "Manage towns"))
REGION_ACTIVATION: Final = Permission("region.activation", t("Plugins je Kommune schalten", "Switch plugins per town"))
REGION_SHARING: Final = Permission("region.sharing", t("Freigaben verwalten", "Manage sharing"))
REGION_OPERATION: Final = Permission("region.operation", t("Betrieb steuern", "Operate the platform"))
REGION_READ: Final = Permission("region.read", t("Verwaltung der Region einsehen", "See the region's administration"))
REGION_AUDIT: Final = Permission("region.audit", t("Protokoll der Region lesen", "Read the region's audit log"))
REGION_ROLES: Final[dict[str, tuple[Permission, ...]]] = {
    "regional-admin": (
        REGION_TOWNS, REGION_ACTIVATION, REGION_SHARING, REGION_OPERATION, REGION_READ, REGION_AUDIT,
    ),
    "regional-auditor": (REGION_READ, REGION_AUDIT),
}  # fmt: skip
"""The closed list of what regional roles may do. None of it opens a town's data; a plugin cannot add to it."""

RESERVED: Final = ("core.", "region.")
"""Permissions that no role of a town ever gives."""
_TENANT = "tenant."


def granted(
    roles: Iterable[str], declared: Iterable[Permission], named: Collection[str] = frozenset()
) -> frozenset[str]:
    """Ids of the declared permissions that these roles have together, within one town.

    ``named``: permissions that the town's own roles among them name; only declared ones count. Region permissions and
    the markers ``PUBLIC`` and ``SIGNED_IN`` are never granted by a role.
    """
    have = frozenset(roles)
    return frozenset(
        permission.id
        for permission in declared
        if not permission.id.startswith(RESERVED)
        and (
            TENANT_ADMIN in have
            or permission.id in named
            or not have.isdisjoint(permission.roles)
            # A group for a "plugin" called tenant is no back door to the town itself.
            or (not permission.id.startswith(_TENANT) and f"{PLUGIN_ADMIN}{permission.id.partition('.')[0]}" in have)
        )
    )
