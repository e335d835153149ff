"""``regiohub schema``: GraphQL schemas as SDL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .opening import run, tenant_named

if TYPE_CHECKING:
    from regiohub.platform import Platform


def export(
    tenant: Annotated[str | None, typer.Option(help="The town; default: the region.")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="File to write; default: print.")] = None,
) -> None:
    """Print the schema of a town, or of the region."""

    async def work(platform: Platform) -> str:
        from regiohub.graphql import region_sdl, tenant_sdl

        return tenant_sdl(platform, tenant_named(platform, tenant)) if tenant else region_sdl(platform)

    text = run(work).rstrip() + "\n"
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
