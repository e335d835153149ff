"""Each town's audit log says who read its shared data and how often: counted per reader, written every minute."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from regiohub.platform import Platform

log = structlog.get_logger(__name__)


class SharedReads:
    """Reads since the last flush. A row per request would make every reading a writing one, in every town."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, str, str]] = Counter()
        self._since: datetime | None = None

    def note(self, dataset: str, reader: str, towns: Iterable[int], now: datetime) -> None:
        """A reader was given a dataset of these towns."""
        self._since = self._since or now
        self._counts.update((town, dataset, reader) for town in towns)

    async def flush(self, platform: Platform) -> None:
        """Write what was counted, one entry per town, dataset and reader; what cannot be written is tried again."""
        counts, since = self._counts, self._since
        self._counts, self._since = Counter(), None
        for (tenant_id, dataset, reader), reads in sorted(counts.items()):
            tenant = platform.tenants.by_id(tenant_id)
            if tenant is None:
                continue
            try:
                async with platform.scope(tenant).write() as ctx:
                    await ctx.audit(
                        "tenant.sharing_read", kind="dataset", id=dataset,
                        after={"reader": reader, "reads": reads, "since": since},
                    )  # fmt: skip
            except Exception as error:
                log.warning("shared_reads_not_written", tenant=tenant.slug, error=type(error).__name__)
                self._counts[tenant_id, dataset, reader] += reads
                self._since = self._since or since
