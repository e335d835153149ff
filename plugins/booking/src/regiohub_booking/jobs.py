"""Work that comes back: holds that run out, doors that follow."""

from datetime import timedelta

from regiohub.api import Job, TenantScope
from regiohub_booking.service.doors import follow_up, warn_about_silent_locks
from regiohub_booking.service.slots import expire_stale_holds


async def expire_holds(scope: TenantScope) -> None:
    """Mark holds that have run out. Readers and bookers do not wait for it."""
    await scope.run(expire_stale_holds)


async def follow_doors(scope: TenantScope) -> None:
    """Carry due grants to their locks, then warn about those that stay silent."""
    await follow_up(scope)
    await scope.run(warn_about_silent_locks)


JOBS = (
    Job("booking.expire_holds", every=timedelta(minutes=1), run=expire_holds),
    Job("booking.doors", every=timedelta(seconds=20), run=follow_doors),
)
