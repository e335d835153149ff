"""``regiohub outbox``: dead letters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

import typer

from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

Town = Annotated[str, typer.Option("--tenant", help="The town.")]
Ids = Annotated[list[UUID] | None, typer.Argument(help="Ids of entries; default: all dead letters of the town.")]


def list_entries(json: AsJson = False) -> None:
    """List what was given up, in all towns, the newest first."""

    async def work(platform: Platform) -> list[Any]:
        from regiohub.events.dead_letters import dead_letters

        return list(await dead_letters(platform))

    letters = run(work)
    if json:
        print_json(letters)
        return
    lines = [(x.town, x.id, x.kind.value, x.name, x.attempts, x.error) for x in letters]
    print_table(("TOWN", "ID", "KIND", "NAME", "ATTEMPTS", "ERROR"), lines, empty="There are no dead letters.")


def retry(tenant: Town, ids: Ids = None) -> None:
    """Try dead letters of a town again."""
    from regiohub.events.dead_letters import retry as again

    typer.echo(f"Due again: {_settle(tenant, ids, again)}")


def drop(tenant: Town, ids: Ids = None) -> None:
    """Close dead letters of a town unfinished."""
    from regiohub.events.dead_letters import drop as close

    typer.echo(f"Closed: {_settle(tenant, ids, close)}")


def _settle(slug: str, ids: list[UUID] | None, act: Callable[[Ctx, list[UUID] | None], Awaitable[int]]) -> int:
    async def work(platform: Platform) -> int:
        scope = platform.scope(tenant_named(platform, slug))
        return await scope.run(lambda ctx: act(ctx, ids or None))

    return run(work)
