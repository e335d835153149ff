"""Claims that end soon unless they are renewed: so work of a dead worker is taken up within seconds, not minutes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from .faults import describe

LEASE = timedelta(seconds=20)
"""Until when claimed work is left to its worker; then another one takes over what a dead worker left."""
RENEWED_SECONDS = 5.0
"""How often a claim is renewed while its work goes on."""
RETRY_SECONDS = 1.0
MOST_RETRIES = 120

log = structlog.get_logger(__name__)


class ClaimLost(Exception):
    """This worker could not renew its claim in time, and another one has taken over."""


@asynccontextmanager
async def kept(renew: Callable[[], Awaitable[bool]], *, every: float = RENEWED_SECONDS) -> AsyncGenerator[None]:
    """Renew a claim while the block runs.

    ``renew`` returns False once another worker has the claim; errors of it are tried again, since the database may be
    away for a moment.

    :raises ClaimLost: another worker has the claim; the block was ended.
    """
    ended, loop = asyncio.Event(), asyncio.get_running_loop()

    async def beat(limit: asyncio.Timeout) -> None:
        pause = every
        while not await _passes(ended, pause):
            try:
                lost, pause = not await renew(), every
            except (SQLAlchemyError, OSError) as error:
                log.warning("claim_not_renewed", error=describe(error))
                lost, pause = False, min(RETRY_SECONDS, every)
            if lost and not ended.is_set():
                limit.reschedule(loop.time())
                return

    # Never due by itself: it is how the beat ends the block.
    limit = asyncio.timeout(None)
    try:
        async with limit:
            beating = asyncio.create_task(beat(limit), name="regiohub:claim")
            try:
                yield
            finally:
                # Not cancelled: that could cut a statement of the connection that all writers share.
                ended.set()
                await asyncio.shield(beating)
    except TimeoutError:
        if limit.expired():
            raise ClaimLost from None
        raise


async def surely(write: Callable[[], Awaitable[None]], what: str) -> None:
    """Write down how work ended, however long the database is away: forgotten, it would be done once more.

    Tried each second for two minutes; then the error is raised.
    """
    for attempt in range(MOST_RETRIES + 1):
        try:
            return await write()
        except (SQLAlchemyError, OSError) as error:
            if attempt == MOST_RETRIES:
                raise
            log.warning("end_not_recorded", work=what, error=describe(error))
        await asyncio.sleep(RETRY_SECONDS)
    return None


async def _passes(event: asyncio.Event, seconds: float) -> bool:
    """Whether an event happens within some seconds."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
