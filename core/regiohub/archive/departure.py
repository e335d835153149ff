"""A town leaves: written into an archive, then gone from every table and folder, with a record that it was here."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from regiohub.audit import keep_departed_head, put_head_aside
from regiohub.auth.login.content import opened as opened_session
from regiohub.auth.login.models import SessionRow
from regiohub.auth.login.seal import Seal
from regiohub.auth.login.store import PURPOSE as SESSIONS
from regiohub.db.base import uuid7
from regiohub.errors import Conflict, NotFound, Unavailable
from regiohub.sharing.models import Consent
from regiohub.sharing.sync import revoke_row
from regiohub.tenancy.changes import touch
from regiohub.tenancy.models import Origin, TenantRow
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.texts import t

from .alone import alone
from .comparing import changed_file, changed_rows
from .export import Exported, export_town
from .progress import UNWATCHED, Progress
from .wiping import still_used, wipe

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

SETTLE = 3.0
"""Seconds after which every process has noticed that a town is gone: workers look every two, requests more often."""
_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True, slots=True)
class Leaving:
    """How a town is to leave: with an archive or without, with its keys under a passphrase, and who does it.

    `strange`: rows of plugins that are not installed go without being in the archive. `settle`: seconds between the
    moment the town is switched off and the moment its archive is written.
    """

    export: Path | None = None
    passphrase: str | None = None
    strange: bool = False
    by: str = ""
    settle: float = SETTLE


@dataclass(frozen=True, slots=True)
class Removed:
    """A town that has left: rows by table (those with any), files, sign-ins that ended, and other towns' consents."""

    slug: str
    number: int
    archive: Exported | None
    tables: Mapping[str, int]
    files: int
    sessions: int
    consents: int
    left: list[Path] = field(default_factory=list[Path])
    """Files that describe the town and are not ours to delete."""

    @property
    def rows(self) -> int:
        """How many rows went."""
        return sum(self.tables.values())


async def remove_town(
    platform: Platform, slug: str, leaving: Leaving | None = None, *, progress: Progress = UNWATCHED
) -> Removed:
    """Remove a town for good. Broken off, it is repeated; once rows have gone, only what is left is removed.

    First nobody sees the town any more, then its archive is written, then all rows go in one transaction, then files.
    Rows and files are compared with the archive before: where one has changed since, nothing is deleted.
    A failing export changes nothing: the town is back. It also clears away an import that was not completed. What
    other towns share with it ends, in their logs too; the installation keeps a record with the archive's hash.

    :raises NotFound: there is no such town. :raises Conflict: somebody still writes to it, or removes or imports it at
    this moment, or the archive's file exists. :raises Unavailable: a file cannot be deleted; repeat it.
    """
    async with alone(platform, slug):
        return await _remove(platform, slug, leaving or Leaving(), progress)


async def _remove(platform: Platform, slug: str, want: Leaving, progress: Progress) -> Removed:
    transfer = await _open_transfer(platform, slug)
    if transfer is not None and transfer.kind is TransferKind.DEPARTURE and not transfer.progress.get("wiped"):
        # It was broken off before anything was deleted: it begins anew, with the town in sight.
        await _called_off(platform, transfer)
        transfer = None
    archive: Exported | None = None
    tables: dict[str, int] = {}
    sessions = 0
    if transfer is None:
        tenant = platform.tenants.get(slug)
        if tenant is None:
            raise NotFound(t(f"Die Kommune {slug} gibt es nicht.", f"There is no town {slug}."), field="tenant")
        transfer = await _hidden(platform, tenant, want.by)
        try:
            await asyncio.sleep(want.settle)
            archive = await _archived(platform, tenant, want, progress)
            await keep_departed_head(platform, tenant)
            tables, sessions = await _wiped(platform, transfer, archive, progress)
        except BaseException:
            await asyncio.shield(_called_off(platform, transfer))
            raise
    elif transfer.kind is TransferKind.ARRIVAL:
        tables, sessions = await _wiped(platform, transfer, None, progress)
    ended = await _end_consents(platform, slug)
    files = _delete_files(platform, slug)
    put_head_aside(platform, slug)
    await _finish(platform, transfer, files)
    definition = platform.settings.tenants_dir / slug
    left = [definition] if definition.exists() else []
    return Removed(slug, transfer.town, archive, tables, files, sessions, ended, left)


async def _open_transfer(platform: Platform, slug: str) -> Transfer | None:
    async with platform.database.platform() as session:
        is_open = sa.select(Transfer).where(Transfer.slug == slug, Transfer.finished_at.is_(None))
        return (await session.scalars(is_open)).one_or_none()


async def _hidden(platform: Platform, tenant: TenantInfo, by: str) -> Transfer:
    transfer = Transfer(
        id=uuid7(), kind=TransferKind.DEPARTURE, slug=tenant.slug, town=tenant.id, archive_sha256=None, by=by,
        began_at=platform.clock.now(), finished_at=None, rows=0, files=0, progress={},
    )  # fmt: skip
    async with platform.database.platform(write=True) as session, session.begin():
        session.add(transfer)
        await touch(session, tenant.id)
    await platform.tenants.refresh()
    return transfer


