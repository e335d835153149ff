"""Own roles and groups of a town: who may change them, within which limits, and when it takes effect."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.admin.access import identity_admin
from regiohub.auth.principal import Principal
from regiohub.auth.roles.service import (
    MOST_ROLES,
    TooMuch,
    change_role,
    create_role,
    delete_role,
    reset_group_roles,
    set_group_roles,
)
from regiohub.auth.roles.town import NO_ROLES
from regiohub.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound
from regiohub.testing.world import World
from regiohub.texts import t

PRESS = t("Pressestelle", "Press office")
REACH = ("atlas.edit", "tenant.audit")


def admin(world: World) -> Principal:
    return world.principal(roles=["tenant-admin"])


def keeper(world: World, *permissions: str) -> Principal:
    """Somebody whose own role holds exactly these permissions."""
    return replace(world.principal(subject="keeper"), permissions=frozenset(permissions))


async def actions(world: World) -> list[str]:
    async with world.scope("potsdam").read() as ctx:
        found = await ctx.session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id))
        return [action for action in found if action.startswith(("tenant.role", "tenant.group"))]


async def test_own_role_counts_for_its_holder_at_once_and_in_this_town_only(world: World) -> None:
    token = world.token("potsdam", roles=["own:presse"], subject="paul")
    question = "{ audit(first: 1) { totalCount } }"
    assert (await world.graphql("potsdam", question, token=token)).codes == ["FORBIDDEN"]
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
    assert (await world.graphql("potsdam", question, token=token)).codes == []
    assert (await world.graphql("bad-belzig", question, token=token)).codes == ["FORBIDDEN"]
    assert world.tenant("bad-belzig").roles is NO_ROLES
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await change_role(ctx, "presse", PRESS, ["atlas.edit"])
    assert (await world.graphql("potsdam", question, token=token)).codes == ["FORBIDDEN"]
    assert await actions(world) == ["tenant.role_created", "tenant.role_changed"]


async def test_deleted_role_leaves_its_group_so_that_nobody_gets_a_later_one_by_it(world: World) -> None:
    people, slug = identity_admin(world.platform), "potsdam"
    await people.grant(slug, "editor-potsdam", "/roles/presse")
    async with world.scope(slug, principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
        await set_group_roles(ctx, "/amt-13", ["editor"])
    async with world.scope(slug, principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/amt-13", ["own:presse", "editor"])
        await delete_role(ctx, "presse")
    assert (await people.find_member(slug, "editor-potsdam")).groups == {"/editors"}
    assert world.tenant(slug).roles.groups == {"/amt-13": {"editor"}}
    assert world.tenant(slug).roles.own == {}


@pytest.mark.parametrize("key", ["", "ab", "Presse", "1presse", "presse-", "presse stelle", "p" * 41, "own:presse"])
async def test_key_of_another_form_is_refused(world_sqlite: World, key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
            await create_role(ctx, key, PRESS, REACH)
    assert refused.value.field == "key"


@pytest.mark.parametrize("permission", ["region.towns", "core.public", "core.signed_in", "nie.gehoert", "", "*"])
async def test_permission_that_no_plugin_of_the_town_declares_cannot_be_bundled(
    world_sqlite: World, permission: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
            await create_role(ctx, "presse", PRESS, [permission])
    assert refused.value.field == "permissions"


async def test_permission_of_a_plugin_that_is_off_cannot_be_added_but_stays_where_it_is(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
    await world.disable("potsdam", "atlas")
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        changed = await change_role(ctx, "presse", PRESS, ["atlas.edit"])
        assert changed.permissions == ["atlas.edit"]
        with pytest.raises(InvalidInput):
            await create_role(ctx, "zweite", PRESS, ["atlas.edit"])


async def test_second_role_of_the_same_key_is_refused(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
    with pytest.raises(Conflict):
        async with world.scope("potsdam", principal=admin(world)).write() as ctx:
            await create_role(ctx, "presse", PRESS, REACH)


async def test_number_of_own_roles_is_limited(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        for number in range(MOST_ROLES):
            await create_role(ctx, f"rolle-{number}", PRESS, [])
        with pytest.raises(Conflict):
            await create_role(ctx, "eine-zuviel", PRESS, [])


async def test_nobody_bundles_or_changes_more_than_he_has(world: World) -> None:
    mine = keeper(world, "tenant.roles", "atlas.edit")
    async with world.scope("potsdam", principal=mine).write() as ctx:
        await create_role(ctx, "atlas", PRESS, ["atlas.edit"])
        with pytest.raises(TooMuch):
            await create_role(ctx, "mehr", PRESS, ["atlas.edit", "tenant.audit"])
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
    async with world.scope("potsdam", principal=mine).write() as ctx:
        for change in (change_role(ctx, "presse", PRESS, ["atlas.edit"]), delete_role(ctx, "presse")):
            with pytest.raises(TooMuch):
                await change
        for role in ("tenant-admin", "plugin-admin:atlas", "own:presse"):
            with pytest.raises(TooMuch):
                await set_group_roles(ctx, "/amt", [role])
        await set_group_roles(ctx, "/amt", ["own:atlas"])


async def test_group_that_is_beyond_the_caller_cannot_be_emptied_either(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/amt", ["tenant-admin"])
    async with world.scope("potsdam", principal=keeper(world, "tenant.roles")).write() as ctx:
        with pytest.raises(TooMuch):
            await set_group_roles(ctx, "/amt", [])
        with pytest.raises(TooMuch):
            await reset_group_roles(ctx, "/amt")


async def test_mapped_group_changes_what_its_members_may_do_and_reset_brings_it_back(world: World) -> None:
    question = "{ audit(first: 1) { totalCount } }"
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/auditors", ["editor"])
    assert (await world.graphql("potsdam", question, roles=["auditor"])).codes == ["FORBIDDEN"]
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await reset_group_roles(ctx, "/auditors")
        with pytest.raises(NotFound):
            await reset_group_roles(ctx, "/auditors")
    assert (await world.graphql("potsdam", question, roles=["auditor"])).codes == []
    assert await actions(world) == ["tenant.group_mapped", "tenant.group_reset"]


@pytest.mark.parametrize(
    ("group", "roles"),
    [
        ("/tenant-admins", ["editor"]),
        ("editors", ["editor"]),
        ("/", ["editor"]),
        ("/a//b", ["editor"]),
        ("/amt", ["citizen"]),
        ("/amt", ["regional-admin"]),
        ("/amt", ["own:nie-gemacht"]),
        ("/amt", ["plugin-admin:tenant"]),
    ],
)
async def test_group_or_role_that_makes_no_sense_is_refused(world_sqlite: World, group: str, roles: list[str]) -> None:
    with pytest.raises(InvalidInput):
        async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
            await set_group_roles(ctx, group, roles)


async def test_without_the_right_nothing_of_it_is_possible(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=["editor"])).write() as ctx:
        for change in (
            create_role(ctx, "presse", PRESS, REACH),
            change_role(ctx, "presse", PRESS, REACH),
            delete_role(ctx, "presse"),
            set_group_roles(ctx, "/amt", ["auditor"]),
            reset_group_roles(ctx, "/amt"),
        ):
            with pytest.raises(Forbidden):
                await change


async def test_roles_of_one_town_are_nothing_to_another(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", PRESS, REACH)
    with pytest.raises(DomainError):
        async with world.scope("bad-belzig").write() as ctx:
            await change_role(ctx, "presse", PRESS, [])
