"""What ``regiohub doctor`` says about the audit logs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from regiohub.platform import Platform

    from .examination import Finding

BEHIND_SECONDS: Final = 900.0
"""The worker seals each minute; later than this it does not run, or something holds it up."""


async def audit_seals(platform: Platform) -> list[Finding]:
    """Audit log: sealed, and continuing the heads that were kept."""
    from regiohub.audit.seals.backlog import seal_backlog
    from regiohub.audit.seals.heads import continues_kept_head

    from .examination import Finding

    found: list[Finding] = []
    backlog = await seal_backlog(platform)
    if backlog.oldest_seconds > BEHIND_SECONDS:
        text = (
            f"{backlog.entries} entries wait for their seal, the oldest for {backlog.oldest_seconds / 60:.0f} minutes"
        )
        found.append(Finding("Audit log", "warning", text, "Does the worker run? See: regiohub job list"))
    for town in platform.tenants.all():
        async with platform.database.read(town.id) as session:
            whole = await continues_kept_head(session, platform, town.slug)
        if not whole:
            text = f"{town.slug}: the log does not continue the head that was kept: its end was cut off or replaced"
            found.append(Finding("Audit log", "error", text, f"regiohub audit verify --tenant {town.slug}"))
    if not found:
        ago = (
            f"the last seal is {backlog.last_seconds / 60:.0f} minutes old"
            if backlog.last_seconds >= 0
            else "no seal yet"
        )
        found.append(Finding("Audit log", "ok", f"{backlog.entries} entries wait for their seal, {ago}"))
    return found
