"""The port behind which people and machine clients are administered, and what passes through it.

Implementations translate and nothing more: who may do what is decided above (``service``, ``clients``). A town is
named by its slug, a member by the login server's identifier (the claim ``sub``), a group by its path (``/editors``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class MemberState(StrEnum):
    """Where a member stands."""

    ACTIVE = "active"
    INVITED = "invited"
    """Has not signed in yet: the account waits for its password."""
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Member:
    """A person who belongs to a town. ``managed``: comes from the town's own directory, and vanishes with it."""

    id: str
    email: str
    first_name: str
    last_name: str
    groups: frozenset[str]
    state: MemberState = MemberState.ACTIVE
    managed: bool = False

    @property
    def name(self) -> str:
        """Name for people; the address where none is known."""
        return " ".join(part for part in (self.first_name, self.last_name) if part) or self.email


@dataclass(frozen=True, slots=True)
class NewMember:
    """A person to be invited, and the groups that he joins."""

    email: str
    first_name: str
    last_name: str
    groups: frozenset[str]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invited person. ``mailed``: the login server has written to him; otherwise the platform has to."""

    member: Member
    mailed: bool


@dataclass(frozen=True, slots=True)
class Organization:
    """A town as the login server knows it."""

    slug: str
    name: str
    members: int


@dataclass(frozen=True, slots=True)
class MachineClient:
    """A program with an access of its own. ``roles`` are client roles of the API (``graphql.write``)."""

    id: str
    tenant: str
    purpose: str
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class NewSecret:
    """A client and its secret, which is told once and cannot be read again."""

    client: MachineClient
    secret: str


def client_id(tenant: str, purpose: str) -> str:
    """The name of a machine client: one per town and purpose."""
    return f"m2m-{tenant}-{purpose}"


class IdentityAdmin(Protocol):
    """What a login server must let us do. Raises the errors of ``faults``; every change may be repeated safely."""

    @property
    def issuer(self) -> str:
        """The issuer whose people these are: members' ids are its subjects."""
        ...

    async def ensure_tenant(self, slug: str, name: str, ags: str) -> None:
        """Make the town's organization with the groups of the core's roles, or complete it."""
        ...

    async def list_tenants(self) -> Sequence[Organization]:
        """All organizations by name."""
        ...

    async def remove_tenant(self, slug: str) -> None:
        """Remove the organization with its memberships and machine clients; accounts that others use stay."""
        ...

    async def list_members(self, tenant: str) -> Sequence[Member]:
        """All members by name, in a number of calls that depends on groups and not on members."""
        ...

    async def find_member(self, tenant: str, member: str) -> Member:
        """One member. Raises ``UnknownMember``, also for a person of another town."""
        ...

    async def invite(self, tenant: str, person: NewMember) -> Invited:
        """Make a person a member. Raises ``AlreadyMember``, ``InvalidInput`` or ``NoMail``; then nothing has changed.

        Somebody without an account gets one, which waits for its password.
        """
        ...

    async def remind(self, tenant: str, member: str) -> Invited:
        """Invite a person who has not signed in yet once more. Raises ``NotInvited`` for anybody else."""
        ...

    async def grant(self, tenant: str, member: str, group: str) -> None:
        """Put a member into a group, which is made if it is missing."""
        ...

    async def revoke(self, tenant: str, member: str, group: str) -> None:
        """Take a member out of a group."""
        ...

    async def remove_member(self, tenant: str, member: str) -> None:
        """End a membership. An account that was made for it and never used vanishes as well."""
        ...

    async def list_groups(self, tenant: str) -> Sequence[str]:
        """Paths of the organization's groups."""
        ...

    async def remove_group(self, tenant: str, group: str) -> None:
        """Remove a group with its memberships; one that is missing is no error."""
        ...

    async def list_clients(self, tenant: str) -> Sequence[MachineClient]:
        """The town's machine clients by purpose."""
        ...

    async def create_client(self, tenant: str, purpose: str, roles: frozenset[str]) -> NewSecret:
        """Make a machine client. Raises ``ClientExists``."""
        ...

    async def renew_secret(self, tenant: str, purpose: str) -> NewSecret:
        """Give a machine client a new secret; the old one ends at once. Raises ``UnknownClient``."""
        ...

    async def remove_client(self, tenant: str, purpose: str) -> None:
        """Remove a machine client. Raises ``UnknownClient``."""
        ...

    async def close(self) -> None:
        """Close connections."""
        ...
