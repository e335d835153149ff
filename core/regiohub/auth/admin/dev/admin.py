"""The port on the file of the built-in issuer."""

from __future__ import annotations

import secrets
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from regiohub.auth.admin.faults import (
    AlreadyMember,
    BadAddress,
    ClientExists,
    NotInvited,
    UnknownClient,
    UnknownMember,
    UnknownTown,
)
from regiohub.auth.admin.port import (
    Invited,
    MachineClient,
    Member,
    MemberState,
    NewMember,
    NewSecret,
    Organization,
    client_id,
)
from regiohub.errors import InvalidInput
from regiohub.mail.addresses import checked_address

from .directory import DevDirectory, add_town, hash_of
from .records import DevClient, DevPerson, DevState


class DevIdentityAdmin:
    """Administers the people of the built-in issuer. It sends no mail: the platform writes to those invited."""

    def __init__(self, directory: DevDirectory, issuer: str) -> None:
        self._directory = directory
        self._issuer = issuer

    @property
    def issuer(self) -> str:
        """The built-in issuer."""
        return self._issuer

    async def ensure_tenant(self, slug: str, name: str, ags: str) -> None:
        """Make the town, with example people."""
        with self._directory.change() as state:
            if slug not in state.towns:
                add_town(state, slug, name, ags, short_name=name)
            state.towns[slug].name, state.towns[slug].ags = name, ags

    async def list_tenants(self) -> Sequence[Organization]:
        """All towns."""
        state = self._directory.state()
        return sorted(
            (
                Organization(slug, town.name, sum(slug in person.towns for person in state.people.values()))
                for slug, town in state.towns.items()
            ),
            key=lambda town: town.name,
        )

    async def remove_tenant(self, slug: str) -> None:
        """Remove the town; whoever belongs to no other and never signed in goes with it."""
        with self._town(slug) as state:
            for person in list(state.people.values()):
                _leave(state, person, slug)
            state.clients = {id_: client for id_, client in state.clients.items() if client.tenant != slug}
            del state.towns[slug]

    async def list_members(self, tenant: str) -> Sequence[Member]:
        """Members by name."""
        state = self._known(tenant)
        found = [_member(person, tenant) for person in state.people.values() if tenant in person.towns]
        return sorted(found, key=lambda member: (member.last_name, member.first_name, member.email))

    async def find_member(self, tenant: str, member: str) -> Member:
        """One member."""
        return _member(_person(self._known(tenant), tenant, member), tenant)

    async def invite(self, tenant: str, person: NewMember) -> Invited:
        """Add a person, or make a known one a member."""
        try:
            email = checked_address(person.email).lower()
        except InvalidInput:
            raise BadAddress from None
        with self._town(tenant) as state:
            found = next((known for known in state.people.values() if known.email == email), None)
            if found is None:
                found = DevPerson(
                    subject=str(uuid4()), email=email, first_name=person.first_name, last_name=person.last_name,
                    invited=True,
                )  # fmt: skip
                state.people[found.subject] = found
            if tenant in found.towns:
                raise AlreadyMember
            found.towns[tenant] = tuple(sorted(person.groups))
            _add_groups(state, tenant, person.groups)
            return Invited(_member(found, tenant), mailed=False)

    async def remind(self, tenant: str, member: str) -> Invited:
        """Nothing to do here: the platform writes."""
        found = await self.find_member(tenant, member)
        if found.state is not MemberState.INVITED:
            raise NotInvited
        return Invited(found, mailed=False)

    async def grant(self, tenant: str, member: str, group: str) -> None:
        """Put a member into a group."""
        with self._town(tenant) as state:
            person = _person(state, tenant, member)
            person.towns[tenant] = tuple(sorted({*person.towns[tenant], group}))
            _add_groups(state, tenant, {group})

    async def revoke(self, tenant: str, member: str, group: str) -> None:
        """Take a member out of a group."""
        with self._town(tenant) as state:
            person = _person(state, tenant, member)
            person.towns[tenant] = tuple(sorted({*person.towns[tenant]} - {group}))

    async def remove_member(self, tenant: str, member: str) -> None:
        """End a membership."""
        with self._town(tenant) as state:
            _leave(state, _person(state, tenant, member), tenant)

    async def list_groups(self, tenant: str) -> Sequence[str]:
        """Paths of groups."""
        return sorted(self._known(tenant).towns[tenant].groups)

    async def remove_group(self, tenant: str, group: str) -> None:
        """Remove a group."""
        with self._town(tenant) as state:
            town = state.towns[tenant]
            town.groups = tuple(known for known in town.groups if known != group)
            for person in state.people.values():
                if tenant in person.towns:
                    person.towns[tenant] = tuple(known for known in person.towns[tenant] if known != group)

    async def list_clients(self, tenant: str) -> Sequence[MachineClient]:
        """Machine clients by purpose."""
        found = (client for client in self._known(tenant).clients.values() if client.tenant == tenant)
        return sorted((_client(client) for client in found), key=lambda client: client.purpose)

    async def create_client(self, tenant: str, purpose: str, roles: frozenset[str]) -> NewSecret:
        """Make a machine client."""
        with self._town(tenant) as state:
            name = client_id(tenant, purpose)
            if name in state.clients:
                raise ClientExists
            secret = secrets.token_urlsafe(32)
            state.clients[name] = DevClient(
                id=name, tenant=tenant, purpose=purpose, roles=tuple(sorted(roles)), secret_sha256=hash_of(secret)
            )
            return NewSecret(_client(state.clients[name]), secret)

    async def renew_secret(self, tenant: str, purpose: str) -> NewSecret:
        """Give a machine client a new secret."""
        with self._town(tenant) as state:
            client = _known_client(state, tenant, purpose)
            secret = secrets.token_urlsafe(32)
            client.secret_sha256 = hash_of(secret)
            return NewSecret(_client(client), secret)

    async def remove_client(self, tenant: str, purpose: str) -> None:
        """Remove a machine client."""
        with self._town(tenant) as state:
            del state.clients[_known_client(state, tenant, purpose).id]

    async def close(self) -> None:
        """Nothing is open."""

    def _known(self, tenant: str) -> DevState:
        state = self._directory.state()
        if tenant not in state.towns:
            raise UnknownTown
        return state

    @contextmanager
    def _town(self, tenant: str) -> Generator[DevState]:
        with self._directory.change() as state:
            if tenant not in state.towns:
                raise UnknownTown
            yield state


def _person(state: DevState, tenant: str, member: str) -> DevPerson:
    found = state.people.get(member)
    if found is None or tenant not in found.towns:
        raise UnknownMember
    return found


def _known_client(state: DevState, tenant: str, purpose: str) -> DevClient:
    found = state.clients.get(client_id(tenant, purpose))
    if found is None or found.tenant != tenant:
        raise UnknownClient
    return found


def _leave(state: DevState, person: DevPerson, tenant: str) -> None:
    was_member = person.towns.pop(tenant, None) is not None
    if was_member and person.invited and not person.towns:
        del state.people[person.subject]


def _add_groups(state: DevState, tenant: str, groups: frozenset[str] | set[str]) -> None:
    town = state.towns[tenant]
    town.groups = tuple(sorted({*town.groups, *groups}))


def _member(person: DevPerson, tenant: str) -> Member:
    return Member(
        id=person.subject,
        email=person.email,
        first_name=person.first_name,
        last_name=person.last_name,
        groups=frozenset(person.towns[tenant]),
        state=MemberState.INVITED if person.invited else MemberState.ACTIVE,
    )


def _client(client: DevClient) -> MachineClient:
    return MachineClient(client.id, client.tenant, client.purpose, frozenset(client.roles))
