"""Mails that were written to files instead of being sent: they name their readers, and have a time like everything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from regiohub.privacy.traces import mail_moment
from regiohub.tenancy.context import Ctx, TenantScope


def mails_of(ctx: Ctx | TenantScope) -> Sequence[tuple[Path, datetime]]:
    """The files of a town with the moments at which they were written."""
    folder = ctx.platform.settings.data_dir / "mail" / ctx.tenant.slug
    files = sorted(folder.glob("*.eml")) if folder.is_dir() else []
    return [(path, _moment(path)) for path in files]


def _moment(path: Path) -> datetime:
    found = mail_moment(path)
    return found if found is not None else datetime.fromtimestamp(path.stat().st_mtime, UTC)
