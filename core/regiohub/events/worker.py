"""The worker: outbox, scheduled jobs and background tasks of all towns. Any number of them may run."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import structlog
from sqlalchemy.exc import SQLAlchemyError

from regiohub.auth.login.retention import forget_sessions
from regiohub.db.skew import ServersClock, skew_text
from regiohub.mail import Postman, transport_for

from .backoff import BACKGROUND
from .catalogue import catalogue_of
from .core_jobs import core_jobs
from .delivery import Courier
from .faults import describe
from .jobs import Timetable
from .leadership import leadership_for
from .supervisor import Supervisor

if TYPE_CHECKING:
    from regiohub.mail import MailTransport
    from regiohub.platform import Platform

log = structlog.get_logger(__name__)

POLL_SECONDS = 2.0
"""Longest wait between two looks at the outbox: wake-ups may be lost, entries may become due by time alone."""
JOBS_SECONDS = 1.0
SUPERVISE_SECONDS = 2.0
CLOCK_SECONDS = 60.0
HOUSEKEEPING_SECONDS = 600.0
MOST_ROUNDS = 200

Round = Callable[[], Awaitable[int]]


class Worker:
    """Runs until stopped; everything it was at when it died is taken up by another one."""

    def __init__(self, platform: Platform, *, transport: MailTransport | None = None) -> None:
        """``transport`` replaces the configured way for mails."""
        self._platform = platform
        parts = catalogue_of(platform.plugins, core_jobs())
        packages = {id_: plugin.package for id_, plugin in platform.plugins.healthy.items()}
        settings = platform.settings
        postman = Postman(
            transport or transport_for(settings), packages, sender=settings.mail_from, base_url=settings.base_url
        )
        self._clock = ServersClock(platform.clock)
        self._courier = Courier(platform, parts, postman, self._clock)
        self._timetable = Timetable(platform, parts, self._clock)
        self._supervisor = Supervisor(platform, parts)
        self._leadership = leadership_for(platform)
        self._stopping = asyncio.Event()

    async def run(self) -> None:
        """Work until ``stop()`` or cancellation. The platform must have been started."""
        log.info("worker_started")
        with contextlib.suppress(SQLAlchemyError, OSError):  # tried again below
            await self._clock.compare(self._platform.database)
        loops = [
            asyncio.create_task(self._repeat(self._deliver, POLL_SECONDS, wakes=True), name="outbox"),
            asyncio.create_task(self._repeat(self._timetable.begin, JOBS_SECONDS), name="jobs"),
            asyncio.create_task(self._repeat(self._supervise, SUPERVISE_SECONDS), name="background"),
            asyncio.create_task(self._repeat(self._compare_clocks, CLOCK_SECONDS), name="clocks"),
            asyncio.create_task(self._repeat(self._keep_house, HOUSEKEEPING_SECONDS), name="housekeeping"),
        ]
        try:
            await self._stopping.wait()
            # What is under way may come to its end; what does not in time is cancelled and taken up again later.
            await asyncio.wait(loops, timeout=self._platform.settings.shutdown_timeout)
        finally:
            for loop in loops:
                loop.cancel()
            await asyncio.gather(*loops, return_exceptions=True)
            seconds = self._platform.settings.shutdown_timeout
            await asyncio.gather(self._courier.end(seconds), self._timetable.end(seconds))
            await self._supervisor.stop()
            await self._leadership.release()
            log.info("worker_stopped")

    def stop(self) -> None:
        """Ask ``run()`` to end after what is under way."""
        self._stopping.set()

    async def drain(self) -> int:
        """Do everything that is due now and what follows from it; for tests and commands. Returns how much was done.

        Failed work waits for its next attempt as usual; background tasks are not started.
        """
        await self._platform.tenants.refresh()
        total = 0
        for _ in range(MOST_ROUNDS):
            done = await self._courier.round() + await self._timetable.round()
            if not done:
                return total
            total += done
        raise RuntimeError(f"the work did not come to an end in {MOST_ROUNDS} rounds: does a task queue itself?")

    async def _deliver(self) -> int:
        await self._platform.tenants.refresh()
        return await self._courier.begin()

    async def _supervise(self) -> int:
        await self._supervisor.reconcile(leads=await self._leadership.held())
        return 0

    async def _compare_clocks(self) -> int:
        if text := skew_text(await self._clock.compare(self._platform.database)):
            log.error("clock_differs", error=text)
        return 0

    async def _keep_house(self) -> int:
        await forget_sessions(self._platform)
        await asyncio.to_thread(self._platform.database.empty_log)
        return 0

    async def _repeat(self, round_: Round, seconds: float, *, wakes: bool = False) -> None:
        """A round at least each ``seconds``; with ``wakes`` also at each wake-up, and again at once after work."""
        waker = self._platform.live.hub.waker() if wakes else asyncio.Event()
        failures = 0
        while not self._stopping.is_set():
            waker.clear()
            try:
                if await round_():
                    continue
                failures, pause = 0, seconds
            except Exception as error:
                failures += 1
                pause = max(seconds, BACKGROUND.pause(failures).total_seconds())
                log.error("worker_round_failed", error=describe(error), failures=failures)
            # After a failure wake-ups must not turn the pause into a busy loop.
            await self._wait(waker if not failures else asyncio.Event(), pause)

    async def _wait(self, waker: asyncio.Event, seconds: float) -> None:
        waits = [asyncio.create_task(self._stopping.wait()), asyncio.create_task(waker.wait())]
        try:
            await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
