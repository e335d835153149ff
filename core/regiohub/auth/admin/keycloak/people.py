"""Members of an organization: accounts, memberships and groups."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from typing import Any, Final

from regiohub.auth.admin.faults import AlreadyMember, BadAddress, NoMail, NotInvited, UnknownMember
from regiohub.auth.admin.port import Invited, Member, MemberState, NewMember
from regiohub.auth.keycloak import RealmRefused, RealmUnreachable
from regiohub.auth.permissions import REGION_ROLES

from .organizations import Organizations
from .wire import Wire

_ID: Final = re.compile(r"[A-Za-z0-9:_-]{1,255}")
"""What may stand in an address: a member's name is never a way to another."""
_PASSWORD: Final = "UPDATE_PASSWORD"  # noqa: S105 - name of an action
_INVITED_FOR: Final = 7 * 24 * 3600
"""Seconds that the link of an invitation holds."""


class People:
    """Members of organizations."""

    def __init__(self, wire: Wire, organizations: Organizations, console_client: str) -> None:
        self._wire, self._organizations, self._console = wire, organizations, console_client

    async def all(self, slug: str) -> list[Member]:
        """All members with their groups: one call for the members, and one for each group."""
        id_ = await self._organizations.id_of(slug)
        users = await self._wire.list(f"organizations/{id_}/members", briefRepresentation="false")
        groups: dict[str, set[str]] = {}
        for path, group in (await self._organizations.groups(slug)).items():
            for user in await self._wire.list(f"organizations/{id_}/groups/{group}/members"):
                groups.setdefault(user["id"], set()).add(path)
        found = [_member(user, groups.get(user["id"], ())) for user in users]
        return sorted(found, key=lambda member: (member.last_name, member.first_name, member.email))

    async def one(self, slug: str, member: str) -> Member:
        """One member."""
        user = await self._user(slug, member)
        id_ = await self._organizations.id_of(slug)
        groups = await self._wire.list(f"organizations/{id_}/members/{member}/groups")
        return _member(user, [group["path"] for group in groups])

    async def invite(self, slug: str, person: NewMember) -> Invited:
        """Make a person a member; whatever fails on the way is undone."""
        await self._organizations.id_of(slug)
        known = await self._wire.realm.get("users", email=person.email, exact="true")
        if known:
            return await self._join(slug, known[0], person)
        account = await self._create(person)
        try:
            await self._add(slug, account, person)
            await self._send(account)
        except BaseException:
            await self._wire.realm.delete(f"users/{account}")
            raise
        return Invited(await self.one(slug, account), mailed=True)

    async def remind(self, slug: str, member: str) -> Invited:
        """Send the link once more."""
        found = await self.one(slug, member)
        if found.state is not MemberState.INVITED:
            raise NotInvited
        await self._send(member)
        return Invited(found, mailed=True)

    async def grant(self, slug: str, member: str, group: str) -> None:
        """Put a member into a group."""
        await self._user(slug, member)
        id_ = await self._organizations.id_of(slug)
        place = await self._organizations.ensure_group(slug, group)
        with _answered(409):
            await self._wire.realm.put(f"organizations/{id_}/groups/{place}/members/{member}")

    async def revoke(self, slug: str, member: str, group: str) -> None:
        """Take a member out of a group."""
        await self._user(slug, member)
        id_ = await self._organizations.id_of(slug)
        place = await self._organizations.group(slug, group)
        if place is not None:
            with _answered(404):
                await self._wire.realm.delete(f"organizations/{id_}/groups/{place}/members/{member}")

    async def remove(self, slug: str, member: str) -> None:
        """End a membership; an account that was never used goes with its last one."""
        user = await self._user(slug, member)
        if _is_invited(user) and await self._belongs_here_only(member):
            await self._wire.realm.delete(f"users/{member}")
            return
        await self._wire.realm.delete(f"organizations/{await self._organizations.id_of(slug)}/members/{member}")

    async def _belongs_here_only(self, member: str) -> bool:
        """No other town, and no role of the region: an account that others count on is never deleted from here."""
        if len(await self._wire.realm.get(f"organizations/members/{member}/organizations")) != 1:
            return False
        roles = await self._wire.realm.get(f"users/{member}/role-mappings/realm")
        return all(role["name"] not in REGION_ROLES for role in roles)

    async def _user(self, slug: str, member: str) -> Mapping[str, Any]:
        if not _ID.fullmatch(member):
            raise UnknownMember
        try:
            return await self._wire.realm.get(f"organizations/{await self._organizations.id_of(slug)}/members/{member}")
        except RealmRefused as refused:
            if refused.answered in (400, 404):
                raise UnknownMember from None
            raise

    async def _create(self, person: NewMember) -> str:
        body = {
            "username": person.email, "email": person.email, "enabled": True, "emailVerified": False,
            "firstName": person.first_name, "lastName": person.last_name, "requiredActions": [_PASSWORD],
        }  # fmt: skip
        try:
            return await self._wire.realm.post("users", body)
        except RealmRefused as refused:
            if refused.answered == 400:
                raise BadAddress from None
            raise

    async def _join(self, slug: str, user: Mapping[str, Any], person: NewMember) -> Invited:
        id_ = await self._organizations.id_of(slug)
        try:
            await self._user(slug, user["id"])
        except UnknownMember:
            pass
        else:
            raise AlreadyMember
        try:
            await self._add(slug, user["id"], person)
            if mailed := _is_invited(user):
                await self._send(user["id"])
        except BaseException:
            with _answered(404):
                await self._wire.realm.delete(f"organizations/{id_}/members/{user['id']}")
            raise
        return Invited(await self.one(slug, user["id"]), mailed=mailed)

    async def _add(self, slug: str, account: str, person: NewMember) -> None:
        id_ = await self._organizations.id_of(slug)
        await self._wire.realm.post(f"organizations/{id_}/members", account)
        for group in sorted(person.groups):
            place = await self._organizations.ensure_group(slug, group)
            await self._wire.realm.put(f"organizations/{id_}/groups/{place}/members/{account}")

    async def _send(self, account: str) -> None:
        realm = self._wire.realm
        try:
            await realm.call(
                realm.admin.a_send_update_account(account, [_PASSWORD], client_id=self._console, lifespan=_INVITED_FOR)
            )
        except RealmUnreachable:
            # It has answered a moment ago: what fails here is its mail.
            raise NoMail from None


@contextmanager
def _answered(fine: int) -> Generator[None]:
    """Lets this refusal pass: what is asked for is so already."""
    try:
        yield
    except RealmRefused as refused:
        if refused.answered != fine:
            raise


def _is_invited(user: Mapping[str, Any]) -> bool:
    """The link of an invitation also proves the address: until it is used, neither is there."""
    return not user.get("emailVerified") and _PASSWORD in user.get("requiredActions", ())


def _member(user: Mapping[str, Any], groups: Iterable[str]) -> Member:
    state = MemberState.INVITED if _is_invited(user) else MemberState.ACTIVE
    return Member(
        id=user["id"],
        email=user.get("email") or user["username"],
        first_name=user.get("firstName") or "",
        last_name=user.get("lastName") or "",
        groups=frozenset(groups),
        state=state if user.get("enabled", True) else MemberState.DISABLED,
        managed=user.get("membershipType") == "MANAGED",
    )
