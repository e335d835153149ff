"""Everybody who may knock: nobody, residents, staff of each role, staff of elsewhere, the region, programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from regiohub.auth.permissions import (
    CITIZEN,
    MACHINE,
    PLUGIN_ADMIN,
    PUBLIC,
    REGION_ROLES,
    SIGNED_IN,
    STAFF_ROLES,
    TENANT_ADMIN,
    Permission,
    granted,
)
from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.auth.rights import INGEST, WRITE
from regiohub.graphql.transport.service import REGION
from regiohub.plugins.subjects import Subject
from regiohub.testing.world import World

TOWN, OTHER = "potsdam", "bad-belzig"
"""The town that is asked, and the one whose rows are out of reach."""


@dataclass(frozen=True)
class Caller:
    """Somebody with a token (None: without). `roles`: those that count in the town that is asked."""

    name: str
    token: str | None
    roles: frozenset[str] = frozenset()
    person: bool = True
    shut_out: bool = False
    """Whether the token does not open this town at all."""
    regional: frozenset[str] = frozenset()
    """Ids of the region's permissions."""

    def at(self, where: str) -> Caller:
        """The same caller as he counts there: at the region no role of a town means anything."""
        return self if where != REGION else replace(self, roles=frozenset(), shut_out=False)

    def may(self, permission: Permission | None) -> bool:
        """Whether the declaration lets this caller in; worked out from roles, not from what the platform says."""
        if permission is None or permission == PUBLIC:
            return not self.shut_out
        if permission == SIGNED_IN:
            return self.person and self.token is not None
        if self.shut_out:
            return False
        if not self.person:
            return MACHINE in permission.roles and bool(self.roles)
        return permission.id in self.regional or permission.id in granted(self.roles, [permission])

    @property
    def refusals(self) -> tuple[str, ...]:
        """Codes of which one is the answer where the right is missing."""
        if self.token is None:
            return ("UNAUTHENTICATED",)
        return ("FORBIDDEN", "FOREIGN_TENANT") if self.shut_out else ("FORBIDDEN",)

    async def principal(self, world: World, where: str) -> Principal:
        """The caller as the platform sees him in a town, or at the region."""
        return await world.app.state.web.resolver.resolve(self.token, None if where == REGION else where)


def callers(world: World, plugin: str) -> Sequence[Caller]:
    """All sorts of callers of Potsdam."""
    return list(_callers(world, plugin))


def _callers(world: World, plugin: str) -> Iterator[Caller]:
    citizen = frozenset({CITIZEN})
    yield Caller("somebody without a token", None)
    yield Caller("a signed-in resident", world.token(subject="resident"), citizen)
    for role in (TENANT_ADMIN, *sorted(STAFF_ROLES - {TENANT_ADMIN}), f"{PLUGIN_ADMIN}{plugin}"):
        yield Caller(f"staff with the role {role}", world.token(TOWN, roles=[role], subject=role), citizen | {role})
    everything = [*sorted(STAFF_ROLES), f"{PLUGIN_ADMIN}{plugin}"]
    yield Caller("staff of another town", world.token(OTHER, roles=everything, subject="neighbour"), citizen)
    for role in ("regional-admin", "regional-auditor"):
        ids = frozenset(permission.id for permission in REGION_ROLES[role])
        token = world.token(regional_roles=[role], subject=role)
        yield Caller(f"the region's {role}", token, citizen, regional=ids)
    rights = ["graphql.read", WRITE, INGEST]
    own = world.token(TOWN, roles=rights, subject="m2m", machine=True)
    yield Caller("a program of the town", own, frozenset({MACHINE}), person=False)
    elsewhere = world.token(OTHER, roles=rights, subject="m2m-elsewhere", machine=True)
    yield Caller("a program of another town", elsewhere, person=False, shut_out=True)


def person(who: Subject) -> Principal:
    """A resident whose rows stand in the tables."""
    email = next(iter(who.emails), None)
    return Principal(PrincipalKind.PERSON, subject=who.id, name="Anna Vertrag", email=email, roles=frozenset({CITIZEN}))


def distinct(found: Sequence[Caller], permissions: Sequence[Permission]) -> list[Caller]:
    """One caller for each set of rights, and the resident besides: who has the same rights gets the same answer."""
    seen: dict[tuple[bool, ...], Caller] = {}
    for caller in found:
        if not caller.shut_out:
            seen.setdefault((caller.token is None, *(caller.may(one) for one in permissions)), caller)
    return list(seen.values())
