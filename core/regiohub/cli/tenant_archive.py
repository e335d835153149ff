"""``regiohub tenant export|import|verify|remove``: a town leaves, moves, and comes back."""

from __future__ import annotations

from getpass import getuser
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from .audit_seals import read_head
from .each_town import Each, in_each, towns_named
from .exits import CONFIGURATION, Problem
from .opening import run, tenant_named
from .output import AsJson, print_json, print_table
from .plugins import Town
from .progress import progress_bar

if TYPE_CHECKING:
    from regiohub.archive.arrival import Imported
    from regiohub.archive.backups import Backup
    from regiohub.archive.departure import Removed
    from regiohub.archive.export import Exported
    from regiohub.archive.manifest import Manifest
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

File = Annotated[Path, typer.Argument(help="The archive, a zip file.")]
Passphrase = Annotated[
    Path | None,
    typer.Option(
        help="File with the passphrase of the town's keys; without it stored secrets cannot be read elsewhere."
    ),
]
LeaveOut = Annotated[
    bool,
    typer.Option(
        "--leave-out", help="Without rows of plugins that are not installed, and files whose names no archive can hold."
    ),
]


def export(
    file: Annotated[Path, typer.Argument(help="New zip file.")],
    tenant: Town,
    passphrase_file: Passphrase = None,
    leave_out: LeaveOut = False,
    json: AsJson = False,
) -> None:
    """Write all of a town into one archive that can be read without this platform. The server goes on meanwhile."""
    from regiohub.archive.export import export_town

    async def work(platform: Platform) -> Exported:
        town = tenant_named(platform, tenant)
        with progress_bar() as bar:
            return await export_town(
                platform, town, file, passphrase=_passphrase(passphrase_file), strange=leave_out, progress=bar
            )

    done = run(work)
    if json:
        print_json(_facts(done))
        return
    _say_exported(done)


def import_(
    file: File,
    slug: Annotated[str | None, typer.Option(help="Another name for the town, e.g. for a drill beside it.")] = None,
    passphrase_file: Passphrase = None,
    without_keys: Annotated[
        bool, typer.Option("--without-keys", help="Leave the town's keys; stored secrets are entered again.")
    ] = False,
    consents: Annotated[
        Literal["keep", "end"] | None,
        typer.Option(help="Whether what the town shared in another installation holds here."),
    ] = None,
    work: Annotated[
        Literal["keep", "hold"] | None,
        typer.Option(
            help="Whether mails and tasks that were waiting are done here, or held for `regiohub outbox`; "
            "default: held where the archive is from elsewhere."
        ),
    ] = None,
    head: Annotated[
        list[Path] | None,
        typer.Option(help="A head of its log that was kept apart from the archive; may be given repeatedly."),
    ] = None,
    accept_log: Annotated[
        bool, typer.Option("--accept-log", help="Take a log that nothing vouches for, or that is damaged, as it is.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who does it, for the record; default: the user.")] = None,
    json: AsJson = False,
) -> None:
    """Bring a town in from its archive, on either database. Broken off, run it again: it goes on where it stood."""
    from regiohub.archive.arrival import Wanted, import_town

    heads = [read_head(path) for path in head or ()]

    async def bring(platform: Platform) -> Imported:
        wanted = Wanted(
            slug=slug, passphrase=_passphrase(passphrase_file), without_keys=without_keys, consents=consents,
            heads=heads, accept_log=accept_log, work=work, by=by or getuser(),
        )  # fmt: skip
        with progress_bar() as bar:
            return await import_town(platform, file, wanted, progress=bar)

    done = run(bring)
    if json:
        print_json({"slug": done.slug, "rows": done.manifest.rows, "files": done.files, "sha256": done.sha256,
                    "resumed": done.resumed, "keys": done.keys, "ended_consents": done.ended_consents,
                    "held": done.held, "definition_fault": done.definition.fault,
                    "log_fault": done.log_fault.en if done.log_fault else None})  # fmt: skip
        return
    again = " (went on where it had stopped)" if done.resumed else ""
    typer.echo(f"{done.slug} is here: {done.manifest.rows} rows, {done.files} files, compared with the archive{again}.")
    if not done.keys:
        typer.echo("Its keys did not come along: secrets among the settings are to be entered again.")
    if done.log_fault:
        typer.echo(f"Its log was accepted as it is, and says so: {done.log_fault.en} See: regiohub audit verify")
    if done.ended_consents:
        typer.echo(f"{done.ended_consents} consents have ended; the town can grant them anew.")
    if done.held:
        typer.echo(
            f"Mails and tasks that were waiting are held ({done.held}): regiohub outbox list, then retry or drop."
        )
    if done.definition.there:
        typer.echo("Files that it is set up from were there already, and stay as they are.")
    elif done.definition.fault:
        typer.echo(f"Files that it is set up from could not all be written ({done.definition.fault}).")
        typer.echo("The town works without them. To change it by its files, unpack them: definition/ in the archive.")
    elif done.definition.written:
        typer.echo(f"Files that it is set up from: {done.definition.written[0].parent}")


