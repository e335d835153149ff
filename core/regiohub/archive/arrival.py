"""A town comes with its archive: everything is checked first, filled in, compared, and only then seen by anybody."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, cast
from uuid import UUID
from zipfile import ZipFile

import sqlalchemy as sa

from regiohub.audit import ArrivingLog, Head, judge_log, refuse_strange_signer, take_over_log
from regiohub.db.base import uuid7
from regiohub.db.passage import as_platform
from regiohub.errors import Conflict, InvalidInput
from regiohub.sharing.models import Consent
from regiohub.tenancy.changes import touch
from regiohub.tenancy.keys import sealed_key
from regiohub.tenancy.models import Origin, ProgrammeRow, TenantRow
from regiohub.tenancy.transfers import TownKey, Transfer, TransferKind, new_number
from regiohub.texts import Text, t

from .alone import alone
from .check import Checked, check_archive, opened
from .comparing import other_tables, tables_of
from .defined import fault_of_definition
from .filling import Filler, check_lines
from .fitting import refuse_consents, refuse_own_names, refuse_room, refuse_unfit
from .held import Work, hold_work, is_held
from .keys import opened_keys
from .manifest import AUDIT, KEYS, PROGRAMME, TOWN, Manifest
from .placing import Definition, place_definition, place_files, require_empty
from .progress import UNWATCHED, Progress
from .stated import facts_of_programme, facts_of_town

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.platform import Platform
    from regiohub.tenancy.context import Ctx

    from .rows import Rows

Consents = Literal["keep", "end"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How an archive is to be imported.

    `slug`: another name for the town; it then leaves its host names and the files that it is set up from behind.
    `passphrase`: opens the town's keys; `without_keys` says that they are not wanted. `consents`: whether what the town
    shared elsewhere holds here too; it must be said where the archive is from another installation. `heads`: ends of
    the town's log that were kept apart from the archive; `accept_log`: take a log that nothing vouches for, or that is
    damaged. `work`: whether mails, tasks and events that were waiting are done here (`keep`) or held for an operator;
    held where the archive is from elsewhere, unless it is said. `by`: who does it.
    """

    slug: str | None = None
    passphrase: str | None = None
    without_keys: bool = False
    consents: Consents | None = None
    heads: Sequence[Head] = ()
    accept_log: bool = False
    work: Work | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """A town that has arrived.

    `held`: how much waiting work an operator has to decide on. `log_fault`: what spoke against its log, and was passed
    over; a check shows more.
    """

    slug: str
    number: int
    manifest: Manifest
    sha256: str
    files: int
    resumed: bool
    keys: bool
    ended_consents: int
    held: int
    definition: Definition
    log_fault: Text | None


async def import_town(
    platform: Platform, file: Path, wanted: Wanted | None = None, *, progress: Progress = UNWATCHED
) -> Imported:
    """Bring a town in from its archive. Broken off, it is repeated with the same file and goes on where it stood.

    Until it is complete and each table has been compared with the archive, nobody sees the town.

    :raises InvalidInput: the archive is not sound, does not fit, or keys, consents or the log need a decision.
    :raises Conflict: the town is here already, or one of its host names, or files in its folder; or somebody imports or
    removes it at this moment.
    """
    want = wanted or Wanted()
    checked = check_archive(file, progress=progress)
    manifest = checked.manifest
    slug = want.slug or manifest.town.slug
    refuse_unfit(platform, manifest, slug)
    refuse_room(platform.settings.data_dir, manifest)
    refuse_consents(platform, manifest, decided=want.consents is not None)
    async with alone(platform, slug):
        return await _arrive(platform, checked, slug, want, progress)


async def _arrive(platform: Platform, checked: Checked, slug: str, want: Wanted, progress: Progress) -> Imported:
    manifest = checked.manifest
    with opened(checked.file) as archive:
        keys = _keys(archive, manifest, want)
        part = archive.read(AUDIT) if AUDIT in manifest.members else b""
        log = ArrivingLog.read(manifest.town.slug, part, want.heads, accepted=want.accept_log)
        refuse_strange_signer(platform, log)
        for rows, lines in _lines(platform, archive, manifest, progress, "reading"):
            check_lines(rows, lines, progress.advance)
        transfer, resumed = await _begun(platform, archive, checked, slug, want)
        await _fill(platform, archive, manifest, transfer, progress)
        files = place_files(platform.settings.data_dir / "tenants" / slug, archive, manifest, progress)
        await _compare(platform, manifest, transfer.town, progress)
        async with platform.database.read(transfer.town) as session:
            doubt = await judge_log(session, platform, log)
        await _keep_keys(platform, transfer.town, keys)
        done = {"rows": manifest.rows, "files": files, "progress": {}}
        defined = _defined(platform, archive, manifest, slug)
    hold = is_held(platform, manifest, slug, want.work)
    end = want.consents == "end"
    ended, held, fault = await _finish(platform, transfer, log, doubt, done, end_consents=end, hold=hold)
    return Imported(
        slug, transfer.town, manifest, checked.sha256, files, resumed, bool(keys), len(ended), held, defined, fault
    )


