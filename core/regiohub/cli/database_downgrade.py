"""``regiohub db downgrade``: take the tables of one distribution back, after saying what that costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from .exits import FAILED, Problem
from .opening import run
from .output import AsJson, print_json

if TYPE_CHECKING:
    from regiohub.db.downgrade import DowngradePlan, Needs
    from regiohub.platform import Platform


def downgrade(
    owner: Annotated[str, typer.Argument(help="core, or the id of a plugin.")],
    revision: Annotated[str, typer.Argument(help="The revision to go back to, or base: no tables at all.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Take the tables of the core or of one plugin back to an older revision. What they held beyond it is lost.

    Refused while others need them. Stop servers and workers first, and back up: there is no way to undo it.
    """
    from regiohub.db.downgrade import DowngradeFault

    try:
        plan = run(lambda platform: _plan(platform, owner, revision), migrated=False)
    except DowngradeFault as fault:
        raise Problem(str(fault), "Run: regiohub db status") from None
    if json:
        print_json(plan)
    else:
        for line in lines(plan):
            typer.echo(line)
    if plan.dependants:
        raise Problem(
            f"{owner} stays where it is: others need it.", "Take those back first, or uninstall them with their data."
        )
    if dry_run:
        return
    if not yes and not typer.confirm("Go back, and lose this?", default=False, err=True):
        raise typer.Exit(FAILED)
    run(lambda platform: _take_down(platform, owner, revision), migrated=False)
    typer.echo(f"{owner} is at {plan.target}.", err=json)


def lines(plan: DowngradePlan) -> list[str]:
    """The plan in words."""
    found = [f"{plan.owner}: from {plan.current} back to {plan.target}, undoing {', '.join(plan.revisions)}"]
    found += [f"  table {name} goes with {rows:,} rows" for name, rows in plan.tables.items()]
    found += [f"  column {name} goes, filled in {rows:,} rows" for name, rows in plan.columns.items()]
    if not plan.tables and not plan.columns:
        found.append("  no table and no column goes")
    found += [f"  {one.owner} {one.reason}" for one in plan.dependants]
    return found


def needs_of(platform: Platform) -> dict[str, Needs]:
    """What the installed plugins stand on, those in quarantine included."""
    from regiohub.db.downgrade import Needs

    known = [record for record in platform.plugins.records if record.plugin is not None]
    return {one.id: Needs(one.plugin.requires, one.plugin.core_schema) for one in known if one.plugin is not None}


async def _plan(platform: Platform, owner: str, revision: str) -> DowngradePlan:
    from regiohub.db.downgrade import plan_downgrade

    return await plan_downgrade(platform.database, platform.migrations, needs_of(platform), owner, revision)


async def _take_down(platform: Platform, owner: str, revision: str) -> None:
    from regiohub.db.downgrade import take_down

    await take_down(platform.database, platform.migrations, needs_of(platform), owner, revision)
