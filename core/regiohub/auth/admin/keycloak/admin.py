"""The port on a Keycloak realm."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from regiohub.auth.admin.port import Invited, MachineClient, Member, MemberState, NewMember, NewSecret, Organization
from regiohub.auth.keycloak import ensure_organization
from regiohub.settings import Settings

from .clients import Clients
from .organizations import Organizations
from .people import People
from .wire import Wire

CONSOLE: Final = "regiohub-console"
"""The client that the links of invitations belong to, unless the settings name another."""


@dataclass(frozen=True, slots=True)
class _Town:
    slug: str
    name: str
    ags: str


class KeycloakIdentityAdmin:
    """Administers the organizations of a realm with its service account. One object per worker."""

    def __init__(self, settings: Settings) -> None:
        """``settings`` name realm and service account. Nothing is sent before the first call."""
        self._wire = Wire(settings)
        self._issuer = f"{settings.keycloak_url}/realms/{settings.keycloak_realm}"
        self._organizations = Organizations(self._wire)
        console = next((entry.client_id for entry in settings.issuers if entry.issuer == self._issuer), CONSOLE)
        self._people = People(self._wire, self._organizations, console)
        self._clients = Clients(self._wire)

    @property
    def issuer(self) -> str:
        """The realm's issuer."""
        return self._issuer

    async def ensure_tenant(self, slug: str, name: str, ags: str) -> None:
        """Make the organization, or complete it."""
        async with self._talk():
            await ensure_organization(self._wire.realm, _Town(slug, name, ags))

    async def list_tenants(self) -> Sequence[Organization]:
        """All organizations with the number of their members: one call each."""
        async with self._talk():
            found = [
                Organization(entry["alias"], entry["name"], await self._count(entry["id"]))
                for entry in await self._wire.list("organizations")
            ]
        return sorted(found, key=lambda organization: organization.name)

    async def remove_tenant(self, slug: str) -> None:
        """Remove the organization, its machine clients, and accounts that were made for it and never used."""
        async with self._talk():
            await self._organizations.id_of(slug)
            for client in await self._clients.all(slug):
                await self._clients.remove(slug, client.purpose)
            for member in await self._people.all(slug):
                if member.state is MemberState.INVITED:
                    await self._people.remove(slug, member.id)
            await self._wire.realm.delete(f"organizations/{await self._organizations.id_of(slug)}")

    async def list_members(self, tenant: str) -> Sequence[Member]:
        """All members with their groups."""
        async with self._talk():
            return await self._people.all(tenant)

    async def find_member(self, tenant: str, member: str) -> Member:
        """One member."""
        async with self._talk():
            return await self._people.one(tenant, member)

    async def invite(self, tenant: str, person: NewMember) -> Invited:
        """Make a person a member."""
        async with self._talk():
            return await self._people.invite(tenant, person)

    async def remind(self, tenant: str, member: str) -> Invited:
        """Send the invitation once more."""
        async with self._talk():
            return await self._people.remind(tenant, member)

    async def grant(self, tenant: str, member: str, group: str) -> None:
        """Put a member into a group."""
        async with self._talk():
            await self._people.grant(tenant, member, group)

    async def revoke(self, tenant: str, member: str, group: str) -> None:
        """Take a member out of a group."""
        async with self._talk():
            await self._people.revoke(tenant, member, group)

    async def remove_member(self, tenant: str, member: str) -> None:
        """End a membership."""
        async with self._talk():
            await self._people.remove(tenant, member)

    async def list_groups(self, tenant: str) -> Sequence[str]:
        """Paths of groups."""
        async with self._talk():
            return sorted(await self._organizations.groups(tenant))

    async def remove_group(self, tenant: str, group: str) -> None:
        """Remove a group."""
        async with self._talk():
            place = await self._organizations.group(tenant, group)
            if place is not None:
                await self._wire.realm.delete(f"organizations/{await self._organizations.id_of(tenant)}/groups/{place}")

    async def list_clients(self, tenant: str) -> Sequence[MachineClient]:
        """Machine clients by purpose."""
        async with self._talk():
            return await self._clients.all(tenant)

    async def create_client(self, tenant: str, purpose: str, roles: frozenset[str]) -> NewSecret:
        """Make a machine client."""
        async with self._talk():
            await self._organizations.id_of(tenant)
            return await self._clients.create(tenant, purpose, roles)

    async def renew_secret(self, tenant: str, purpose: str) -> NewSecret:
        """Give a machine client a new secret."""
        async with self._talk():
            return await self._clients.renew(tenant, purpose)

    async def remove_client(self, tenant: str, purpose: str) -> None:
        """Remove a machine client."""
        async with self._talk():
            await self._clients.remove(tenant, purpose)

    async def close(self) -> None:
        """Close connections."""
        await self._wire.close()

    async def _count(self, organization: str) -> int:
        return int(await self._wire.realm.get(f"organizations/{organization}/members/count"))

    @asynccontextmanager
    async def _talk(self) -> AsyncGenerator[None]:
        async with self._wire.talk():
            self._organizations.forget()
            yield
