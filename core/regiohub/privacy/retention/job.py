"""The job that applies retention in each town, once a day."""

from __future__ import annotations

from datetime import timedelta

from regiohub.events.parts import Job
from regiohub.tenancy.context import TenantScope

from .applying import apply_retention
from .looking import JOB


async def keep_times(scope: TenantScope) -> None:
    """Delete and empty what is past its time in one town."""
    await apply_retention(scope)


RETENTION_JOB = Job(JOB, every=timedelta(days=1), run=keep_times)
