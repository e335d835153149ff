"""Where rights come from: four sources and no other.

1. Staff: the organization claim of the town in the request, read with the town's own roles and groups. Top-level roles
   never count here, because Keycloak repeats the roles of organization groups there without saying for which one.
2. Any signed-in person is ``citizen`` of every town, for own rows only.
3. Machine clients: ``regiohub_tenant`` equals the town in the request, and the client roles of the API.
4. Regional roles of an issuer that may speak for the region: a closed list of region permissions, no town's data.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from regiohub.errors import Forbidden
from regiohub.texts import t

from .claims import Claims
from .permissions import CITIZEN, MACHINE, REGION_ROLES, Permission, granted
from .principal import Principal, PrincipalKind
from .roles.town import NO_ROLES, TownRoles

WRITE: Final = "graphql.write"
INGEST: Final = "ingest.write"


class ForeignTenant(Forbidden):
    """A machine client's token was used for another town than its own."""

    code = "FOREIGN_TENANT"


def principal_of(
    claims: Claims,
    *,
    tenant: str | None,
    declared: Iterable[Permission],
    roles: TownRoles = NO_ROLES,
    speaks_for_region: bool = False,
) -> Principal:
    """The caller behind validated claims, with the rights that he has in one town.

    ``tenant`` is the slug of the town in the request, ``None`` at the region; ``declared`` are the permissions of the
    core and of the plugins that are on for the town; ``roles`` are that town's own. Raises ``ForeignTenant`` for a
    machine client of another town.
    """
    caller = Principal(
        PrincipalKind.PERSON,
        subject=claims.subject,
        name=claims.name,
        email=claims.email,
        tenant=tenant,
        expires_at=claims.expires_at,
        issuer=claims.issuer,
    )
    if claims.is_machine:
        return _machine(caller, claims, tenant, declared)
    have: frozenset[str] = frozenset({CITIZEN})
    permissions: frozenset[str] = frozenset()
    if tenant is not None:
        have |= staff_roles(claims, tenant, roles)
        permissions = permissions_of(have, declared, roles)
    regional = {role: REGION_ROLES[role] for role in claims.top_roles if role in REGION_ROLES}
    if regional and speaks_for_region:
        region = {permission.id for permissions in regional.values() for permission in permissions}
        return replace(
            caller, kind=PrincipalKind.REGIONAL, roles=have | frozenset(regional), permissions=permissions | region
        )
    return replace(caller, roles=have, permissions=permissions)


def staff_roles(claims: Claims, tenant: str, roles: TownRoles = NO_ROLES) -> frozenset[str]:
    """The roles that a person has as staff of a town: from that town's entry of the claims and nothing else."""
    if tenant not in claims.staff:
        return frozenset()
    return roles.of(claims.staff[tenant], claims.groups.get(tenant, frozenset()))


def permissions_of(have: Iterable[str], declared: Iterable[Permission], roles: TownRoles = NO_ROLES) -> frozenset[str]:
    """Ids of the permissions that a set of roles gives in a town whose own roles are ``roles``."""
    names = frozenset(have)
    own = frozenset[str]().union(*(roles.permissions_of(role) for role in names))
    return granted(names, declared, own)


def _machine(caller: Principal, claims: Claims, tenant: str | None, declared: Iterable[Permission]) -> Principal:
    if tenant is None:
        return replace(caller, kind=PrincipalKind.MACHINE, roles=frozenset({MACHINE}))
    if claims.machine_tenant != tenant:
        raise ForeignTenant(
            t("Dieser Zugang gilt für eine andere Kommune.", "This access is for another town."),
        )
    permissions: set[str] = set()
    for permission in declared:
        # A client role may name a permission itself, but only one that its plugin opens to machines.
        ingest = permission.id.endswith(".ingest") and INGEST in claims.client_roles
        named = WRITE in claims.client_roles or permission.id in claims.client_roles
        if MACHINE in permission.roles and (ingest or named):
            permissions.add(permission.id)
    return replace(
        caller,
        kind=PrincipalKind.MACHINE,
        roles=claims.client_roles | {MACHINE},
        permissions=frozenset(permissions),
    )
