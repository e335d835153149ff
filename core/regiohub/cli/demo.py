"""``regiohub demo``: demo content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, Problem
from .opening import run, settings_with, tenant_named
from .steps import load_demo, step

if TYPE_CHECKING:
    from regiohub.platform import Platform

MOST_TOWNS = 50_000


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


def towns(
    count: Annotated[int, typer.Argument(min=1, max=MOST_TOWNS, help="How many invented towns there shall be.")],
) -> None:
    """Invent towns, to see how this installation carries them: names, measures, plugins, settings. Repeatable.

    Always the same towns; those that are there already stay as they are. On PostgreSQL it writes as the owner of the
    tables (REGIOHUB_DATABASE_OWNER_URL). Refused in production: nobody takes invented towns out again one by one.
    """
    if settings_with().is_production:
        raise Problem(
            "Towns are not invented in production.",
            "Try it in a database of its own, with REGIOHUB_ENVIRONMENT=development",
            code=CONFIGURATION,
        )

    async def work(platform: Platform) -> int:
        from regiohub.demo.invented import write_towns

        with step(f"Inventing {count:,} towns"):
            return (await write_towns(platform, count)).added

    added = run(work)
    typer.echo(f"{added:,} towns added." if added else "They are there already.")
