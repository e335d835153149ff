"""``regiohub db harden``: lets indexes serve under row level security."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from .database import superuser_of
from .exits import CONFIGURATION, Problem
from .opening import settings_with
from .output import AsJson, print_json

if TYPE_CHECKING:
    from regiohub.db.hardening import Standing

_WHY = """\
The walls between towns are checked before any function that might tell of a row by an error message; only functions
marked LEAKPROOF may go first, and only their indexes serve. The mark is a promise about the function, not a setting:
it says that it never tells a value in a message. Read below what each of them could tell at worst.
"""


def harden(
    superuser_url: Annotated[
        str, typer.Option(help="Address with a superuser's login; default: REGIOHUB_DATABASE_SUPERUSER_URL.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the marks away again.")] = False,
    json: AsJson = False,
) -> None:
    """Let indexes on places, ranges and words serve under row level security (PostgreSQL). Optional; needs a superuser.

    Marks functions LEAKPROOF: exactly those that indexes of towns' tables wait for. Repeatable; run it again after a
    restore, after an update of PostGIS, and when a plugin has brought an index of another kind.
    """
    settings = settings_with()
    if settings.is_sqlite:
        raise Problem(
            "The embedded database has no row level security, and nothing to harden.",
            "For PostgreSQL set REGIOHUB_DATABASE_URL=postgresql+asyncpg://…",
            code=CONFIGURATION,
        )
    from regiohub.db.hardening import harden as mark

    address = superuser_of(settings, superuser_url)
    steps = asyncio.run(mark(address, settings.database_url, undo=undo, dry_run=dry_run))
    if json:
        print_json([_row(one, statement, done=not dry_run) for one, statement in steps])
        return
    if not undo:
        typer.echo(_WHY)
    for one, statement in steps:
        typer.echo(f"{one.operator.function}: {_outcome(one, statement, dry_run=dry_run)}")
        if not undo:
            typer.echo(f"    {one.operator.sign} finds {one.operator.searches}: {', '.join(one.indexes) or 'no index'}")
            typer.echo(f"    {one.operator.risk}")
        if statement:
            typer.echo(f"    {statement}")


def _outcome(one: Standing, statement: str, *, dry_run: bool) -> str:
    if statement:
        return "would be changed" if dry_run else "changed"
    if one.marked:
        return "is marked already"
    return "is not marked" if one.indexes else "left alone, since no index of a town's table needs it"


def _row(one: Standing, statement: str, *, done: bool) -> dict[str, object]:
    return {
        "function": one.operator.function, "operator": one.operator.sign, "indexes": one.indexes,
        "marked_before": one.marked, "statement": statement, "done": bool(statement) and done,
        "risk": one.operator.risk,
    }  # fmt: skip
