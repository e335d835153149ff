"""Mutations on people, roles, groups and access for programs."""

from __future__ import annotations

from typing import Any

from regiohub.auth.admin import clients as program_service
from regiohub.auth.admin import service as people
from regiohub.auth.admin.port import NewSecret
from regiohub.auth.permissions import SIGNED_IN, TENANT_CLIENTS, TENANT_MEMBERS, TENANT_ROLES
from regiohub.auth.roles import service as role_service
from regiohub.auth.roles.town import OWN
from regiohub.errors import InvalidInput
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.types import input_type
from regiohub.tenancy.context import Ctx
from regiohub.texts import Text, t

from .access import ProgramSecret, StaffMember, person, program

_MEMBER = "Identifier of the person."
_ROLE = "Name of the role: editor, plugin-admin:booking, own:press."
_KEY = "Key of the town's own role: small letters, digits and hyphens."
_PURPOSE = "Short name of the access: small letters, digits and hyphens."


@input_type
class InvitationInput:
    """A person to be invited."""

    email: str = column("Mail address, to which the invitation goes.")
    first_name: str = column("First name.")
    last_name: str = column("Last name.")
    roles: list[str] = column("Names of the roles, at least one.")


@input_type
class RoleInput:
    """A role of the town's own."""

    title: str = column("Title in German.")
    title_en: str = column("Title in English.")
    permissions: list[str] = column("Rights that it bundles: booking.approve.")


@mutation(
    "Invites a person with roles. A regional admin may appoint a town's admins in this way, and nothing else.",
    # Two rights allow it, the town's and the region's: the service asks for either.
    permission=SIGNED_IN,
    returns="member",
)
async def invite_member(ctx: Ctx, input: InvitationInput) -> StaffMember:
    return person(await people.invite(ctx, input.email, input.first_name, input.last_name, input.roles))


@mutation(
    "Sends the invitation once more to a person who has not signed in yet.",
    permission=TENANT_MEMBERS,
    returns="member",
    args={"member": _MEMBER},
)
async def remind_member(ctx: Ctx, member: str) -> StaffMember:
    return person(await people.remind(ctx, member))


@mutation(
    "Gives a person a role.", permission=TENANT_MEMBERS, returns="member", args={"member": _MEMBER, "role": _ROLE}
)
async def grant_role(ctx: Ctx, member: str, role: str) -> StaffMember:
    return person(await people.grant(ctx, member, role))


@mutation(
    "Takes a role from a person.", permission=TENANT_MEMBERS, returns="member", args={"member": _MEMBER, "role": _ROLE}
)
async def revoke_role(ctx: Ctx, member: str, role: str) -> StaffMember:
    return person(await people.revoke(ctx, member, role))


@mutation("Ends a person's membership.", permission=TENANT_MEMBERS, args={"member": _MEMBER})
async def remove_member(ctx: Ctx, member: str) -> None:
    await people.remove(ctx, member)


@mutation("Creates a role of the town's own.", permission=TENANT_ROLES, args={"key": _KEY})
async def create_role(ctx: Ctx, key: str, input: RoleInput) -> None:
    await role_service.create_role(ctx, key, _title(input), input.permissions)


@mutation(
    "Changes a role of the town's own, for everybody who has it, at once.", permission=TENANT_ROLES, args={"key": _KEY}
)
async def change_role(ctx: Ctx, key: str, input: RoleInput) -> None:
    await role_service.change_role(ctx, key.removeprefix(OWN), _title(input), input.permissions)


@mutation("Deletes a role of the town's own; its group goes with it.", permission=TENANT_ROLES, args={"key": _KEY})
async def delete_role(ctx: Ctx, key: str) -> None:
    await role_service.delete_role(ctx, key.removeprefix(OWN))


@mutation(
    "Says which roles a group of the town's organization carries, instead of those that its name gives.",
    permission=TENANT_ROLES,
    args={"group": "Path of the group: /editors.", "roles": "Names of roles; none: the group carries nothing."},
)
async def set_group_roles(ctx: Ctx, group: str, roles: list[str]) -> None:
    await role_service.set_group_roles(ctx, group, roles)


@mutation(
    "Lets a group carry what its name gives again.", permission=TENANT_ROLES, args={"group": "Path of the group."}
)
async def reset_group_roles(ctx: Ctx, group: str) -> None:
    await role_service.reset_group_roles(ctx, group)


@mutation(
    "Creates an access for a program. Its secret is told in this answer and never again.",
    permission=TENANT_CLIENTS,
    returns="program",
    args={"purpose": _PURPOSE, "kind": "What the program is for."},
)
async def create_program(ctx: Ctx, purpose: str, kind: program_service.ClientKind) -> ProgramSecret:
    return _secret(await program_service.create_client(ctx, purpose, kind))


@mutation(
    "Gives an access a new secret, told in this answer and never again; the old one ends at once.",
    permission=TENANT_CLIENTS,
    returns="program",
    args={"purpose": _PURPOSE},
)
async def renew_program_secret(ctx: Ctx, purpose: str) -> ProgramSecret:
    return _secret(await program_service.renew_secret(ctx, purpose))


@mutation("Ends an access of a program.", permission=TENANT_CLIENTS, args={"purpose": _PURPOSE})
async def remove_program(ctx: Ctx, purpose: str) -> None:
    await program_service.remove_client(ctx, purpose)


MUTATIONS: tuple[Any, ...] = (
    invite_member, remind_member, grant_role, revoke_role, remove_member, create_role, change_role, delete_role,
    set_group_roles, reset_group_roles, create_program, renew_program_secret, remove_program,
)  # fmt: skip
"""What the core lets those change who administer access."""


def _title(input: RoleInput) -> Text:
    if not input.title.strip() or not input.title_en.strip():
        raise InvalidInput(
            t("Eine Rolle braucht eine Bezeichnung in beiden Sprachen.", "A role needs a title in both languages."),
            field="title",
        )
    return Text(input.title.strip(), input.title_en.strip())


def _secret(made: NewSecret) -> ProgramSecret:
    return ProgramSecret(access=program(made.client), secret=made.secret)  # pyright: ignore[reportCallIssue]
