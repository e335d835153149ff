"""Checking a town's log: every entry, every seal, and the heads that were kept."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any

from .canonical import Unreadable, id_bytes
from .chain_check import ChainCheck
from .entry_check import EntryCheck
from .faults import Fault, FaultKind
from .keys import Keyring
from .lateness import limits_after
from .links import Head
from .report import Report
from .rows import PAGE, SealRow, Source, entry_pages, highest_sealed, last_seal, late_seals, seal_rows


async def check(
    session: Source,
    town: str,
    keys: Keyring,
    heads: Iterable[Head] = (),
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Check the log of the session's town in one snapshot. Memory does not depend on its length.

    ``heads``: ends of the chain that were kept outside; each has to lie on it. ``now``: the present moment, for what
    waits. ``progress`` is told the number of entries looked at. Other work of the process goes on meanwhile.
    """
    began, report = time.perf_counter(), Report(town)
    try:
        await _Walk(session, ChainCheck(town, keys, heads, report), report, now, progress).run()
    except Unreadable as error:
        report.fault(Fault(FaultKind.SEAL_UNREADABLE, found=str(error)))
    report.seconds = time.perf_counter() - began
    return report


class _Walk:
    """Goes along the ids: a page of entries, and the seals that reach into it."""

    def __init__(
        self,
        session: Source,
        chain: ChainCheck,
        report: Report,
        now: datetime,
        progress: Callable[[int], None] | None,
    ) -> None:
        self._session, self._chain, self._report, self._now, self._progress = session, chain, report, now, progress
        self._waiting: SealRow | None = None
        self._done = 0

    async def run(self) -> None:
        last, dialect = await last_seal(self._session), self._session.dialect
        bounds = limits_after(last, await highest_sealed(self._session), self._now, dialect)
        entries = EntryCheck(self._report, bounds, dialect)
        for seal in await late_seals(self._session):
            # A seal of late entries never ends a round: what it carries on is from the seal before it.
            entries.expect(seal, seal.complete_until)
        async with aclosing(seal_rows(self._session)) as seals:
            self._waiting = await self._next(seals)
            async for page in entry_pages(self._session):
                up_to = _last_id(page)
                while self._waiting is not None and _begins(self._waiting, up_to):
                    await self._enter(entries, seals)
                entries.take(page)
                if up_to is not None and len(page) == PAGE:
                    entries.missing_before(up_to)
                self._done += len(page)
                if self._progress:
                    self._progress(self._done)
                await asyncio.sleep(0)
            while self._waiting is not None:
                await self._enter(entries, seals)
                entries.missing_before(None)
            entries.finish()
        self._chain.finish()
        if self._chain.signatures_wrong:
            await self._find_unsigned()

    async def _next(self, seals: AsyncGenerator[SealRow]) -> SealRow | None:
        """The next seal with entries in the order of ids; those of late ones and over nothing are checked at once."""
        async for seal in seals:
            if not seal.late and seal.count:
                return seal
            self._chain.take(seal)
        return None

    async def _enter(self, entries: EntryCheck, seals: AsyncGenerator[SealRow]) -> None:
        seal = self._waiting
        if seal is None:
            return
        before = self._chain.last
        self._chain.take(seal)
        entries.expect(seal, before.complete_until if before else None)
        self._waiting = await self._next(seals)

    async def _find_unsigned(self) -> None:
        async with aclosing(seal_rows(self._session)) as seals:
            async for seal in seals:
                if not self._chain.is_signed(seal):
                    self._report.fault(Fault(FaultKind.SIGNATURE_WRONG, seal=seal.number, position=seal.first))
                    return


def _last_id(page: Sequence[Sequence[Any]]) -> bytes | None:
    """The id of the last row; None where it is none, which shows when the row is looked at."""
    try:
        return id_bytes(page[-1][0])
    except (ValueError, AttributeError):
        return None


def _begins(seal: SealRow, up_to: bytes | None) -> bool:
    """Whether a seal holds ids up to this one. Its records count, not what its row says of them."""
    return up_to is None or seal.digests[: len(up_to)] <= up_to
