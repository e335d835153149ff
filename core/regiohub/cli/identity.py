"""``regiohub identity``: the login server, and who may do what in a town."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import run, settings_with, tenant_named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from regiohub.auth.keycloak import Administrator
    from regiohub.platform import Platform
    from regiohub.settings import Settings
    from regiohub.tenancy.info import TenantInfo


def bootstrap(
    tenant: Annotated[
        list[str] | None,
        typer.Option(help="Only this town, as in a realm of its own; may be repeated. Default: all towns."),
    ] = None,
    administrator: Annotated[
        str, typer.Option(help="Sign in as this administrator of the whole server, not as the service account.")
    ] = "",
    password: Annotated[
        str, typer.Option(envvar="KC_BOOTSTRAP_ADMIN_PASSWORD", help="The administrator's password; asked for.")
    ] = "",
) -> None:
    """Bring the Keycloak realm into shape: roles, how tokens name towns, an organization for each town. Repeatable."""
    from regiohub.auth.keycloak import Administrator

    settings = settings_with()
    if not settings.keycloak_url:
        raise Problem(
            "No Keycloak is configured.",
            "Set REGIOHUB_KEYCLOAK_URL and REGIOHUB_KEYCLOAK_CLIENT_SECRET.",
            code=CONFIGURATION,
        )
    who = None
    if administrator:
        who = Administrator(administrator, password or typer.prompt("Password", hide_input=True, err=True))

    async def towns(platform: Platform) -> Sequence[TenantInfo]:
        return [tenant_named(platform, slug) for slug in tenant] if tenant else platform.tenants.all()

    changes = asyncio.run(_bootstrap(settings, run(towns), who))
    for line in changes:
        typer.echo(line)
    typer.echo(f"{len(changes)} changes in {settings.keycloak_url}/realms/{settings.keycloak_realm}.")


async def _bootstrap(settings: Settings, towns: Sequence[TenantInfo], who: Administrator | None) -> list[str]:
    from regiohub.auth.keycloak import bootstrap, open_realm

    async with open_realm(settings, who) as realm:
        return await bootstrap(realm, towns)
