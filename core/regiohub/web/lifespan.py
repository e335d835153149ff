"""What runs as long as the application does."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

import structlog

from regiohub.events.worker import Worker

from .state import WebState

log = structlog.get_logger(__name__)

_REFRESH_SECONDS = 2.0

Beside = Callable[[], Awaitable[None]]
"""Work that goes on as long as the server does, such as a generator of demo data."""


@asynccontextmanager
async def running(state: WebState, beside: Sequence[Beside] = ()) -> AsyncGenerator[None]:
    """Starts the platform, keeps its towns fresh, runs the worker if asked to; ends all of it in reverse order."""
    platform = state.platform
    worker = Worker(platform) if platform.settings.runs_worker else None
    await platform.start()
    tasks = [asyncio.create_task(_keep_fresh(state), name="towns")]
    tasks += [asyncio.create_task(_alongside(work)) for work in beside]
    work = asyncio.create_task(worker.run(), name="worker") if worker else None
    log.info("platform_started", towns=len(platform.tenants.all()), plugins=sorted(platform.plugins.healthy))
    try:
        yield
    finally:
        if worker is not None and work is not None:
            worker.stop()
            await asyncio.gather(work, return_exceptions=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await state.identity.close()
        await platform.stop()
        log.info("platform_stopped")


async def _alongside(work: Beside) -> None:
    try:
        await work()
    except Exception:
        log.exception("work_beside_the_server_failed")


async def _keep_fresh(state: WebState) -> None:
    """Sees what other processes have switched; this process's own switches count at once."""
    while True:
        await asyncio.sleep(_REFRESH_SECONDS)
        try:
            await state.platform.tenants.refresh()
        except Exception as error:
            log.warning("towns_not_refreshed", error=type(error).__name__)
