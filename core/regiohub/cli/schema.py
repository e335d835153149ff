"""``regiohub schema``: GraphQL schemas as SDL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import run, settings_with, tenant_named

if TYPE_CHECKING:
    from regiohub.platform import Platform


def export(
    tenant: Annotated[str | None, typer.Option(help="The schema of this town as it is now.")] = None,
    plugins: Annotated[
        str | None, typer.Option(help="The schema of these plugins, with commas; default: of all of them.")
    ] = None,
    region: Annotated[bool, typer.Option("--region", help="The region's schema.")] = False,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; default: print.")] = None,
) -> None:
    """Print a schema. Without --tenant no database is needed."""
    if sum((tenant is not None, plugins is not None, region)) > 1:
        raise Problem("--tenant, --plugins and --region exclude each other.", code=CONFIGURATION)
    text = _of_tenant(tenant) if tenant else _of_plugins(plugins, region=region)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")


def _of_tenant(slug: str) -> str:
    async def work(platform: Platform) -> str:
        from regiohub.graphql.transport.routes import schema_text

        return schema_text(platform, tenant_named(platform, slug).enabled)

    return run(work)


def _of_plugins(names: str | None, *, region: bool) -> str:
    from regiohub.graphql.transport.routes import schema_text
    from regiohub.logs import configure_logging
    from regiohub.platform import Platform

    settings = settings_with(log_level="ERROR")
    configure_logging(settings)
    platform = Platform(settings)
    wanted = None if names is None else frozenset(name.strip() for name in names.split(",") if name.strip())
    unknown = sorted((wanted or frozenset()) - platform.plugins.healthy.keys())
    if unknown:
        known = ", ".join(platform.plugins.healthy) or "none"
        raise Problem(f"No usable plugin: {', '.join(unknown)}.", f"Usable: {known}", code=CONFIGURATION)
    return schema_text(platform, wanted, region=region)