def verify(file: File, json: AsJson = False) -> None:
    """Check an archive from the first byte to the last. Needs neither a database nor settings."""
    from regiohub.archive.check import check_archive

    with progress_bar() as bar:
        checked = check_archive(file, progress=bar)
    found = checked.manifest
    if json:
        print_json({"sha256": checked.sha256, "town": found.town, "made_at": found.made_at, "rows": found.rows,
                    "members": len(found.members), "revisions": found.revisions, "keys": found.keys,
                    "left_out": found.left_out})  # fmt: skip
        return
    _say_what(found)
    typer.echo(f"Sound: {len(found.members)} members, SHA-256 {checked.sha256}")


def remove(
    tenant: Town,
    export: Annotated[Path | None, typer.Option(help="New zip file that everything is written into first.")] = None,
    passphrase_file: Passphrase = None,
    leave_out: LeaveOut = False,
    identity: Annotated[
        bool, typer.Option("--identity", help="Remove its organization at the login server, too.")
    ] = False,
    by: Annotated[str | None, typer.Option(help="Who does it, for the record; default: the user.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: AsJson = False,
) -> None:
    """Remove a town for good: every row, every file, every sign-in. Only the record stays that it was here."""
    from regiohub.archive.departure import Leaving, remove_town

    if not yes:
        saved = f"Everything is written to {export} first." if export else "NOTHING is written to a file first."
        typer.confirm(f"Remove {tenant} with all its data for good? {saved}", abort=True)

    async def work(platform: Platform) -> Removed:
        leaving = Leaving(export=export, passphrase=_passphrase(passphrase_file), strange=leave_out, by=by or getuser())
        with progress_bar() as bar:
            done = await remove_town(platform, tenant, leaving, progress=bar)
        if identity:
            await _forget_identity(platform, tenant)
        return done

    done = run(work)
    if json:
        print_json({"slug": done.slug, "rows": done.rows, "tables": done.tables, "files": done.files,
                    "sessions": done.sessions, "ended_consents": done.consents,
                    "archive": _facts(done.archive) if done.archive else None})  # fmt: skip
        return
    if done.archive:
        _say_exported(done.archive)
    typer.echo(f"{done.slug} is removed: {done.rows} rows, {done.files} files, {done.sessions} sign-ins.")
    for path in done.left:
        typer.echo(f"The files that it was set up from are still there: {path}")
    if not identity:
        typer.echo("Its organization at the login server stays; to remove that, too: --identity")


async def _forget_identity(platform: Platform, slug: str) -> None:
    from regiohub.auth.admin.access import has_identity_admin, identity_admin

    if not has_identity_admin(platform.settings):
        raise Problem(
            "The town is removed here; people are administered elsewhere.",
            "Remove its organization at the login server by hand.",
            code=CONFIGURATION,
        )
    await identity_admin(platform).remove_tenant(slug)


def backup(
    tenant: Annotated[
        str | None, typer.Option(help="Only this town; default: all that are backed up each day.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the backups that are there; write none.")] = False,
    json: AsJson = False,
) -> None:
    """Back towns up into REGIOHUB_BACKUP_DIR now, as the worker does each day."""
    from regiohub.archive.backups import back_up, backups_of, wants_backups

    async def work(platform: Platform) -> Each[list[Backup]]:
        if platform.settings.backup_dir is None:
            raise Problem("No folder for backups is set.", "Set REGIOHUB_BACKUP_DIR.", code=CONFIGURATION)

        async def backed_up(town: TenantInfo) -> list[Backup]:
            if not listed:
                await back_up(platform.scope(town))
            return list(backups_of(platform.settings, town.slug)[: None if listed else 1])

        chosen = towns_named(platform, tenant)
        wanted = [town for town in chosen if tenant or wants_backups(platform.settings, town.slug)]
        return await in_each(wanted, backed_up)

    towns = run(work)
    every = [backup for found in towns.found for backup in found]
    if json:
        print_json([{"town": b.slug, "made_at": b.made_at, "bytes": b.bytes, "file": str(b.file)} for b in every])
    else:
        lines = [(b.slug, f"{b.made_at:%Y-%m-%d %H:%M}", f"{b.bytes / 2**20:.1f}", str(b.file)) for b in every]
        print_table(("TOWN", "MADE (UTC)", "MIB", "FILE"), lines, empty="There are no backups.")
    towns.end()


def history(json: AsJson = False) -> None:
    """List towns that came with an archive or left: when, by whom, and the archive's hash."""

    async def work(platform: Platform) -> list[dict[str, Any]]:
        import sqlalchemy as sa

        from regiohub.tenancy.transfers import Transfer

        async with platform.database.platform() as session:
            rows = await session.scalars(sa.select(Transfer).order_by(Transfer.began_at, Transfer.id))
            names = ("slug", "kind", "by", "began_at", "finished_at", "rows", "files", "archive_sha256")
            return [{name: getattr(row, name) for name in names} for row in rows]

    found = run(work)
    if json:
        print_json(found)
        return
    lines = [
        (f"{row['began_at']:%Y-%m-%d %H:%M}", row["slug"], row["kind"].value, row["by"], row["rows"],
         "done" if row["finished_at"] else "under way", row["archive_sha256"] or "–")
        for row in found
    ]  # fmt: skip
    head = ("BEGAN (UTC)", "SLUG", "WHAT", "BY", "ROWS", "STATE", "SHA-256 OF THE ARCHIVE")
    print_table(head, lines, empty="No town has come with an archive or left.")


def _passphrase(file: Path | None) -> str | None:
    """What stands in a file: in a command it would be read by others on the machine."""
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Problem(f"The passphrase cannot be read: {error}", code=CONFIGURATION) from None


def _facts(done: Exported) -> dict[str, Any]:
    return {
        "file": str(done.file), "sha256": done.sha256, "bytes": done.bytes, "rows": done.manifest.rows,
        "members": len(done.manifest.members), "keys": done.manifest.keys.included,
        "left_out": done.manifest.left_out,
    }  # fmt: skip


def _say_exported(done: Exported) -> None:
    found = done.manifest
    files = len(found.below("files"))
    typer.echo(
        f"{found.town.slug}: {found.rows} rows and {files} files are in {done.file} ({done.bytes / 2**20:.1f} MiB)."
    )
    typer.echo(f"SHA-256 {done.sha256}")
    if not found.keys.included:
        typer.echo("Its keys stay behind: stored secrets cannot be read elsewhere. With them: --passphrase-file")


def _say_what(found: Manifest) -> None:
    typer.echo(f"{found.town.name} ({found.town.slug}), written {found.made_at:%Y-%m-%d %H:%M} UTC by {found.platform}")
    rows = [(table.name, table.rows) for table in found.tables if table.rows]
    print_table(("TABLE", "ROWS"), rows, empty="No rows.")
    keys = "are in it, under a passphrase" if found.keys.included else "stayed behind"
    typer.echo(f"{found.rows} rows, {len(found.below('files'))} files; the town's keys {keys}.")
