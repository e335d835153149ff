"""Access for programs: made and renewed by a town's admins, told once, written down without the secret."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from regiohub.audit import AuditEntry
from regiohub.auth.admin.access import dev_directory
from regiohub.auth.admin.clients import ClientKind, clients_of, create_client, kind_of, remove_client, renew_secret
from regiohub.auth.admin.faults import ClientExists, UnknownClient
from regiohub.auth.principal import Principal
from regiohub.errors import Forbidden, InvalidInput
from regiohub.testing.world import World


def admin(world: World) -> Principal:
    return world.principal(roles=["tenant-admin"])


@pytest.mark.parametrize("kind", list(ClientKind))
async def test_access_has_the_roles_of_its_kind(world_sqlite: World, kind: ClientKind) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        made = await create_client(ctx, "programm", kind)
        assert [kind_of(client) for client in await clients_of(ctx)] == [kind]
    assert dev_directory(world_sqlite.platform).verify_client(made.client.id, made.secret) is not None


async def test_secret_is_kept_nowhere_and_ends_when_it_is_renewed(world: World) -> None:
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        made = await create_client(ctx, "netz", ClientKind.NETWORK_SERVER)
        renewed = await renew_secret(ctx, "netz")
    directory = dev_directory(world.platform)
    assert directory.verify_client(made.client.id, made.secret) is None
    assert directory.verify_client(made.client.id, renewed.secret) is not None
    async with world.scope("potsdam", principal=admin(world)).write() as ctx:
        await remove_client(ctx, "netz")
    assert directory.verify_client(made.client.id, renewed.secret) is None
    async with world.scope("potsdam").read() as ctx:
        entries = [
            entry
            for entry in await ctx.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))
            if entry.object_kind == "client"
        ]
    assert [entry.action for entry in entries] == [
        "tenant.client_created", "tenant.client_renewed", "tenant.client_removed",
    ]  # fmt: skip
    everything = "".join(f"{entry.after} {entry.text_de} {entry.note}" for entry in entries) + "".join(
        file.read_text() for file in world.platform.settings.data_dir.glob("dev-identity*") if file.is_file()
    )
    assert made.secret not in everything
    assert renewed.secret not in everything


@pytest.mark.parametrize("purpose", ["", "ab", "Große App", "-app", "app-", "a/b", "x" * 41])
async def test_purpose_of_another_form_is_refused(world_sqlite: World, purpose: str) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        with pytest.raises(InvalidInput) as refused:
            await create_client(ctx, purpose, ClientKind.READER)
    assert refused.value.field == "purpose"


async def test_second_access_of_a_name_and_one_that_is_not_there_are_told(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=admin(world_sqlite)).write() as ctx:
        await create_client(ctx, "netz", ClientKind.NETWORK_SERVER)
        with pytest.raises(ClientExists):
            await create_client(ctx, "netz", ClientKind.READER)
        for call in (renew_secret(ctx, "nie"), remove_client(ctx, "nie")):
            with pytest.raises(UnknownClient):
                await call


async def test_without_the_right_no_access_is_seen_or_made(world_sqlite: World) -> None:
    async with world_sqlite.scope("potsdam", principal=world_sqlite.principal(roles=["editor"])).write() as ctx:
        for call in (
            clients_of(ctx),
            create_client(ctx, "netz", ClientKind.READER),
            renew_secret(ctx, "netz"),
            remove_client(ctx, "netz"),
        ):
            with pytest.raises(Forbidden):
                await call
