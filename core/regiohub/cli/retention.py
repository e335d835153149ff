"""``regiohub retention``: what is kept how long in a town, and the deletion of what has passed its time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .each_town import Each, in_each, towns_named
from .opening import run
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.privacy.retention import RetentionReport
    from regiohub.tenancy.info import TenantInfo

Town = Annotated[str | None, typer.Option("--tenant", help="Only this town; default: every town.")]


def show(tenant: Town = None, json: AsJson = False) -> None:
    """List the kinds of data: how long each is kept, how much has passed its time, and when the next will have."""
    looks = run(lambda platform: _looks(platform, tenant))
    if json:
        print_json([_facts(report) for report in looks.found])
    else:
        for report in looks.found:
            _print(report)
    looks.end()


def run_now(
    tenant: Town = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    json: AsJson = False,
) -> None:
    """Delete and empty what has passed its time, now; a worker does the same once a day."""

    async def work(platform: Platform) -> Each[dict[str, Any]]:
        from regiohub.privacy.retention import apply_retention

        async def applied(town: TenantInfo) -> dict[str, Any]:
            done = await apply_retention(platform.scope(town))
            return {"town": town.slug, **done.facts()}

        if dry_run:
            looks = await _looks(platform, tenant)
            return Each([_due(report) for report in looks.found], looks.faults)
        return await in_each(towns_named(platform, tenant), applied)

    towns = run(work)
    if json:
        print_json(towns.found)
    else:
        _print_taken(towns.found, "WOULD BE " if dry_run else "")
    towns.end()


def _print_taken(towns: Sequence[dict[str, Any]], verb: str) -> None:
    lines = [
        (one["town"], name, one["deleted"].get(name, 0), one["emptied"].get(name, 0))
        for one in towns
        for name in dict.fromkeys((*one["deleted"], *one["emptied"]))
    ]
    print_table(("TOWN", "DATA", f"{verb}DELETED", f"{verb}EMPTIED"), lines, empty="Nothing has passed its time.")


async def _looks(platform: Platform, tenant: str | None) -> Each[RetentionReport]:
    from regiohub.privacy.retention import retention_report

    async def look(town: TenantInfo) -> RetentionReport:
        async with platform.scope(town).read() as ctx:
            return await retention_report(ctx)

    return await in_each(towns_named(platform, tenant), look)


def _print(report: RetentionReport) -> None:
    typer.echo(f"{report.town.slug}: last run {_moment(report.last_run)}, last deletion {_moment(report.last_deleted)}")
    lines = [
        (
            line.plugin, line.title.en, "yes" if line.personal else "no", _time(line), line.due_deleted,
            line.due_emptied, line.next_on or "–",
        )
        for line in report.lines
    ]  # fmt: skip
    print_table(("PLUGIN", "DATA", "PERSONAL", "KEPT", "DUE: DELETE", "DUE: EMPTY", "NEXT ON"), lines, empty="–")
    for words in report.remarks:
        typer.echo(f"  · {words.en}")


def _time(line: Any) -> str:
    if line.days is not None:
        return f"{line.days} days{' (the town chooses)' if line.changeable else ''}"
    return line.kept.en if line.kept else "no fixed time"


def _moment(value: Any) -> str:
    return value.strftime("%Y-%m-%d %H:%M UTC") if value else "–"


def _due(report: RetentionReport) -> dict[str, Any]:
    """What a run would do, in the form of what a run has done."""
    facts: dict[str, Any] = {"town": report.town.slug, "deleted": {}, "emptied": {}}
    for line in report.lines:
        for counts, number in ((facts["deleted"], line.due_deleted), (facts["emptied"], line.due_emptied)):
            if number:
                name = f"{line.plugin}.{line.category}"
                counts[name] = counts.get(name, 0) + number
    return facts


def _facts(report: RetentionReport) -> dict[str, Any]:
    return {
        "town": report.town.slug, "made_at": report.made_at, "last_run": report.last_run,
        "last_deleted": report.last_deleted, "error": report.error,
        "lines": [
            {
                "plugin": line.plugin, "switched_on": line.switched_on, "category": line.category,
                "title": line.title.en, "personal": line.personal, "retention_days": line.days,
                "kept": line.kept.en if line.kept else None, "changeable": line.changeable,
                "due_deleted": line.due_deleted, "due_emptied": line.due_emptied, "next_on": line.next_on,
            }
            for line in report.lines
        ],
        "remarks": [words.en for words in report.remarks],
    }  # fmt: skip
