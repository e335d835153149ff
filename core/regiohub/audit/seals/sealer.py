"""Sealing: the worker takes what is not sealed yet and continues the chain. Writers of entries know nothing of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy.exc import IntegrityError

from .canonical import ID_BYTES, Unreadable, entry_record
from .lateness import Limits, limits_after
from .making import Chain, continued
from .models import AuditSeal
from .rows import NIL, SealRow, entry_ids, entry_pages, highest_sealed, last_seal, seal_rows, seals_reaching
from .signing import signer_for

if TYPE_CHECKING:
    from regiohub.db.session import TenantSession
    from regiohub.platform import Platform
    from regiohub.tenancy.info import TenantInfo

BATCH: Final = 1000
"""Most entries in a seal."""
AT_ONCE: Final = 20
"""Most seals in a transaction: on SQLite nobody else writes meanwhile."""
QUIET: Final = timedelta(hours=24)
"""After this time without an entry a seal over nothing says that there was none."""


@dataclass(slots=True)
class Sealed:
    """What a round did in a town."""

    entries: int = 0
    seals: int = 0
    held_back: int = 0
    """Entries that were left for a person to judge: their time is long past or still to come, or they are
    unreadable."""
    overtaken: bool = False
    """Another process continued the chain meanwhile; its seals stand."""


async def seal_town(platform: Platform, tenant: TenantInfo, *, held_back: bool = False) -> Sealed:
    """Seal all entries of a town that are committed and not sealed yet, each exactly once, in the order of ids.

    What is committed later with a lower id comes into a seal of its own, marked as late. ``held_back``: also seal
    what was held back; what came so late is shown as late by the seal and every check for ever.
    """
    done, now = Sealed(), platform.clock.now()
    async with platform.database.read(tenant.id) as session:
        last = await last_seal(session)
        chain = continued(last, tenant.slug, signer_for(platform.settings.key))
        highest = await highest_sealed(session)
        bounds = None if held_back else limits_after(last, highest, now, session.dialect)
        batches = _Batches(platform, tenant.id, chain, now, done)
        try:
            if last is not None and highest is not None:
                async for records in _late(session, highest, bounds, done):
                    await batches.add(records, late=True)
                await batches.cut()
            async for records in _records(session, UUID(bytes=highest) if highest else NIL, bounds, done):
                await batches.add(records)
            quiet = last is not None and now - last.sealed_at >= QUIET
            await batches.finish(even_empty=quiet)
        except IntegrityError:
            done.overtaken = True
    return done


class _Batches:
    """Gathers records into seals and stores them; the last one is told that it is the last."""

    def __init__(self, platform: Platform, tenant: int, chain: Chain, now: datetime, done: Sealed) -> None:
        self._platform, self._tenant, self._chain, self._now, self._done = platform, tenant, chain, now, done
        self._records: list[bytes] = []
        self._late = False
        self._seals: list[AuditSeal] = []

    async def add(self, records: Sequence[bytes], *, late: bool = False) -> None:
        """Take records; all that come before the next `cut` are late, or none."""
        self._late = late
        self._records += records
        while len(self._records) > BATCH:
            self._make(BATCH)
            if len(self._seals) >= AT_ONCE:
                await self._store()

    async def cut(self) -> None:
        """End the seal that is being filled."""
        if self._records:
            self._make(BATCH)

    async def finish(self, *, even_empty: bool) -> None:
        """End the round: its last seal says that nothing is left."""
        if self._records or self._seals or self._done.seals or even_empty:
            self._make(BATCH, complete=True)
        await self._store()

    def _make(self, count: int, *, complete: bool = False) -> None:
        records, self._records = self._records[:count], self._records[count:]
        self._seals.append(self._chain.seal(records, self._now, late=self._late, complete=complete))
        self._late = self._late and bool(self._records)

    async def _store(self) -> None:
        if not self._seals:
            return
        stored, self._seals = self._seals, []
        async with self._platform.database.write(self._tenant) as session, session.begin():
            session.add_all(stored)
        self._done.seals += len(stored)
        self._done.entries += sum(seal.count for seal in stored)


Records = AsyncIterator[Sequence[bytes]]


async def _records(session: TenantSession, after: UUID, bounds: Limits | None, done: Sealed) -> Records:
    async for page in entry_pages(session, after):
        yield _ordinary(page, bounds, done)


async def _late(session: TenantSession, highest: bytes, bounds: Limits | None, done: Sealed) -> Records:
    """Records of entries below what is sealed already that no seal holds."""
    floor = UUID(bytes=bounds.floor) if bounds else NIL
    sealed: set[bytes] = set()
    async for seal in _holding(session, floor):
        sealed.update(id_ for id_, _ in seal.records())
    missing = {id_ async for id_ in entry_ids(session, floor, highest) if id_ not in sealed}
    if not missing:
        return
    first = UUID(int=max(0, UUID(bytes=min(missing)).int - 1))
    async for page in entry_pages(session, first):
        yield _ordinary(page, bounds, done, missing)
        if not missing:
            return


async def _holding(session: TenantSession, floor: UUID) -> AsyncIterator[SealRow]:
    if floor == NIL:
        async for seal in seal_rows(session):
            yield seal
    else:
        for seal in await seals_reaching(session, floor):
            yield seal


def _ordinary(
    page: Sequence[Sequence[Any]], bounds: Limits | None, done: Sealed, wanted: set[bytes] | None = None
) -> list[bytes]:
    found: list[bytes] = []
    for row in page:
        try:
            record = entry_record(row)
        except Unreadable:
            done.held_back += wanted is None
            continue
        id_ = record[:ID_BYTES]
        if wanted is not None:
            if id_ not in wanted:
                continue
            wanted.discard(id_)
        if bounds is None or bounds.is_ordinary(id_, row[1]):
            found.append(record)
        else:
            done.held_back += 1
    return found