def _keys(archive: ZipFile, manifest: Manifest, want: Wanted) -> dict[str, bytes]:
    if not manifest.keys.included or want.without_keys:
        return {}
    if want.passphrase is None:
        raise InvalidInput(
            t(
                "Das Archiv enthält die Schlüssel der Kommune. Bitte das Kennwort angeben (--passphrase-file), oder "
                "ohne sie übernehmen (--without-keys); hinterlegte Geheimnisse sind dann neu einzutragen.",
                "The archive holds the town's keys. Give the passphrase (--passphrase-file), or import without them "
                "(--without-keys); stored secrets have to be entered again then.",
            ),
            field="passphrase",
        )
    return opened_keys(archive.read(KEYS), want.passphrase.strip("\r\n"), manifest.town.slug)


async def _begun(
    platform: Platform, archive: ZipFile, checked: Checked, slug: str, want: Wanted
) -> tuple[Transfer, bool]:
    """The row of this arrival: that of an earlier attempt with the same file, or a new one with the town's row."""
    async with platform.database.platform(write=True) as session, session.begin():
        is_open = sa.select(Transfer).where(Transfer.slug == slug, Transfer.finished_at.is_(None))
        before = (await session.scalars(is_open)).one_or_none()
        if before is not None:
            if before.kind is TransferKind.ARRIVAL and before.archive_sha256 == checked.sha256:
                return before, True
            raise _on_its_way(slug)
        if await session.scalar(sa.select(TenantRow.id).where(TenantRow.slug == slug)) is not None:
            raise Conflict(t(f"{slug} gibt es hier schon.", f"There is a town {slug} here already."), field="slug")
        # Before the arrival stands in the database: what was there already must never be taken for the town's.
        require_empty(platform.settings.data_dir / "tenants" / slug)
        values = facts_of_town(archive.read(TOWN), slug)
        if slug != checked.manifest.town.slug:
            values["hosts"] = []
        refuse_own_names(platform.settings, values["hosts"])
        await _refuse_hosts(session, values["hosts"])
        number = await _add_town(session, values)
        if PROGRAMME in checked.manifest.members:
            await _add_programme(session, facts_of_programme(archive.read(PROGRAMME), values["programme_id"]))
        transfer = Transfer(
            id=uuid7(), kind=TransferKind.ARRIVAL, slug=slug, town=number, archive_sha256=checked.sha256, by=want.by,
            began_at=platform.clock.now(), finished_at=None, rows=0, files=0, progress={},
        )  # fmt: skip
        session.add(transfer)
    return transfer, False


async def _add_town(session: TenantSession, values: dict[str, Any]) -> int:
    number = await new_number(session)
    given = values if number is None else {**values, "id": number}
    # Not by the model: the session would set the moment of the last change.
    table = cast("sa.Table", TenantRow.__table__)
    return (await session.execute(sa.insert(table).returning(table.c.id), given)).scalar_one()


async def _add_programme(session: TenantSession, values: dict[str, Any]) -> None:
    if await session.get(ProgrammeRow, values["id"]) is None:
        session.add(ProgrammeRow(**values))


async def _refuse_hosts(session: TenantSession, hosts: list[str]) -> None:
    taken = {host.lower(): row.slug for row in await session.scalars(sa.select(TenantRow)) for host in row.hosts}
    for host in hosts:
        if host.lower() in taken:
            raise Conflict(
                t(
                    f"Der Name {host} gehört hier schon zu {taken[host.lower()]}.",
                    f"The host name {host} belongs to {taken[host.lower()]} here.",
                ),
                field="file",
            )


