"""``regiohub subject``: what is held on a person in a town, handed out or erased."""

from __future__ import annotations

import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer

from .each_town import Each, in_each, towns_named
from .exits import CONFIGURATION, Problem
from .opening import run, tenant_named
from .output import AsJson, print_json, print_table

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.privacy import ErasureReport
    from regiohub.tenancy.info import TenantInfo

Person = Annotated[str, typer.Argument(help="Identifier of the account (claim sub), or an e-mail address.")]
Town = Annotated[str, typer.Option("--tenant", help="The town.")]
Emails = Annotated[
    list[str] | None, typer.Option("--email", help="An e-mail address that is the person's too; may be repeated.")
]


def export(
    subject: Person,
    tenant: Town,
    email: Emails = None,
    output: Annotated[Path | None, typer.Option(help="New file for the document; default: print it.")] = None,
) -> None:
    """Hand out all that is held on a person in a town as one JSON document, by plugins that are off as well."""

    async def work(platform: Platform) -> dict[str, Any]:
        from regiohub.privacy import export_subject, subject_named

        named = subject_named([subject, *(email or [])])
        scope = platform.scope(tenant_named(platform, tenant))
        return (await scope.run(lambda ctx: export_subject(ctx, named))).document()

    if output is None:
        print_json(run(work))
        return
    # Before anything is handed out: the audit log must not say so of a document that could not be written.
    with _new_file(output) as file:
        document = run(work)
        _write(file, output, document)
    typer.echo(f"{document['records']} records are in {output}.")
    _hints(document["also_named"], document["remarks"])


def erase(
    subject: Person,
    tenant: Town,
    email: Emails = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Erase a person's data in a town, after showing what goes, and report on it."""
    if json and not yes:
        raise Problem("With --json there is nobody to ask.", "Add: --yes")
    if not yes:
        look = _run(subject, tenant, email, preview=True)
        _print(look, "WOULD BE ")
        for words in look.consequences:
            typer.echo(f"  ! {words.en}")
        if not look.found:
            typer.echo("Nothing is held on this person.")
            return
        typer.confirm(f"Erase this in {tenant}? It cannot be undone.", abort=True)
    report = _run(subject, tenant, email, preview=False)
    if json:
        print_json(report.document())
    else:
        _print(report)


def erase_again(
    ledger: Annotated[
        Path | None, typer.Option(help="The list of erasures; default: erasures.ndjson in the data folder.")
    ] = None,
    tenant: Annotated[str | None, typer.Option("--tenant", help="Only this town; default: every town.")] = None,
) -> None:
    """After a restored backup: erase those again who had been erased since it was made. Repeatable."""

    async def work(platform: Platform) -> Each[Sequence[ErasureReport]]:
        from regiohub.privacy import erase_returned, read_ledger
        from regiohub.privacy.ledger import FILE

        erasures = read_ledger(ledger or platform.settings.data_dir / FILE)

        async def again(town: TenantInfo) -> Sequence[ErasureReport]:
            return await platform.scope(town).run(lambda ctx: erase_returned(ctx, erasures))

        return await in_each(towns_named(platform, tenant), again)

    towns = run(work)
    reports = [report for found in towns.found for report in found]
    for report in reports:
        typer.echo(f"{report.town.slug}: {report.found} records of a person who had been erased before")
    typer.echo(f"{len(reports)} people erased again.")
    towns.end()


def _run(subject: str, tenant: str, email: list[str] | None, *, preview: bool) -> ErasureReport:
    async def work(platform: Platform) -> ErasureReport:
        from regiohub.privacy import erase_subject, look_up, subject_named

        named = subject_named([subject, *(email or [])])
        scope = platform.scope(tenant_named(platform, tenant))
        return await scope.run(lambda ctx: look_up(ctx, named) if preview else erase_subject(ctx, named))

    return run(work)


def _print(report: ErasureReport, verb: str = "") -> None:
    lines = [
        (one.plugin, one.title.en, one.found, one.deleted, one.cleared, one.kept, " ".join(n.en for n in one.notes))
        for one in report.outcomes
    ]
    heads = ("PLUGIN", "DATA", "FOUND", f"{verb}DELETED", f"{verb}EMPTIED", "KEPT", "NOTE")
    print_table(heads, lines, empty="Nothing was found.")
    document = report.document()
    _hints(document["also_named"], document["remarks"])


def _hints(also_named: list[str], remarks: list[dict[str, str]]) -> None:
    if also_named:
        typer.echo(f"Also named there: {', '.join(also_named)}. Ask again with --email if that is the same person.")
    for words in remarks:
        typer.echo(f"  · {words['en']}")


@contextmanager
def _new_file(path: Path) -> Generator[IO[bytes]]:
    """A new file that only the platform's user can read; it does not stay if anything goes wrong."""
    from regiohub.archive.drafts import folder_for

    try:
        folder_for(path)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        remedy = "Name another file: nothing is overwritten."
        raise Problem(f"{path} exists already.", remedy, code=CONFIGURATION) from None
    except OSError as error:
        raise _unwritable(path, error) from None
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write(file: IO[bytes], path: Path, document: dict[str, Any]) -> None:
    from pydantic_core import to_json

    try:
        file.write(to_json(document, indent=2))
        file.flush()
    except OSError as error:
        raise _unwritable(path, error) from None


def _unwritable(path: Path, error: OSError) -> Problem:
    return Problem(f"{path} cannot be written: {error.strerror}.", "Name another file.", code=CONFIGURATION)
