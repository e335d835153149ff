"""``regiohub plugin check``: all installed plugins loaded strictly, or one project held to the named rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .exits import CONFIGURATION, FAILED, Problem
from .output import AsJson, print_json, print_table
from .plugins import check_installed

if TYPE_CHECKING:
    from regiohub.plugins.rules.report import Report


def check(
    path: Annotated[
        Path | None,
        typer.Argument(help="Folder of a plugin's project; without it, all installed plugins are loaded strictly."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Hold a plugin's project to the rules that all plugins keep; exit code 1 while something is to do.

    Each rule is done, exempt with the reason that the project gives in [tool.regiohub.exempt] of its pyproject.toml,
    or to do, with every place and what to do. The project need not be installed.

    Without PATH: load all installed plugins with everything they contribute, as in CI; a fault is an error. Needs no
    database.
    """
    if path is None:
        check_installed(json=json)
        return
    from regiohub.plugins.rules.reading import Unreadable
    from regiohub.plugins.rules.report import check_project
    from regiohub.plugins.rules.verdict import State

    try:
        report = check_project(path)
    except Unreadable as error:
        raise Problem(error.message, error.remedy, code=CONFIGURATION) from None
    left = report.count(State.TODO)
    if json:
        print_json(report)
    else:
        _print(report, f"{report.count(State.DONE)} done, {report.count(State.EXEMPT)} exempt, {left} to do")
    if left:
        raise typer.Exit(FAILED)


def _print(report: Report, summary: str) -> None:
    """The table, then each thing to do on lines of its own: a wrapped path cannot be clicked on or copied."""
    from regiohub.plugins.rules.verdict import State

    rows = [(finding.rule, finding.state, finding.reason or finding.title) for finding in report.findings]
    print_table(("RULE", "STATE", "WHAT"), rows, empty="There are no rules.")
    for finding in report.findings:
        if finding.state is State.TODO:
            typer.secho(f"\n{finding.rule}: {finding.title}", bold=True)
            for fault in finding.faults:
                typer.echo(f"  {fault}")
            typer.echo(f"  What to do: {finding.remedy}")
    typer.echo(f"\n{report.plugin} {report.version}: {summary}")
