"""Changing a town's own roles, and what its groups carry: who may, within which limits, with which consequences."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from regiohub.auth.permissions import PLUGIN_ADMIN, TENANT_ADMIN, TENANT_ROLES
from regiohub.errors import Conflict, Forbidden, InvalidInput, NotFound
from regiohub.texts import Text, t

from .catalogue import assignable, may_give, role_named
from .models import GroupRolesRow, OwnRoleRow
from .town import ADMINS, KEY, OWN, default_roles, group_of

if TYPE_CHECKING:
    from regiohub.tenancy.context import Ctx

MOST_ROLES: Final = 50
_GROUP: Final = re.compile(r"(/[^/\x00-\x1f]{1,100}){1,5}")


class TooMuch(Forbidden):
    """Somebody wants to give what he does not have himself."""

    code = "MORE_THAN_OWN"

    def __init__(self, what: Text, *, field: str | None = None) -> None:
        super().__init__(
            t(
                f"Sie können nur geben, was Sie selbst dürfen. Ihnen fehlt: {what.de}",
                f"You can only give what you may do yourself. You lack: {what.en}",
            ),
            field=field,
        )


async def create_role(ctx: Ctx, key: str, title: Text, permissions: Collection[str]) -> OwnRoleRow:
    """Make a role of the town's own. It takes effect for whoever is put into its group.

    :raises Forbidden: without ``TENANT_ROLES``; ``TooMuch`` for permissions that the caller lacks.
    :raises InvalidInput: a key of another form, an empty title, a permission that no plugin here declares.
    :raises Conflict: the key is taken, or there are ``MOST_ROLES``.
    """
    ctx.require(TENANT_ROLES)
    if not KEY.fullmatch(key):
        raise InvalidInput(
            t(
                "Bitte 3 bis 40 kleine Buchstaben, Ziffern oder Bindestriche, am Anfang ein Buchstabe.",
                "Please use 3 to 40 small letters, digits or hyphens, beginning with a letter.",
            ),
            field="key",
        )
    known = list(await ctx.session.scalars(sa.select(OwnRoleRow.key)))
    if key in known:
        raise Conflict(t("Eine Rolle mit diesem Kürzel gibt es schon.", "There is a role with this key."), field="key")
    if len(known) >= MOST_ROLES:
        raise Conflict(t(f"Mehr als {MOST_ROLES} Rollen gehen nicht.", f"No more than {MOST_ROLES} roles, please."))
    wanted = _checked(ctx, permissions, before=frozenset())
    row = OwnRoleRow(key=key, title_de=title.de, title_en=title.en, permissions=wanted)
    ctx.session.add(row)
    await ctx.audit("tenant.role_created", kind="role", id=OWN + key, after={"permissions": wanted})
    await ctx.town_changed()
    return row


async def change_role(ctx: Ctx, key: str, title: Text, permissions: Collection[str]) -> OwnRoleRow:
    """Change title and permissions of an own role, for everybody who has it, at once.

    Permissions of plugins that are off stay as they are unless they are left out. Raises like ``create_role``, and
    ``NotFound``.
    """
    ctx.require(TENANT_ROLES)
    row = await _row(ctx, key)
    before = {"title": row.title_de, "permissions": list(row.permissions)}
    wanted = _checked(ctx, permissions, before=frozenset(row.permissions))
    row.title_de, row.title_en, row.permissions = title.de, title.en, wanted
    await ctx.audit(
        "tenant.role_changed", kind="role", id=OWN + key, before=before,
        after={"title": title.de, "permissions": wanted},
    )  # fmt: skip
    await ctx.town_changed()
    return row


async def delete_role(ctx: Ctx, key: str) -> None:
    """Delete an own role. Its group goes with it, so that nobody gets a later role of the same key by it.

    Raises ``Forbidden``, ``NotFound``, or the faults of the login server.
    """
    ctx.require(TENANT_ROLES)
    row = await _row(ctx, key)
    _checked(ctx, (), before=frozenset(row.permissions))
    for mapping in await ctx.session.scalars(sa.select(GroupRolesRow)):
        if OWN + key in mapping.roles:
            mapping.roles = [role for role in mapping.roles if role != OWN + key]
    await ctx.session.delete(row)
    before = {"title": row.title_de, "permissions": list(row.permissions)}
    await ctx.audit("tenant.role_deleted", kind="role", id=OWN + key, before=before)
    await ctx.town_changed()
    await _remove_group(ctx, str(group_of(OWN + key)))


async def set_group_roles(ctx: Ctx, group: str, roles: Collection[str]) -> GroupRolesRow:
    """Say which roles a group of the town's organization carries, instead of those that its path gives.

    No roles: the group carries nothing. ``NotFound`` never: a group may come later, from the town's own directory.

    :raises Forbidden: without ``TENANT_ROLES``; ``TooMuch`` for a role beyond the caller's own rights.
    :raises InvalidInput: not a path, an unknown role, or the group of the admins, whose meaning is fixed.
    """
    ctx.require(TENANT_ROLES)
    if not _GROUP.fullmatch(group):
        raise InvalidInput(
            t("Eine Gruppe wird als Pfad geschrieben: /redaktion.", "A group is written as a path: /editors."),
            field="group",
        )
    if group == ADMINS:
        raise InvalidInput(
            t(
                "Die Gruppe der Administration behält ihre Bedeutung, damit sich niemand aussperrt.",
                "The group of the admins keeps its meaning, so that nobody is locked out.",
            ),
            field="group",
        )
    wanted = sorted({str(role) for role in roles})
    row = await ctx.session.scalar(sa.select(GroupRolesRow).where(GroupRolesRow.group == group))
    before = sorted(ctx.tenant.roles.carried_by(group)) if row is None else list(row.roles)
    for role in {*wanted, *before}:
        _check_giveable(ctx, role, known=role in before)
    if row is None:
        row = GroupRolesRow(group=group, roles=wanted)
        ctx.session.add(row)
    else:
        row.roles = wanted
    await ctx.audit("tenant.group_mapped", kind="group", id=group, before={"roles": before}, after={"roles": wanted})
    await ctx.town_changed()
    return row


async def reset_group_roles(ctx: Ctx, group: str) -> None:
    """Let a group carry what its path gives again. Raises ``Forbidden``, and ``NotFound`` if nothing was set."""
    ctx.require(TENANT_ROLES)
    row = await ctx.session.scalar(sa.select(GroupRolesRow).where(GroupRolesRow.group == group))
    if row is None:
        raise NotFound(field="group")
    after = sorted(default_roles(group))
    for role in {*row.roles, *after}:
        _check_giveable(ctx, role, known=True)
    await ctx.session.delete(row)
    await ctx.audit(
        "tenant.group_reset", kind="group", id=group, before={"roles": list(row.roles)}, after={"roles": after}
    )
    await ctx.town_changed()


async def _row(ctx: Ctx, key: str) -> OwnRoleRow:
    row = await ctx.session.scalar(sa.select(OwnRoleRow).where(OwnRoleRow.key == key))
    if row is None:
        raise NotFound(t("Diese Rolle gibt es hier nicht.", "There is no such role here."), field="key")
    return row


def _checked(ctx: Ctx, permissions: Collection[str], *, before: frozenset[str]) -> list[str]:
    """The permissions in order, if they exist here and the caller has what changes and what stays."""
    wanted = frozenset(permissions)
    titles = {entry.id: entry.title for group in assignable(ctx.platform, ctx.tenant) for entry in group.permissions}
    unknown = sorted(wanted - titles.keys() - before)
    if unknown:
        names = ", ".join(unknown)
        raise InvalidInput(
            t(f"Diese Rechte gibt es hier nicht: {names}", f"There are no such rights here: {names}"),
            field="permissions",
        )
    if ctx.principal.is_system or TENANT_ADMIN in ctx.principal.roles:
        return sorted(wanted)
    lacking = sorted((wanted | before) - ctx.principal.permissions)
    if lacking:
        raise TooMuch(titles.get(lacking[0], Text(lacking[0], lacking[0])), field="permissions")
    return sorted(wanted)


def _check_giveable(ctx: Ctx, name: str, *, known: bool) -> None:
    role = role_named(ctx.platform, ctx.tenant, name)
    if role is None:
        # What a plugin that is off or a role that is gone has left behind may stay or go, but not be given anew.
        if known and name.startswith((OWN, PLUGIN_ADMIN)):
            return
        raise InvalidInput(t(f"Die Rolle {name} gibt es hier nicht.", f"There is no role {name} here."), field="roles")
    if not may_give(ctx.principal, role):
        raise TooMuch(role.title, field="roles")


async def _remove_group(ctx: Ctx, group: str) -> None:
    # Here, because the rules of people stand above those of roles.
    from regiohub.auth.admin.access import has_identity_admin, identity_admin

    if has_identity_admin(ctx.platform.settings):
        await identity_admin(ctx.platform).remove_group(ctx.tenant.slug, group)
