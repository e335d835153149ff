"""What ``regiohub doctor`` says about backups of towns, and about towns on their way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from .examination import Finding

if TYPE_CHECKING:
    from regiohub.platform import Platform

_LATE = timedelta(days=2)


async def backups_of_towns(platform: Platform) -> list[Finding]:
    """Backups of towns: whether each town that wants one has one of the last two days; and unfinished imports."""
    return [*await _under_way(platform), await asyncio.to_thread(_backups, platform)]


def _backups(platform: Platform) -> Finding:
    from regiohub.archive.backups import backups_of, wants_backups

    settings, now = platform.settings, platform.clock.now()
    if settings.backup_dir is None:
        return Finding("Backups of towns", "note", "none are written", "To have one a day: REGIOHUB_BACKUP_DIR")
    wanted = [town.slug for town in platform.tenants.all() if wants_backups(settings, town.slug)]
    newest = {slug: next(iter(backups_of(settings, slug)), None) for slug in wanted}
    late = [slug for slug, backup in newest.items() if backup is None or now - backup.made_at > _LATE]
    if late:
        named = ", ".join(late[:5]) + (" …" if len(late) > 5 else "")
        text = f"{len(late)} of {len(wanted)} towns have none of the last two days: {named}"
        return Finding("Backups of towns", "warning", text, "See: regiohub job list; at once: regiohub tenant backup")
    return Finding("Backups of towns", "ok", f"{len(wanted)} towns, none older than two days in {settings.backup_dir}")


async def _under_way(platform: Platform) -> list[Finding]:
    import sqlalchemy as sa

    from regiohub.tenancy.transfers import Transfer

    async with platform.database.platform() as session:
        rows = await session.scalars(sa.select(Transfer).where(Transfer.finished_at.is_(None)))
        return [
            Finding(
                "Towns", "warning", f"{row.slug} is on its way since {row.began_at:%Y-%m-%d %H:%M} UTC ({row.kind})",
                "Run the same command again, or give up: regiohub tenant remove",
            )
            for row in rows
        ]  # fmt: skip
