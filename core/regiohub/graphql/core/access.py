"""People, roles and access for programs: types, and what the fields of a town read. The rules stand in the services."""

from __future__ import annotations

from typing import Any

from regiohub.auth.admin import clients as program_service
from regiohub.auth.admin.port import MachineClient, MemberState
from regiohub.auth.admin.service import Staff, explain_member, staff_of
from regiohub.auth.roles.catalogue import Role, roles_of
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.types import value


@value
class StaffMember:
    """A person who works for the town."""

    id: str = column("Identifier at the login server.")
    name: str = column("Name for people.")
    email: str = column("Mail address.")
    state: MemberState = column("Where the person stands.")
    managed: bool = column("Whether the account comes from the town's own directory, and vanishes with it.")
    groups: list[str] = column("Paths of the groups of the town's organization that the person is in.")
    roles: list[str] = column("Names of the roles that the person has here: editor, own:press.")


@value
class StaffRole:
    """A role that people can have in the town."""

    name: str = column("Stable name: editor, plugin-admin:booking, own:press.")
    title: str = column("Title in the caller's language.")
    text: str = column("What it is for, in the caller's language.")
    group: str = column("Path of the group that carries it, unless the town says otherwise.")
    permissions: list[str] = column("Rights that it gives now.")
    dormant: list[str] = column("Rights that it names whose plugin is off.")
    own: bool = column("Whether the town has made it.")


@value
class GroupRoles:
    """A group to which the town has given roles of its own choice."""

    group: str = column("Path of the group.")
    roles: list[str] = column("Names of the roles that it carries.")


@value
class ProgramAccess:
    """An access for a program."""

    id: str = column("Identifier with which the program signs in.")
    purpose: str = column("Short name, unique in the town.")
    roles: list[str] = column("Client roles: graphql.read, graphql.write, ingest.write.")


@value
class ProgramSecret:
    """An access and its secret, which is told in this answer and never again."""

    access: ProgramAccess = column("The access.")
    secret: str = column("The secret. It is stored nowhere; a lost one is renewed.")


@value
class AccessStep:
    """One thing that was looked at to decide about a right."""

    good: bool | None = column("Whether it gives the right; null for a remark.")
    text: str = column("What was found, in the caller's language.")


@value
class AccessExplanation:
    """Why a person may do something, or what is missing."""

    allowed: bool = column("The decision.")
    action: str = column("The right that was asked about.")
    title: str = column("Its title in the caller's language.")
    roles: list[str] = column("Roles that the person has here.")
    sources: list[str] = column("Those among them that give the right.")
    steps: list[AccessStep] = column("The reasons, in order.")


async def people(ctx: Any) -> list[StaffMember]:
    """All members."""
    return [person(found) for found in await staff_of(ctx)]


def roles(ctx: Any) -> list[StaffRole]:
    """All roles of the town."""
    return [role(found, ctx.locale) for found in roles_of(ctx.platform, ctx.tenant)]


def group_roles(ctx: Any) -> list[GroupRoles]:
    """The groups whose meaning the town has set."""
    return [
        GroupRoles(group=group, roles=sorted(carried))  # pyright: ignore[reportCallIssue]
        for group, carried in sorted(ctx.tenant.roles.groups.items())
    ]


async def programs(ctx: Any) -> list[ProgramAccess]:
    """All accesses for programs."""
    return [program(found) for found in await program_service.clients_of(ctx)]


async def reasons(ctx: Any, member: str, action: str) -> AccessExplanation:
    """Why a member may do something."""
    _, found = await explain_member(ctx, member, action)
    steps = [
        AccessStep(good=step.good, text=step.text.get(ctx.locale))  # pyright: ignore[reportCallIssue]
        for step in found.steps
    ]
    return AccessExplanation(  # pyright: ignore[reportCallIssue]
        allowed=found.allowed, action=found.action, title=found.title.get(ctx.locale), roles=list(found.roles),
        sources=list(found.sources), steps=steps,
    )  # fmt: skip


def person(found: Staff) -> StaffMember:
    """A member as the interface shows him."""
    member = found.member
    return StaffMember(  # pyright: ignore[reportCallIssue]
        id=member.id, name=member.name, email=member.email, state=member.state, managed=member.managed,
        groups=sorted(member.groups), roles=sorted(found.roles),
    )  # fmt: skip


def role(found: Role, locale: str) -> StaffRole:
    """A role as the interface shows it."""
    return StaffRole(  # pyright: ignore[reportCallIssue]
        name=found.name, title=found.title.get(locale), text=found.text.get(locale), group=found.group,
        permissions=sorted(found.permissions), dormant=sorted(found.dormant), own=found.is_own,
    )  # fmt: skip


def program(found: MachineClient) -> ProgramAccess:
    """An access as the interface shows it."""
    return ProgramAccess(  # pyright: ignore[reportCallIssue]
        id=found.id, purpose=found.purpose, roles=sorted(found.roles)
    )