async def _fill(
    platform: Platform, archive: ZipFile, manifest: Manifest, transfer: Transfer, progress: Progress
) -> None:
    filler = Filler(platform.database, transfer.id, transfer.town, cast("dict[str, int]", dict(transfer.progress)))
    for rows, lines in _lines(platform, archive, manifest, progress, "filling"):
        await filler.fill(rows, lines, progress.advance)


def _lines(
    platform: Platform, archive: ZipFile, manifest: Manifest, progress: Progress, doing: str
) -> Iterator[tuple[Rows, IO[bytes]]]:
    """Each table of the archive that is known here, with its lines."""
    members = {table.name: table for table in manifest.tables}
    for rows in tables_of(platform.plugins, manifest):
        facts = members[rows.name]
        progress.begin(f"{doing} {rows.name}", facts.rows)
        with archive.open(facts.member) as lines:
            yield rows, lines


async def _compare(platform: Platform, manifest: Manifest, town: int, progress: Progress) -> None:
    """Read back what has been written and compare it, table by table, byte by byte, with the archive."""
    async with platform.database.read(town) as session:
        await session.patient()
        async for name in other_tables(session, platform.plugins, manifest, progress):
            raise Conflict(
                t(
                    f"{name} ist nach der Übernahme nicht, was im Archiv steht. Die Kommune bleibt "
                    "unsichtbar; bitte mit tenant remove entfernen und neu übernehmen.",
                    f"{name} is not what the archive holds after the import; nobody sees the town. Remove it "
                    "with tenant remove, and import it again.",
                ),
                field="file",
            )


def _defined(platform: Platform, archive: ZipFile, manifest: Manifest, slug: str) -> Definition:
    if slug != manifest.town.slug:
        return Definition()
    folder = platform.settings.tenants_dir
    fault = None if (folder / slug).exists() else fault_of_definition(platform, archive, manifest)
    return Definition(fault=fault) if fault else place_definition(folder, archive, manifest)


async def _keep_keys(platform: Platform, town: int, keys: dict[str, bytes]) -> None:
    if not keys:
        return
    rows = [
        {"purpose": purpose, "sealed": sealed_key(platform.settings.key, purpose, key)} for purpose, key in keys.items()
    ]
    async with platform.database.write(town) as session, session.begin():
        await session.upsert(TownKey, rows, key=("purpose",), update=("sealed",))


async def _finish(
    platform: Platform,
    transfer: Transfer,
    log: ArrivingLog,
    doubt: Text | None,
    done: dict[str, Any],
    *,
    end_consents: bool,
    hold: bool,
) -> tuple[list[UUID], int, Text | None]:
    """Let the town be seen, with all that is different here: who sealed its log elsewhere, and consents that end.

    In one transaction: the rows are those of the archive until then, so that an import broken off can be repeated, and
    nobody works in the town before. Returns the consents that have ended, how much work is held, and what is wrong
    with the log.
    """
    tenant = await platform.tenants.on_its_way(transfer.town)
    async with platform.scope(tenant).write() as ctx:
        fault = await take_over_log(ctx, log, doubt)
        ended = await _end_consents(ctx) if end_consents else []
        held = await hold_work(ctx) if hold else 0
        change = sa.update(Transfer).where(Transfer.id == transfer.id).values(finished_at=ctx.now(), **done)
        await touch(ctx.session)
        async with as_platform(ctx.session) as session:
            await session.execute(change, execution_options={"synchronize_session": False})
    await platform.tenants.refresh()
    return ended, held, fault


async def _end_consents(ctx: Ctx) -> list[UUID]:
    """Withdraw what the town shares before anybody can read it here; a file that names it must not bring it back."""
    ended = list(await ctx.session.scalars(sa.select(Consent.id).where(Consent.revoked_at.is_(None))))
    change = sa.update(Consent).where(Consent.id.in_(ended)).values(revoked_at=ctx.now(), origin=Origin.LOCAL)
    await ctx.session.execute(change, execution_options={"synchronize_session": False})
    for consent in ended:
        await ctx.audit("tenant.sharing_revoked", kind="consent", id=str(consent), note="import")
    return ended


def _on_its_way(slug: str) -> Conflict:
    return Conflict(
        t(
            f"{slug} ist gerade auf dem Weg: mit einem anderen Archiv, oder hinaus. Bitte das beenden, oder mit "
            "tenant remove entfernen.",
            f"{slug} is on its way: with another archive, or out. Complete that, or remove it with tenant remove.",
        ),
        field="slug",
    )
