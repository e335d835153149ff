"""One round over the outbox: find the towns with due entries, claim, deliver, record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from regiohub.events.catalogue import Catalogue
from regiohub.events.faults import describe
from regiohub.events.models import EntryKind, OutboxEntry

from .claims import claim, record, towns_with_due_entries
from .handlers import deliver_event
from .mails import send_mail
from .outcome import Outcome, failed
from .tasks import run_task
from .waiting import resume_waiting

if TYPE_CHECKING:
    from regiohub.mail import Postman
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)

TOWNS_AT_ONCE = 4
ENTRY_SECONDS = 120.0
"""Longest time for one entry: a handler that hangs must not hold up its town for ever."""


class Courier:
    """Delivers what is due. Several may work at once, in one process or in many."""

    def __init__(self, platform: Platform, parts: Catalogue, postman: Postman) -> None:
        self._platform = platform
        self._parts = parts
        self._postman = postman
        self._gate = asyncio.Semaphore(TOWNS_AT_ONCE)

    async def round(self) -> int:
        """Deliver one batch of each town that has due entries. Returns how many entries were worked on."""
        tenants = {tenant.id: tenant for tenant in self._platform.tenants.all()}
        due = await towns_with_due_entries(self._platform.database, list(tenants), self._platform.clock.now())
        return sum(await asyncio.gather(*(self._town(tenants[tenant_id]) for tenant_id in due)))

    async def resume(self) -> int:
        """Make entries due whose plugin is back. Returns their number."""
        return await resume_waiting(self._platform, self._parts, self._postman)

    async def _town(self, tenant: TenantInfo) -> int:
        async with self._gate:
            database = self._platform.database
            try:
                entries = await claim(database, tenant.id, self._platform.clock.now())
                for entry in entries:
                    # Recorded one by one: what is done stays done if the next entry kills this worker.
                    await record(database, tenant.id, [o for o in [await self._deliver(tenant, entry)] if o])
            except Exception as error:
                # A town whose data is in disorder must not keep the others from their mail.
                log.error("outbox_round_failed", tenant=tenant.slug, error=describe(error))
                return 0
            return len(entries)

    async def _deliver(self, tenant: TenantInfo, entry: OutboxEntry) -> Outcome | None:
        try:
            async with asyncio.timeout(ENTRY_SECONDS):
                match entry.kind:
                    case EntryKind.EVENT:
                        handlers = self._parts.handlers.get(entry.name, ())
                        return await deliver_event(self._platform, tenant, entry, handlers)
                    case EntryKind.TASK:
                        return await run_task(self._platform, tenant, entry, self._parts.tasks.get(entry.name))
                    case EntryKind.MAIL:
                        return await send_mail(self._platform, self._postman, tenant, entry)
        except TimeoutError as error:
            return failed(entry, error, self._platform.clock.now())
