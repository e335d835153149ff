"""``regiohub sessions``: who is signed in to the console, and signing people out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import Problem
from .opening import run
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform

Person = Annotated[
    str | None, typer.Option("--subject", help="Identifier of a person at the login server (claim sub).")
]


def list_sessions(subject: Person = None, json: AsJson = False) -> None:
    """List sign-ins to the console, the last used first. Names and tokens are sealed and not shown."""

    async def work(platform: Platform) -> list[Any]:
        from regiohub.auth.login import operation

        found = await operation.list_sessions(platform, subject)
        names = ("id", "issuer", "subject", "device", "created_at", "seen_at", "expires_at")
        return [{name: getattr(row, name) for name in names} for row in found]

    rows = run(work)
    if json:
        print_json(rows)
        return
    lines = [tuple(row.values()) for row in rows]
    heads = ("ID", "ISSUER", "SUBJECT", "DEVICE", "SINCE", "LAST USED", "ENDS")
    print_table(heads, lines, empty="Nobody is signed in to the console.")


def end(
    subject: Person = None, everybody: Annotated[bool, typer.Option("--all", help="Sign everybody out.")] = False
) -> None:
    """Sign a person out of the console, or everybody; it counts at once. Whoever may, can sign in again."""
    if (subject is None) != everybody:
        raise Problem("Whom?", "Give either --subject <identifier> or --all.")

    async def work(platform: Platform) -> int:
        from regiohub.auth.login import operation

        return await operation.end_sessions(platform, subject)

    typer.echo(f"{run(work)} sign-ins have ended.")
