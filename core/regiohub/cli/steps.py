"""Steps that several commands take, with progress for people who watch."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

import typer

from .output import console
from .town_files import plugin_faults

if TYPE_CHECKING:
    from regiohub.platform import Platform


@contextmanager
def step(title: str) -> Generator[None]:
    """Show that something is being done, and how long it took. On a terminal a spinner turns meanwhile."""
    screen = console(stderr=True)
    began = perf_counter()
    if screen.is_terminal:
        with screen.status(title):
            yield
    else:
        yield
    screen.print(f"{title} … {perf_counter() - began:.1f} s")


async def migrate(platform: Platform) -> None:
    """Bring the database up to date."""
    from regiohub.db.migrate import status, upgrade

    states = await status(platform.database, platform.migrations)
    waiting = [state.owner for state in states if state.pending]
    if waiting:
        with step(f"Migrating the database: {', '.join(waiting)}"):
            await upgrade(platform.database, platform.migrations)


async def load_towns(platform: Platform) -> int:
    """Read all towns' files into the database. A faulty file is reported and costs only its own town."""
    from regiohub.tenancy.config import load_all
    from regiohub.tenancy.sync import apply_town
    from regiohub.tenancy.transfers import away

    towns, errors = load_all(platform.settings.tenants_dir)
    async with platform.database.platform() as session:
        gone = await away(session)
    for town in towns:
        if town.file.slug in gone:
            text = f"{town.file.slug} has left or is on its way, and is not set up from its file."
            typer.secho(f"{text} To set it up anew: regiohub tenant add {town.file.slug}", fg="yellow", err=True)
    towns = [town for town in towns if town.file.slug not in gone]
    faults = [line for error in errors for line in error.lines("en")]
    for line in [*faults, *plugin_faults(platform.plugins, towns)]:
        typer.secho(line, fg="yellow", err=True)
    with step(f"Reading {len(towns)} towns from {platform.settings.tenants_dir}"):
        for town in towns:
            await apply_town(platform, town)
    return len(towns)


async def load_demo(platform: Platform, slugs: Sequence[str] = (), *, again: bool = False, advice: str = "") -> int:
    """Load demo content that is not there yet. A part that fails is reported with the advice; the others are loaded."""
    from regiohub.demo import demo_parts, load_part

    count = 0
    for part in await demo_parts(platform, slugs):
        if part.loaded and not again:
            continue
        with step(f"Demo content of {part.plugin} for {part.tenant.short_name}"):
            try:
                await load_part(platform, part)
                count += 1
            except Exception as error:
                from regiohub.events.faults import describe

                typer.secho(f"{part.plugin}, {part.tenant.slug}: {describe(error)}", fg="red", err=True)
                if advice:
                    typer.echo(f"  {advice}", err=True)
    return count
