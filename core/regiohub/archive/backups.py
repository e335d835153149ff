"""Backups per town: an archive each day, read back once it is written, and so many kept."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import sqlalchemy as sa

from regiohub.errors import InvalidInput
from regiohub.events.parts import Job
from regiohub.tenancy.models import TenantRow
from regiohub.tenancy.transfers import Transfer, TransferKind
from regiohub.texts import t

from .check import check_archive
from .drafts import tidy_drafts
from .export import Exported, export_town

if TYPE_CHECKING:
    from regiohub.platform import Platform
    from regiohub.settings import Settings
    from regiohub.tenancy.context import TenantScope

NAME: Final = "core.backup"
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_FILE: Final = re.compile(r"^(?P<slug>[a-z0-9-]+)-(?P<stamp>\d{8}T\d{6}Z)\.zip$")


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup of a town that is there."""

    slug: str
    file: Path
    made_at: datetime
    bytes: int


def wants_backups(settings: Settings, slug: str) -> bool:
    """Whether a town is backed up each day: there is a folder for it, and the town is not left out."""
    return settings.backup_dir is not None and ("*" in settings.backup_towns or slug in settings.backup_towns)


def backups_of(settings: Settings, slug: str) -> Sequence[Backup]:
    """The backups of a town, the newest first; none where there is no folder for them."""
    if settings.backup_dir is None:
        return []
    found: list[Backup] = []
    for path in (settings.backup_dir / slug).glob("*.zip"):
        match = _FILE.fullmatch(path.name)
        if match and match["slug"] == slug:
            moment = datetime.strptime(match["stamp"], _STAMP).replace(tzinfo=UTC)
            found.append(Backup(slug, path, moment, path.stat().st_size))
    return sorted(found, key=lambda backup: backup.made_at, reverse=True)


async def back_up(scope: TenantScope) -> Exported:
    """Write a backup of the town, read it back, and only then delete the oldest beyond those that are kept.

    :raises InvalidInput: no folder is set, it cannot be written, or what was written cannot be read.
    """
    settings = scope.platform.settings
    if settings.backup_dir is None:
        raise InvalidInput(
            t(
                "Es ist kein Ordner für Sicherungen gesetzt (REGIOHUB_BACKUP_DIR).",
                "No folder for backups is set (REGIOHUB_BACKUP_DIR).",
            )
        )
    slug = scope.tenant.slug
    folder = settings.backup_dir / slug
    if folder.is_dir():
        tidy_drafts(folder, f"{slug}-*.zip")
    passphrase = settings.backup_passphrase.get_secret_value() or None
    target = folder / f"{slug}-{scope.now():{_STAMP}}.zip"
    # Nobody is there to say what is to happen with rows of a plugin that is gone: the rest is worth saving anyway, and
    # the manifest names what is not in it.
    done = await export_town(scope.platform, scope.tenant, target, passphrase=passphrase, strange=True)
    await asyncio.to_thread(check_archive, target)
    for old in backups_of(settings, slug)[settings.backup_kept :]:
        old.file.unlink(missing_ok=True)
    return done


async def expire_departed(platform: Platform) -> Sequence[Path]:
    """Delete the backups of towns that have left, as many days after as backups are kept. Returns what was deleted.

    Only a departure that was completed counts: a town that is hidden, or on its way, keeps its backups.
    """
    settings = platform.settings
    if settings.backup_dir is None or not settings.backup_dir.is_dir():
        return []
    since = platform.clock.now() - timedelta(days=settings.backup_kept)
    left = sa.select(Transfer.slug).where(Transfer.kind == TransferKind.DEPARTURE, Transfer.finished_at < since)
    here = sa.select(TenantRow.slug)
    on_their_way = sa.select(Transfer.slug).where(Transfer.finished_at.is_(None))
    async with platform.database.platform() as session:
        gone = set(await session.scalars(left)) - {*await session.scalars(here), *await session.scalars(on_their_way)}
    old = [backup.file for slug in sorted(gone) for backup in backups_of(settings, slug)]
    for file in old:
        file.unlink(missing_ok=True)
    for slug in gone:
        with suppress(OSError):  # somebody keeps other files there
            (settings.backup_dir / slug).rmdir()
    return old


async def _daily(scope: TenantScope) -> None:
    await expire_departed(scope.platform)
    if wants_backups(scope.platform.settings, scope.tenant.slug):
        await back_up(scope)


BACKUP_JOB: Final = Job(NAME, timedelta(days=1), _daily, most=timedelta(hours=12))
"""Writing a large town and reading it back takes hours."""
