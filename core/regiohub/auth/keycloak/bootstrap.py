"""Bringing a realm into the shape that the platform needs, as often as you like: only what differs is changed.

The realm file in ``deploy/keycloak`` holds clients and roles. What an import cannot do is done here: how memberships
are written into tokens, and the organizations of the towns, which come and go with the platform's.
"""

from collections.abc import Iterable
from typing import Any, Final

from regiohub.auth.permissions import REGION_ROLES, STAFF_ROLES

from .connection import Realm
from .organizations import TownFacts, ensure_organizations

SCOPE: Final = "organization"
"""Keycloak's own client scope, which every realm with organizations has."""
_EVERYWHERE: Final = {"access.token.claim": "true", "id.token.claim": "true", "introspection.token.claim": "true"}
_MAPPERS: Final[dict[str, dict[str, str]]] = {
    # Memberships as an object keyed by alias, instead of a bare list of names.
    "oidc-organization-membership-mapper": {
        **_EVERYWHERE,
        "claim.name": "organization",
        "jsonType.label": "JSON",
        "multivalued": "true",
        "addOrganizationId": "true",
        "addOrganizationAttributes": "true",
    },
    # Groups within the organization, and the roles they carry: the only source of a person's rights in a town.
    "oidc-organization-group-membership-mapper": {**_EVERYWHERE, "addGroupRoleMappings": "true"},
}


async def bootstrap(realm: Realm, towns: Iterable[TownFacts]) -> list[str]:
    """Mends the realm and the organizations of these towns; gives what was changed, in words, or nothing.

    Raises ``RealmRefused`` (also where the account in use may not do it) and ``RealmUnreachable``.
    """
    changes = [*await _ensure_organizations_are_on(realm), *await _ensure_roles(realm), *await _ensure_scope(realm)]
    return changes + await ensure_organizations(realm, towns)


async def _ensure_organizations_are_on(realm: Realm) -> list[str]:
    if (await realm.get(""))["organizationsEnabled"]:
        return []
    await realm.put("", {"organizationsEnabled": True})
    return ["realm: organizations switched on"]


async def _ensure_roles(realm: Realm) -> list[str]:
    known = {role["name"] for role in await realm.call(realm.admin.a_get_realm_roles())}
    missing = sorted({*STAFF_ROLES, *REGION_ROLES} - known)
    for role in missing:
        await realm.call(realm.admin.a_create_realm_role({"name": role}))
    return [f"realm: role {role} created" for role in missing]


async def _ensure_scope(realm: Realm) -> list[str]:
    scopes = await realm.call(realm.admin.a_get_client_scopes())
    scope = next(entry for entry in scopes if entry["name"] == SCOPE)
    present: dict[str, dict[str, Any]] = {
        mapper["protocolMapper"]: mapper for mapper in scope.get("protocolMappers", ())
    }
    changes: list[str] = []
    for kind, wanted in _MAPPERS.items():
        mapper = present.get(kind)
        if mapper is None:
            new = {"name": kind.removeprefix("oidc-"), "protocol": "openid-connect", "protocolMapper": kind}
            await realm.call(realm.admin.a_add_mapper_to_client_scope(scope["id"], {**new, "config": wanted}))
            changes.append(f"scope {SCOPE}: mapper {kind} added")
        elif wanted.items() - mapper["config"].items():
            mended = {**mapper, "config": {**mapper["config"], **wanted}}
            await realm.call(realm.admin.a_update_mapper_in_client_scope(scope["id"], mapper["id"], mended))
            changes.append(f"scope {SCOPE}: mapper {kind} brought up to date")
    return changes