async def _called_off(platform: Platform, transfer: Transfer) -> None:
    """The town is seen again, unless its rows have gone meanwhile."""
    async with platform.database.platform(write=True) as session, session.begin():
        if await session.scalar(sa.select(TenantRow.id).where(TenantRow.id == transfer.town)) is None:
            return
        await session.execute(sa.delete(Transfer).where(Transfer.id == transfer.id), execution_options=_NO_SYNC)
        await touch(session, transfer.town)
    await platform.tenants.refresh()


async def _archived(platform: Platform, tenant: TenantInfo, want: Leaving, progress: Progress) -> Exported | None:
    if want.export is None:
        return None
    return await export_town(
        platform, tenant, want.export, passphrase=want.passphrase, strange=want.strange, progress=progress
    )


async def _wiped(
    platform: Platform, transfer: Transfer, archive: Exported | None, progress: Progress
) -> tuple[dict[str, int], int]:
    named = await _sessions_naming(platform, transfer.slug)
    manifest = archive.manifest if archive else None
    values = {
        "kind": TransferKind.DEPARTURE, "archive_sha256": archive.sha256 if archive else None,
        "rows": manifest.rows if manifest else 0, "progress": {"wiped": True},
    }  # fmt: skip

    async def compared(connection: AsyncConnection) -> str | None:
        if manifest is None:
            return None
        return await changed_rows(connection, platform.database, platform.plugins, transfer.town, manifest, progress)

    def noted(connection: sa.Connection) -> None:
        table = cast("sa.Table", Transfer.__table__)
        if connection.execute(sa.update(table).where(table.c.id == transfer.id).values(values)).rowcount != 1:
            # Somebody has called it off: without its record the town would be gone and on its way for ever.
            raise still_used()
        signed_in = cast("sa.Table", SessionRow.__table__)
        connection.execute(sa.delete(signed_in).where(signed_in.c.id.in_(named)))
        # At the end: whoever brings a file with a row cannot commit that row any more.
        folder = platform.settings.data_dir / "tenants" / transfer.slug
        if manifest is not None and (changed := changed_file(folder, manifest)) is not None:
            raise still_used(changed)

    found = await wipe(platform.database, transfer.town, compared, noted, progress)
    return found, len(named)


async def _sessions_naming(platform: Platform, slug: str) -> list[object]:
    """Sign-ins whose claims name the town. Whoever works elsewhere too signs in again."""
    seal = Seal(platform.settings.key, SESSIONS)
    async with platform.database.platform() as session:
        rows = (await session.scalars(sa.select(SessionRow))).all()
    found: list[object] = []
    for row in rows:
        content = opened_session(seal, row.sealed, row.mark)
        if content is not None and slug in content.claims.staff:
            found.append(row.id)
    return found


async def _end_consents(platform: Platform, slug: str) -> int:
    """What other towns share with this one ends: a new town of the same name must not inherit it."""
    ids = [tenant.id for tenant in platform.tenants.all()]
    named = sa.and_(Consent.reader == slug, Consent.revoked_at.is_(None))
    async with platform.database.read_across(ids, reason="consents to a town that leaves") as session:
        givers = set(await session.scalars(sa.select(Consent.tenant_id).where(named)))
    ended = 0
    for tenant in platform.tenants.all():
        if tenant.id not in givers:
            continue
        async with platform.scope(tenant).write() as ctx:
            for row in await ctx.session.scalars(sa.select(Consent).where(named)):
                # A file that still names it must not bring it back.
                row.origin = Origin.LOCAL
                await revoke_row(ctx, row)
                ended += 1
    return ended


def _delete_files(platform: Platform, slug: str) -> int:
    number = 0
    for folder in (platform.settings.data_dir / "tenants" / slug, platform.settings.data_dir / "mail" / slug):
        _apart(platform.settings.tenants_dir / slug, folder)
        number += sum(1 for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else 0
        try:
            if folder.is_dir():
                shutil.rmtree(folder)
        except OSError as error:
            raise Unavailable(
                t(
                    f"Die Einträge sind gelöscht; {error.filename} ließ sich nicht löschen ({error.strerror}). Bitte "
                    "beheben und den Befehl wiederholen.",
                    f"The rows are deleted; {error.filename} could not be deleted ({error.strerror}). Please mend "
                    "that, and repeat the command.",
                )
            ) from error
    return number


def _apart(town: Path, folder: Path) -> None:
    town, folder = town.resolve(), folder.resolve()
    if folder.is_relative_to(town) or town.is_relative_to(folder):
        raise Conflict(
            t(
                f"{folder} ist der Ordner, aus dem die Kommune eingerichtet wird (REGIOHUB_TENANTS_DIR), und wird "
                "deshalb nicht gelöscht. Bitte die beiden Ordner trennen und den Befehl wiederholen.",
                f"{folder} is the folder that the town is set up from (REGIOHUB_TENANTS_DIR), and is therefore not "
                "deleted. Keep the two folders apart, and repeat the command.",
            )
        )


async def _finish(platform: Platform, transfer: Transfer, files: int) -> None:
    async with platform.database.platform(write=True) as session, session.begin():
        done = {"finished_at": platform.clock.now(), "files": files, "progress": {}}
        change = sa.update(Transfer).where(Transfer.id == transfer.id).values(done)
        await session.execute(change, execution_options=_NO_SYNC)
        await touch(session)
    await platform.tenants.refresh()
