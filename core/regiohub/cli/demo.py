"""``regiohub demo``: demo content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .opening import run, tenant_named
from .steps import load_demo

if TYPE_CHECKING:
    from regiohub.platform import Platform


def load(
    tenant: Annotated[list[str] | None, typer.Option(help="Only this town; may be repeated.")] = None,
    again: Annotated[bool, typer.Option("--again", help="Also what has been loaded already.")] = False,
) -> None:
    """Load the plugins' demo content into the towns that have them on. Repeatable."""

    async def work(platform: Platform) -> int:
        slugs = [tenant_named(platform, slug).slug for slug in tenant or ()]
        return await load_demo(platform, slugs, again=again)

    count = run(work)
    typer.echo(f"{count} parts loaded." if count else "Everything is there already.")
