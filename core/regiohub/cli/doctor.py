"""``regiohub doctor``: what is configured, what is missing, what to do."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from .exits import FAILED
from .opening import settings_with
from .output import AsJson, console, print_json, print_table

_SIGNS = {"ok": "✓", "note": "·", "warning": "!", "error": "✗"}
_COLOURS = {"ok": "green", "note": "dim", "warning": "yellow", "error": "red"}


def doctor(
    settings: Annotated[bool, typer.Option("--settings", help="List all settings with meaning and value.")] = False,
    for_version: Annotated[
        str | None, typer.Option(help="Say instead which installed plugins fit this release of the core.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Examine the installation; exit code 1 if something does not work."""
    if settings:
        _settings(json)
        return
    from .examination import examine
    from .upgrade_examination import examine_upgrade

    wanted = settings_with()
    findings = asyncio.run(examine_upgrade(wanted, for_version) if for_version else examine(wanted))
    if json:
        print_json(findings)
    else:
        screen = console()
        for finding in findings:
            screen.print(f"{_SIGNS[finding.level]} {finding.subject}: {finding.text}", style=_COLOURS[finding.level])
            if finding.remedy:
                screen.print(f"    {finding.remedy}")
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(FAILED)


def _settings(as_json: bool) -> None:
    from regiohub.settings import shown

    current = settings_with()
    rows = [
        {
            "name": f"REGIOHUB_{name.upper()}",
            "value": shown(current, name),
            "set": name in current.model_fields_set,
            "meaning": field.description or "",
        }
        for name, field in type(current).model_fields.items()
    ]
    if as_json:
        print_json(rows)
        return
    lines = [(row["name"], row["value"], row["meaning"]) for row in rows]
    print_table(("SETTING", "VALUE", "MEANING"), lines, empty="")
