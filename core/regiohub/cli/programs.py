"""``regiohub identity clients …``: access for programs. A secret is printed once and stored nowhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, Problem
from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.auth.admin.port import NewSecret
    from regiohub.platform import Platform

Town = Annotated[str, typer.Argument(help="Slug of the town.")]
Purpose = Annotated[str, typer.Argument(help="Short name of the access: town-app.")]
Kind = Annotated[str, typer.Option(help="What it is for: town-app, network-server or reader.")]


def list_clients(tenant: Town, json: AsJson = False) -> None:
    """List a town's accesses for programs."""
    from regiohub.auth.admin.clients import clients_of

    async def work(platform: Platform) -> list[dict[str, Any]]:
        async with platform.scope(tenant_named(platform, tenant)).read() as ctx:
            return [
                {"id": client.id, "purpose": client.purpose, "roles": sorted(client.roles)}
                for client in await clients_of(ctx)
            ]

    found = run(work)
    if json:
        print_json(found)
        return
    lines = [(row["purpose"], row["id"], ", ".join(row["roles"])) for row in found]
    print_table(("PURPOSE", "IDENTIFIER", "ROLES"), lines, empty="No program has an access yet.")


def create(tenant: Town, purpose: Purpose, kind: Kind) -> None:
    """Create an access and print its secret, this once."""
    from regiohub.auth.admin.clients import ClientKind, create_client

    if kind not in list(ClientKind):
        raise Problem(f"There is no kind {kind!r}.", f"Kinds: {', '.join(ClientKind)}", code=CONFIGURATION)

    async def work(platform: Platform) -> NewSecret:
        scope = platform.scope(tenant_named(platform, tenant))
        return await scope.run(lambda ctx: create_client(ctx, purpose, ClientKind(kind)))

    _tell(run(work))


def renew(tenant: Town, purpose: Purpose) -> None:
    """Give an access a new secret and print it, this once; the old one ends at once."""
    from regiohub.auth.admin.clients import renew_secret

    async def work(platform: Platform) -> NewSecret:
        return await platform.scope(tenant_named(platform, tenant)).run(lambda ctx: renew_secret(ctx, purpose))

    _tell(run(work))


def remove(tenant: Town, purpose: Purpose) -> None:
    """End an access."""
    from regiohub.auth.admin.clients import remove_client

    async def work(platform: Platform) -> None:
        await platform.scope(tenant_named(platform, tenant)).run(lambda ctx: remove_client(ctx, purpose))

    run(work)
    typer.echo(f"{purpose} of {tenant} can no longer sign in.")


def _tell(made: NewSecret) -> None:
    """The secret alone on standard output, so that it can be piped into a vault."""
    typer.echo(f"Access {made.client.id}. Its secret, shown only now:", err=True)
    typer.echo(made.secret)
