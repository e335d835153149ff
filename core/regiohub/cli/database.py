"""``regiohub db``: create, migrate, look."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, DATABASE, Problem
from .opening import platform_for, run, settings_with
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.db.migrate import State
    from regiohub.platform import Platform
    from regiohub.settings import Settings


def bootstrap(
    superuser_url: Annotated[
        str, typer.Option(help="Address with a superuser's login; default: REGIOHUB_DATABASE_SUPERUSER_URL.")
    ] = "",
) -> None:
    """Create roles, database and extensions on PostgreSQL. Needs a superuser once; repeatable."""
    settings = settings_with()
    if settings.is_sqlite:
        raise Problem(
            "The embedded database needs no bootstrap.",
            "For PostgreSQL set REGIOHUB_DATABASE_URL=postgresql+asyncpg://…; otherwise run: regiohub db upgrade",
            code=CONFIGURATION,
        )
    address = superuser_of(settings, superuser_url)

    async def steps() -> None:
        from regiohub.db.bootstrap import bootstrap as prepare

        async for step in prepare(address, settings.database_url, settings.database_owner_url or None):
            typer.echo(step)

    asyncio.run(steps())
    typer.echo("Next: regiohub db upgrade")


def superuser_of(settings: Settings, given: str) -> str:
    """The superuser's address, from the option or the settings.

    :raises Problem: there is none.
    """
    if address := given or settings.database_superuser_url:
        return address
    raise Problem(
        "No superuser's address is given.",
        "Set REGIOHUB_DATABASE_SUPERUSER_URL or use --superuser-url postgresql://postgres:…@host/postgres",
        code=CONFIGURATION,
    )


def upgrade(json: AsJson = False) -> None:
    """Bring the tables of the core and of all plugins up to date. Repeatable; several may run at once."""

    async def work(platform: Platform) -> list[State]:
        from regiohub.db.migrate import upgrade as migrate

        return await migrate(platform.database, platform.migrations)

    _show(run(work, migrated=False), json)


def status(json: AsJson = False) -> None:
    """Show where each distribution's tables stand; exit code 4 if migrations wait."""

    async def work() -> list[State]:
        from regiohub.db.migrate import status as look

        async with platform_for(settings_with(), migrated=False) as platform:
            return await look(platform.database, platform.migrations)

    states = asyncio.run(work())
    _show(states, json)
    if any(state.pending for state in states):
        raise typer.Exit(DATABASE)


def compact() -> None:
    """Write every table anew without what was deleted; locks each table meanwhile, so best at a quiet hour."""

    async def work(platform: Platform) -> int:
        from regiohub.db.compacting import compact as rewrite

        number = 0
        async for name in rewrite(platform.database):
            typer.echo(f"  {name}")
            number += 1
        return number

    typer.echo(f"{run(work)} written anew.")


def _show(states: list[State], as_json: bool) -> None:
    rows: list[dict[str, Any]] = [
        {"owner": s.owner, "current": s.current, "head": s.head, "pending": s.pending} for s in states
    ]
    if as_json:
        print_json(rows)
        return
    lines = [(s.owner, s.current or "–", s.head or "–", "waiting" if s.pending else "up to date") for s in states]
    print_table(("OWNER", "REVISION", "NEWEST", "STATE"), lines, empty="There are no migrations.")
