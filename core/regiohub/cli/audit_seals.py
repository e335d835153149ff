"""``regiohub audit verify``, ``head`` and ``seal``: the log's seals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .exits import CONFIGURATION, FAILED, Problem
from .opening import run, tenant_named
from .output import AsJson, console, print_json

if TYPE_CHECKING:
    from regiohub.audit import Head, Report
    from regiohub.platform import Platform

Town = Annotated[str | None, typer.Option("--tenant", help="The town; without it, all towns.")]


def verify(
    tenant: Town = None,
    head: Annotated[
        list[Path] | None, typer.Option(help="A head kept earlier (`regiohub audit head`); may be given repeatedly.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Check every entry of the log against its seals; exit code 1 and the first fault with its place if one is wrong.

    The head that the worker keeps in the data folder is always compared. A head that was kept elsewhere shows as well
    that the end of the log was cut off, whatever has happened to this machine.
    """
    from regiohub.audit.seals.report import document

    kept = [read_head(path) for path in head or ()]
    reports = run(lambda platform: _verify(platform, tenant, kept, quiet=json))
    if json:
        print_json([document(report) for report in reports])
    else:
        for report in reports:
            _show(report)
    if not all(report.ok for report in reports):
        raise typer.Exit(FAILED)


def head(
    tenant: Annotated[str, typer.Option(help="The town.")],
    forget: Annotated[
        bool,
        typer.Option(
            "--replace-kept", help="After an older backup was restored on purpose: keep this head from now on."
        ),
    ] = False,
) -> None:
    """Print the signed head of a town's log as JSON, for keeping it where nobody who writes the database reaches it."""

    async def work(platform: Platform) -> Head | None:
        from regiohub.audit import head as newest
        from regiohub.audit import replace_kept_head

        scope = platform.scope(tenant_named(platform, tenant))
        if forget:
            return await scope.run(replace_kept_head)
        async with scope.read() as ctx:
            return await newest(ctx)

    found = run(work)
    if found is None:
        raise Problem(f"Nothing is sealed in {tenant} yet.", "The worker seals within a minute: regiohub worker")
    print_json(found.document())


def seal(
    tenant: Town = None,
    held_back: Annotated[
        bool, typer.Option("--held-back", help="Also entries that came in much later than their time says.")
    ] = False,
) -> None:
    """Seal what is not sealed yet, now; the worker does so within a minute.

    Entries that came in more than 20 minutes after their time are held back: somebody may have put them there. Look at
    them first (`regiohub audit verify` names them). Sealed with --held-back they are shown as late for ever.
    """

    async def work(platform: Platform) -> list[tuple[str, Any]]:
        from regiohub.audit import seal_town

        towns = [tenant_named(platform, tenant)] if tenant else platform.tenants.all()
        return [(town.slug, await seal_town(platform, town, held_back=held_back)) for town in towns]

    for slug, done in run(work):
        more = f", {done.held_back} held back" if done.held_back else ""
        typer.echo(f"{slug}: {done.entries} entries sealed{more}")


def accept(
    tenant: Annotated[str, typer.Option(help="The town.")],
    head: Annotated[Path, typer.Option(help="A head that the former key signed, kept before the change.")],
) -> None:
    """After a change of the platform's key: let the former key count for the seals that it made."""
    document = read_head(head).document()

    async def work(platform: Platform) -> None:
        from regiohub.audit import adopt

        await platform.scope(tenant_named(platform, tenant)).run(lambda ctx: adopt(ctx, document))

    run(work)
    typer.echo(f"The key counts for what it sealed. Next: regiohub audit verify --tenant {tenant}")


async def _verify(platform: Platform, slug: str | None, heads: list[Head], *, quiet: bool) -> list[Report]:
    from rich.progress import Progress, SpinnerColumn, TextColumn

    from regiohub.audit import verify as check

    towns = [tenant_named(platform, slug)] if slug else list(platform.tenants.all())
    reports: list[Report] = []
    with Progress(
        SpinnerColumn(), TextColumn("{task.description} {task.completed} entries"), console=console(stderr=True),
        transient=True, disable=quiet,
    ) as progress:  # fmt: skip
        for town in towns:
            mine = [one for one in heads if slug or one.town == town.slug]
            task = progress.add_task(town.slug)
            async with platform.scope(town).read() as ctx:
                reports.append(await check(ctx, mine, progress=lambda n, task=task: progress.update(task, completed=n)))
            progress.remove_task(task)
    known = {town.slug for town in towns}
    if lost := sorted({one.town for one in heads} - known):
        raise Problem(f"There is no town for the head of: {', '.join(lost)}.", code=CONFIGURATION)
    return reports


def read_head(path: Path) -> Head:
    """A head from its file. :raises Problem: there is none."""
    import orjson

    from regiohub.audit import head_given
    from regiohub.errors import InvalidInput

    try:
        return head_given(orjson.loads(path.read_bytes()))
    except OSError as error:
        raise Problem(f"{path} cannot be read: {error.strerror}.", code=CONFIGURATION) from None
    except (ValueError, InvalidInput):
        raise Problem(f"{path} is no genuine head of an audit log.", "Was the file changed?") from None


def _show(report: Report) -> None:
    screen = console()
    sign, colour = ("✓", "green") if report.ok else ("✗", "red")
    screen.print(
        f"{sign} {report.town}: {report.entries} entries as they were sealed, {report.seals} seals,"
        f" {report.heads} kept heads compared ({report.seconds:.1f} s, {report.per_second} entries/s)",
        style=colour,
    )
    if report.unsealed and report.oldest_unsealed:
        screen.print(f"    {report.unsealed} not sealed yet, the oldest of {report.oldest_unsealed:%Y-%m-%d %H:%M:%S}Z")
    if report.late:
        screen.print(f"    {report.late} came in late, by up to {report.latest_by}; the first is {report.first_late}")
    for fault in report.faults:
        screen.print(f"    {fault.words.en} ({fault.where.en})")
        if fault.expected or fault.found:
            screen.print(f"        expected {fault.expected or 'nothing'}, found {fault.found or 'nothing'}")
    if report.fault_count > len(report.faults):
        screen.print(f"    and {report.fault_count - len(report.faults)} more")
