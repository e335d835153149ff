"""A town's own role from the form to the request: role, group at a real Keycloak, token, right, and back again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regiohub.auth.admin.clients import ClientKind, create_client, remove_client
from regiohub.auth.admin.port import MemberState
from regiohub.auth.admin.service import claims_of, explain_member, grant, revoke, staff_member, staff_of
from regiohub.auth.principal import Principal
from regiohub.auth.roles.explain import explain
from regiohub.auth.roles.service import create_role, delete_role, set_group_roles
from regiohub.testing.databases import SqliteTemplate
from regiohub.testing.services.keycloak import ExampleRealm
from regiohub.testing.world import World, open_world
from regiohub.texts import t

pytestmark = pytest.mark.keycloak

LOG = "{ audit(first: 1) { totalCount } }"
PERSON = "potsdam.redaktion"


@pytest.fixture
async def hub(keycloak_server: ExampleRealm, sqlite_template: SqliteTemplate, tmp_path: Path) -> AsyncIterator[World]:
    """An installation whose people are at Keycloak."""
    with sqlite_template.copy(tmp_path) as address:
        async with open_world(address, tmp_path / "data", at=datetime.now(UTC), **keycloak_server.settings) as opened:
            yield opened


def admin(hub: World) -> Principal:
    return hub.principal(roles=["tenant-admin"])


async def member_id(hub: World, email: str) -> str:
    async with hub.scope("potsdam", principal=admin(hub)).read() as ctx:
        return next(staff.member.id for staff in await staff_of(ctx) if staff.member.email == email)


async def test_own_role_reaches_the_request_by_group_and_token_and_leaves_with_them(
    hub: World, keycloak_server: ExampleRealm
) -> None:
    who = await member_id(hub, keycloak_server.person(PERSON).email)

    async def codes() -> list[str]:
        return (await hub.graphql("potsdam", LOG, token=keycloak_server.token(PERSON))).codes

    assert await codes() == ["FORBIDDEN"]
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        await create_role(ctx, "presse", t("Presse", "Press"), ["tenant.audit"])
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        assert (await grant(ctx, who, "own:presse")).roles == {"editor", "own:presse"}
    assert await codes() == []
    async with hub.scope("potsdam", principal=admin(hub)).read() as ctx:
        claims = claims_of(ctx, (await staff_member(ctx, who)).member)
    assert explain(hub.platform, hub.tenant("potsdam"), claims, "tenant.audit").sources == ("own:presse",)
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        await revoke(ctx, who, "own:presse")
    assert await codes() == ["FORBIDDEN"]
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        await grant(ctx, who, "own:presse")
        await delete_role(ctx, "presse")
    assert await codes() == ["FORBIDDEN"]
    async with hub.scope("potsdam", principal=admin(hub)).read() as ctx:
        assert (await staff_member(ctx, who)).member.groups == {"/editors"}


async def test_replaced_meaning_of_a_group_counts_although_keycloak_names_its_role(
    hub: World, keycloak_server: ExampleRealm
) -> None:
    token = keycloak_server.token("potsdam.revision")
    assert (await hub.graphql("potsdam", LOG, token=token)).codes == []
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        await set_group_roles(ctx, "/auditors", ["caretaker"])
    assert (await hub.graphql("potsdam", LOG, token=token)).codes == ["FORBIDDEN"]


async def test_program_reads_and_writes_with_a_token_of_its_access_in_its_own_town_only(
    hub: World, keycloak_server: ExampleRealm
) -> None:
    async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
        made = await create_client(ctx, "pruef-app", ClientKind.TOWN_APP)
    try:
        token = keycloak_server.server.grant(
            grant_type="client_credentials", client_id=made.client.id, client_secret=made.secret
        )["access_token"]
        assert (await hub.graphql("potsdam", "{ tenant { slug } }", token=token)).data == {
            "tenant": {"slug": "potsdam"}
        }
        assert (await hub.graphql("potsdam", LOG, token=token)).codes == ["FORBIDDEN"]
        assert (await hub.graphql("berlin", "{ tenant { slug } }", token=token)).codes == ["FOREIGN_TENANT"]
    finally:
        async with hub.scope("potsdam", principal=admin(hub)).write() as ctx:
            await remove_client(ctx, "pruef-app")


async def test_disabled_account_is_shown_as_such_and_may_nothing(hub: World, keycloak_server: ExampleRealm) -> None:
    who = await member_id(hub, keycloak_server.person("potsdam.hauswart").email)
    account = f"/{keycloak_server.server.realm}/users/{who}"
    keycloak_server.server.change(account, enabled=False)
    try:
        async with hub.scope("potsdam", principal=admin(hub)).read() as ctx:
            member, answer = await explain_member(ctx, who, "booking.caretake")
    finally:
        keycloak_server.server.change(account, enabled=True)
    assert (member.state, answer.allowed) == (MemberState.DISABLED, False)
    assert answer.steps[0].text.en == "The account is disabled: nobody can sign in."
