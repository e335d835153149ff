"""What runs as long as the application does."""

import asyncio
import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import structlog

from regiohub.db.hardening import REMEDY, standing
from regiohub.events.worker import Worker
from regiohub.platform import Platform

from .state import WebState

log = structlog.get_logger(__name__)

_REFRESH_SECONDS = 2.0
_ROUNDS_PER_FLUSH = 30
"""Reads of shared data are written to the audit logs once a minute."""


@asynccontextmanager
async def running(state: WebState) -> AsyncGenerator[None]:
    """Starts the platform, keeps its towns fresh, runs the worker if asked to; ends all of it in reverse order."""
    platform = state.platform
    worker = Worker(platform) if platform.settings.runs_worker else None
    await platform.start()
    await _tell_of_idle_indexes(platform)
    fresh = asyncio.create_task(_keep_fresh(state), name="towns")
    work = asyncio.create_task(worker.run(), name="worker") if worker else None
    log.info("platform_started", towns=len(platform.tenants.all()), plugins=sorted(platform.plugins.healthy))
    try:
        yield
    finally:
        if worker is not None and work is not None:
            worker.stop()
            await asyncio.gather(work, return_exceptions=True)
        fresh.cancel()
        await asyncio.gather(fresh, return_exceptions=True)
        await platform.shared_reads.flush(platform)
        await state.identity.close()
        await platform.stop()
        log.info("platform_stopped")


async def _tell_of_idle_indexes(platform: Platform) -> None:
    """One line where searches are slower than they need be: a restore takes marks away that nobody then misses."""
    if platform.database.dialect != "postgresql":
        return
    async with platform.database.reading.connect() as connection:
        waiting = [one.operator.function for one in await standing(connection) if one.waits]
    if waiting:
        log.warning("indexes_idle_under_row_level_security", functions=waiting, remedy=REMEDY)


async def _keep_fresh(state: WebState) -> None:
    """Sees what other processes have switched; this process's own switches count at once."""
    for number in itertools.count():
        await asyncio.sleep(_REFRESH_SECONDS)
        try:
            await state.platform.tenants.refresh()
        except Exception as error:
            log.warning("towns_not_refreshed", error=type(error).__name__)
        if number % _ROUNDS_PER_FLUSH == 0:
            await state.platform.shared_reads.flush(state.platform)
