"""Work that comes back: holds that run out, doors that follow."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from regiohub.api import Job, TenantScope
from regiohub_booking.models import AccessGrant, Slot
from regiohub_booking.service.doors import follow_up, warn_about_silent_locks
from regiohub_booking.service.slots import expire_stale_holds


async def expire_holds(scope: TenantScope) -> None:
    """Mark holds that have run out. Readers and bookers do not wait for it."""
    await scope.run(expire_stale_holds)


async def follow_doors(scope: TenantScope) -> None:
    """Carry due grants to their locks, then warn about those that stay silent."""
    await follow_up(scope)
    await scope.run(warn_about_silent_locks)


def _stale_holds(now: datetime) -> Select[int]:
    return select(Slot.tenant_id).where(Slot.occupies, Slot.expires_at <= now)


def _open_grants(_now: datetime) -> Select[int]:
    """Towns where a lock has yet to follow: what is due now, and what may have been silent for too long."""
    return select(AccessGrant.tenant_id).where(AccessGrant.next_try_at.is_not(None))


JOBS = (
    Job("booking.expire_holds", every=timedelta(minutes=1), run=expire_holds, work=_stale_holds),
    Job("booking.doors", every=timedelta(seconds=20), run=follow_doors, work=_open_grants),
)
