"""``regiohub plugin purge``: what a plugin holds in a town, written into a file and then deleted there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json
from .plugins import Name, Town

if TYPE_CHECKING:
    from regiohub.platform import Platform


def purge(
    plugin: Name,
    tenant: Town,
    export: Annotated[Path, typer.Option(help="New zip file that everything is written into first.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Export all that a plugin holds in a town, then delete it there. The plugin has to be off in the town."""
    if not yes:
        words = f"Write all that {plugin} holds in {tenant} to {export}, and then delete it there for good?"
        typer.confirm(words, abort=True)

    async def work(platform: Platform) -> dict[str, Any]:
        from regiohub.privacy.purge import as_facts
        from regiohub.privacy.purge import purge as purged

        return as_facts(await purged(platform, tenant_named(platform, tenant), plugin, export=export))

    done = run(work)
    if json:
        print_json(done)
        return
    typer.echo(f"{done['rows']} rows and {done['files']} files of {plugin} are in {done['archive']}.")
    typer.echo(f"SHA-256 {done['sha256']}")
    typer.echo(f"They are deleted in {tenant}; other towns and plugins are untouched.")
