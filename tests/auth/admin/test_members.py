"""The people of a town: who may invite them and give them roles, what is written down, nobody is locked out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.admin.access import dev_directory, identity_admin
from regiohub.auth.admin.faults import AlreadyMember, IdentityNotConfigured, UnknownMember
from regiohub.auth.admin.service import (
    LastAdmin,
    explain_member,
    giveable,
    grant,
    invite,
    remind,
    remove,
    revoke,
    staff_member,
    staff_of,
)
from regiohub.auth.permissions import REGION_ROLES
from regiohub.auth.principal import Principal, PrincipalKind
from regiohub.auth.roles.service import TooMuch, create_role, set_group_roles
from regiohub.errors import Forbidden, InvalidInput, Unauthenticated
from regiohub.testing.world import World
from regiohub.texts import t

ADMIN, EDITOR = "tenant-admin-potsdam", "editor-potsdam"


def admin(world: World) -> Principal:
    return world.principal(roles=["tenant-admin"])


def keeper(world: World, *permissions: str) -> Principal:
    """Somebody who looks after people without being an admin."""
    return replace(world.principal(subject="keeper"), permissions=frozenset({"tenant.members", *permissions}))


def regional(world: World) -> Principal:
    permissions = frozenset(permission.id for permission in REGION_ROLES["regional-admin"])
    return replace(world.principal(subject="rita"), kind=PrincipalKind.REGIONAL, permissions=permissions)


async def log(world: World, slug: str = "potsdam") -> list[AuditEntry]:
    async with world.scope(slug).read() as ctx:
        found = await ctx.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
        return [entry for entry in found if entry.action.startswith(("tenant.member", "tenant.role"))]


async def test_invited_person_gets_a_mail_and_can_be_picked_with_the_granted_roles(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        staff = await invite(ctx, " Nele.Neu@example.org ", "Nele", "Neu", ["editor", "caretaker"])
    await world.work()
    assert staff.roles == {"editor", "caretaker"}
    (mail,) = world.mails
    assert mail["to"] == "nele.neu@example.org"
    body = mail.get_body(("plain",))
    assert body is not None
    assert "Betreuung vor Ort, Redaktion" in body.get_content()
    assert "/console/potsdam/" in body.get_content()
    person = dev_directory(world.platform).person(staff.member.id)
    assert person is not None
    assert person.organization()["potsdam"]["groups"] == ["/caretakers", "/editors"]


async def test_log_holds_roles_and_a_pseudonym_and_nothing_personal(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        staff = await invite(ctx, "nele.neu@example.org", "Nele", "Neu", ["editor"])
        await remind(ctx, staff.member.id)
        await grant(ctx, staff.member.id, "auditor")
        await revoke(ctx, staff.member.id, "auditor")
        await remove(ctx, staff.member.id)
    entries = await log(world)
    assert [entry.action for entry in entries] == [
        "tenant.member_invited", "tenant.member_reminded", "tenant.role_granted", "tenant.role_revoked",
        "tenant.member_removed",
    ]  # fmt: skip
    assert len({entry.object_id for entry in entries}) == 1
    for entry in entries:
        kept = f"{entry.object_id} {entry.before} {entry.after} {entry.text_de} {entry.text_en}"
        assert not any(word in kept for word in ("Nele", "Neu", "example", staff.member.id))


async def test_role_given_to_a_person_is_hers_until_it_is_taken(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        assert (await grant(ctx, EDITOR, "plugin-admin:booking")).roles == {"editor", "plugin-admin:booking"}
        assert (await revoke(ctx, EDITOR, "editor")).roles == {"plugin-admin:booking"}
        assert (await staff_member(ctx, EDITOR)).roles == {"plugin-admin:booking"}


async def test_own_role_is_given_like_any_other(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await create_role(ctx, "presse", t("Presse", "Press"), ["tenant.audit"])
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        assert (await grant(ctx, EDITOR, "own:presse")).roles == {"editor", "own:presse"}


async def test_last_admin_can_neither_be_removed_nor_lose_the_role(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        for change in (revoke(ctx, ADMIN, "tenant-admin"), remove(ctx, ADMIN)):
            with pytest.raises(LastAdmin):
                await change
        await invite(ctx, "zweite@example.org", "Zwei", "Te", ["tenant-admin"])
        with pytest.raises(LastAdmin):
            await remove(ctx, ADMIN)  # the second has not signed in yet
        await grant(ctx, EDITOR, "tenant-admin")
        await remove(ctx, ADMIN)
        assert ADMIN not in {staff.member.id for staff in await staff_of(ctx)}


async def test_admin_by_a_mapped_group_counts_as_one(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/caretakers", ["tenant-admin"])
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await remove(ctx, ADMIN)
        with pytest.raises(LastAdmin):
            await remove(ctx, "caretaker-potsdam")


async def test_last_admin_by_a_mapped_group_keeps_the_role_of_that_group(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/caretakers", ["tenant-admin"])
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await remove(ctx, ADMIN)
        with pytest.raises(LastAdmin):
            await revoke(ctx, "caretaker-potsdam", "caretaker")


async def test_nobody_gives_more_than_he_has_by_a_group_that_carries_more(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        await create_role(ctx, "atlas", t("Atlas", "Atlas"), ["atlas.edit"])
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await set_group_roles(ctx, "/roles/atlas", ["own:atlas", "editor"])
    async with world.scope("potsdam", principal=keeper(world, "atlas.edit")).write() as ctx:
        for change in (grant(ctx, EDITOR, "own:atlas"), invite(ctx, "neu@example.org", "N", "N", ["own:atlas"])):
            with pytest.raises(TooMuch):
                await change
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await grant(ctx, EDITOR, "own:atlas")


async def test_nobody_gives_or_takes_more_than_he_has(world: World) -> None:
    async with world.scope("potsdam").write() as ctx:
        await create_role(ctx, "atlas", t("Atlas", "Atlas"), ["atlas.edit"])
    async with world.scope("potsdam", principal=keeper(world, "atlas.edit")).write() as ctx:
        assert [role.name for role in giveable(ctx)] == ["own:atlas"]
        await grant(ctx, EDITOR, "own:atlas")
        for change in (
            grant(ctx, EDITOR, "tenant-admin"),
            grant(ctx, EDITOR, "plugin-admin:atlas"),
            revoke(ctx, EDITOR, "editor"),
            invite(ctx, "neu@example.org", "N", "N", ["own:atlas", "auditor"]),
            remove(ctx, ADMIN),
            remove(ctx, EDITOR),
        ):
            with pytest.raises(TooMuch):
                await change
    assert "neu@example.org" not in {person.email for person in dev_directory(world.platform).people()}


async def test_region_appoints_admins_and_sees_nobody(world: World) -> None:
    async with world.scope("berlin", principal=regional(world)).write() as ctx:
        staff = await invite(ctx, "neu@example.org", "Nina", "Neu", ["tenant-admin"])
        assert staff.roles == {"tenant-admin"}
        with pytest.raises(Forbidden):
            await invite(ctx, "zwei@example.org", "N", "N", ["tenant-admin", "editor"])
        for look in (staff_of(ctx), staff_member(ctx, staff.member.id), remove(ctx, staff.member.id)):
            with pytest.raises(Forbidden):
                await look
    assert [entry.action for entry in await log(world, "berlin")] == ["tenant.member_invited"]


@pytest.mark.parametrize("roles", [["editor"], ["auditor", "coordinator", "caretaker"], []])
async def test_without_the_right_nobody_is_seen_or_changed(world_sqlite: World, roles: list[str]) -> None:
    async with world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=roles)).write() as ctx:
        for call in (
            staff_of(ctx),
            staff_member(ctx, EDITOR),
            invite(ctx, "neu@example.org", "N", "N", ["editor"]),
            remind(ctx, EDITOR),
            grant(ctx, EDITOR, "auditor"),
            revoke(ctx, EDITOR, "editor"),
            remove(ctx, EDITOR),
        ):
            with pytest.raises(Forbidden):
                await call


async def test_anonymous_callers_are_asked_to_sign_in(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=world_sqlite.principal(subject=None)).write() as ctx:
        with pytest.raises(Unauthenticated):
            await invite(ctx, "neu@example.org", "N", "N", ["tenant-admin"])


async def test_person_of_another_town_is_unknown_here(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        for change in (grant(ctx, "editor-berlin", "auditor"), remove(ctx, "editor-berlin")):
            with pytest.raises(UnknownMember):
                await change


@pytest.mark.parametrize(
    ("email", "roles", "field"),
    [
        ("kein Postfach", ["editor"], "email"),
        ("neu@example.org", [], "roles"),
        ("neu@example.org", ["citizen"], "roles"),
        ("neu@example.org", ["own:nie-gemacht"], "roles"),
        ("neu@example.org", ["plugin-admin:nie-da"], "roles"),
    ],
)
async def test_bad_invitation_is_refused_at_its_field(
    world_sqlite: World, email: str, roles: list[str], field: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
            await invite(ctx, email, "Nele", "Neu", roles)
    assert refused.value.field == field


async def test_name_that_is_too_long_is_refused_at_its_field(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        with pytest.raises(InvalidInput) as refused:
            await invite(ctx, "neu@example.org", "N" * 101, "Neu", ["editor"])
    assert refused.value.field == "firstName"


async def test_refused_change_leaves_no_entry_in_the_log(world: World) -> None:
    with pytest.raises(AlreadyMember):
        async with world.scope("potsdam", principal=admin(world)).write() as ctx:
            await invite(ctx, "redaktion@potsdam.example", "Emil", "Potsdam", ["editor"])
    assert await log(world) == []


async def test_without_a_login_server_to_administer_it_is_said(world_sqlite: World) -> None:
    world_sqlite.platform.settings = world_sqlite.platform.settings.model_copy(update={"dev_issuer": False})
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).read() as ctx:
        with pytest.raises(IdentityNotConfigured):
            await staff_of(ctx)


async def test_platform_has_one_administration_for_all(world_sqlite: World) -> None:
    assert identity_admin(world_sqlite.platform) is identity_admin(world_sqlite.platform)


async def test_explanation_knows_whether_the_person_can_sign_in_at_all(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        staff = await invite(ctx, "neu@example.org", "N", "N", ["editor"])
        _, answer = await explain_member(ctx, staff.member.id, "booking.approve")
    assert answer.allowed
    assert answer.steps[0].text.en == "The person has never signed in."
