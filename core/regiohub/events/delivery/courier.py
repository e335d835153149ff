"""One round over the outbox: find the towns with due entries, claim, deliver, record."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import structlog

from regiohub.events.catalogue import Catalogue
from regiohub.events.faults import describe
from regiohub.events.keeping import ClaimLost, kept, surely
from regiohub.events.models import EntryKind, OutboxEntry
from regiohub.events.runs import Runs

from .claims import claim, record, renew, towns_with_due_entries
from .handlers import deliver_event
from .mails import send_mail
from .outcome import Outcome, failed
from .tasks import run_task
from .waiting import resume_waiting

if TYPE_CHECKING:
    from regiohub.clock import Clock
    from regiohub.mail import Postman
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

log = structlog.get_logger(__name__)

TOWNS_AT_ONCE = 4
ENTRY_SECONDS = {"postgresql": 120.0, "sqlite": 20.0}
"""Longest time for one entry: one that hangs holds up its town, on SQLite all who want to write."""


class Courier:
    """Delivers what is due. Several may work at once, in one process or in many."""

    def __init__(self, platform: Platform, parts: Catalogue, postman: Postman, clock: Clock) -> None:
        """``clock``: by which claims are compared."""
        self._platform = platform
        self._clock = clock
        self._parts = parts
        self._postman = postman
        self._towns: Runs[int] = Runs(TOWNS_AT_ONCE)

    async def begin(self) -> int:
        """Start on one batch of each town that has due entries, without waiting: a slow town holds up no other.

        A town that was worked on wakes the worker, since more may be due there. Returns how many entries were resumed.
        """
        resumed = await resume_waiting(self._platform, self._parts, self._postman)
        tenants = {tenant.id: tenant for tenant in self._platform.tenants.all()}
        wake = self._platform.live.hub.wake
        for id_ in await towns_with_due_entries(self._platform.database, list(tenants), self._clock.now()):
            self._towns.start(id_, partial(self._town, tenants[id_]), then=wake)
        return resumed

    async def round(self) -> int:
        """Like ``begin``, and wait for it. Returns how many entries were worked on."""
        return await self.begin() + await self._towns.all_done()

    async def end(self, seconds: float) -> None:
        """Give what is under way some time, then leave it to other workers."""
        await self._towns.end(seconds)

    async def _town(self, tenant: TenantInfo) -> int:
        database = self._platform.database
        try:
            entries = await claim(database, tenant.id, self._clock.now())
            outcomes: list[Outcome] = []
            for entry in entries:
                outcomes += [outcome for outcome in [await self._deliver(tenant, entry)] if outcome]
                if entry.kind is EntryKind.MAIL:
                    # At once: a mail that is sent and not recorded would be sent again. All else is safe by its marks.
                    await surely(partial(record, database, tenant.id, tuple(outcomes)), entry.name)
                    outcomes.clear()
            await record(database, tenant.id, outcomes)
        except Exception as error:
            # A town whose data is in disorder must not keep the others from their mail.
            log.error("outbox_round_failed", tenant=tenant.slug, error=describe(error))
            return 0
        return len(entries)

    async def _deliver(self, tenant: TenantInfo, entry: OutboxEntry) -> Outcome | None:
        try:
            async with asyncio.timeout(ENTRY_SECONDS[self._platform.database.dialect]):
                match entry.kind:
                    case EntryKind.EVENT:
                        handlers = self._parts.handlers.get(entry.name, ())
                        return await deliver_event(self._platform, tenant, entry, handlers)
                    case EntryKind.TASK:
                        return await run_task(self._platform, tenant, entry, self._parts.tasks.get(entry.name))
                    case EntryKind.MAIL:
                        return await self._mail(tenant, entry)
        except TimeoutError as error:
            return failed(entry, error, self._clock.now())

    async def _mail(self, tenant: TenantInfo, entry: OutboxEntry) -> Outcome | None:
        """Send a mail that is still ours: no transaction guards it, and the ones before it may have been slow."""

        async def ours() -> bool:
            return await renew(self._platform.database, tenant.id, entry, self._clock.now())

        if not await ours():
            return None
        try:
            async with kept(ours):
                return await send_mail(self._platform, self._postman, tenant, entry)
        except ClaimLost:
            log.warning("mail_taken_over", tenant=tenant.slug, template=entry.name)
            return None
