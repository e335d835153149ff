"""The platform's own scheduled jobs. Each runs once per town and period, in every town."""

from __future__ import annotations

from .parts import Job


def core_jobs() -> tuple[Job, ...]:
    """All of them; their names begin with "core."."""
    # They are at work far above the worker, which only has to know when.
    from regiohub.archive.backups import BACKUP_JOB
    from regiohub.audit.seals.jobs import CHECK_JOB, SEAL_JOB
    from regiohub.privacy.retention.job import RETENTION_JOB

    return (RETENTION_JOB, SEAL_JOB, CHECK_JOB, BACKUP_JOB)
