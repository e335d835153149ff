"""Compares a share of the planned answers with the ordinary way, in the background and while the server runs.

What a caller gets is never touched: a comparison begins after his answer was sent, one at a time; what comes meanwhile
is not compared. Whoever wants to know whether plans tell the truth about the town's own data turns it on for a while.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from regiohub.platform import Platform
from regiohub.settings import Settings

from .answer import Answer
from .comparison import Difference, difference
from .limits.measure import Measurement
from .prepared import Prepared

log = structlog.get_logger()
_PAUSE = 0.05
"""Seconds before a comparison begins, so that the answer itself is on its way."""
_DEADLINE = 10.0
"""Seconds after which a comparison is given up."""


class Outcome(StrEnum):
    """What became of a sampled answer."""

    SAME = "same"
    MOVED = "moved"
    """Different at first, the same when both were read again: the data had changed in between."""
    CLOCK = "clock"
    """Different, but the plan reads the clock: two moments may have two answers."""
    DIFFERENT = "different"
    COSTLY = "costly"
    """Not compared: it would cost more than a comparison may."""
    BUSY = "busy"
    """Not compared: another comparison is running."""
    FAILED = "failed"
    """No result: an error or too slow."""


@dataclass(slots=True)
class Sampler:
    """Decides which answers are compared. `share` of them (0 to 1), none that may bring more than `cost` objects.

    `count` is told each outcome.
    """

    share: float
    cost: int
    count: Callable[[str], None]
    deadline: float = _DEADLINE
    pause: float = _PAUSE
    _task: asyncio.Task[None] | None = None
    _random: random.Random = field(default_factory=random.Random)

    @classmethod
    def of(cls, settings: Settings, count: Callable[[str], None]) -> Sampler:
        """The sampler that the settings ask for."""
        return cls(settings.graphql_oracle_share, settings.graphql_oracle_cost, count)

    def offer(self, prepared: Prepared, answer: Answer) -> None:
        """Perhaps compare this answer, later. Returns at once; never raises."""
        if answer.plan is None or not self.share or self._random.random() >= self.share:
            return
        if self._task is not None and not self._task.done():
            self.count(Outcome.BUSY)
            return
        self._task = asyncio.create_task(self._compare(prepared, answer), name="oracle")

    async def settled(self) -> None:
        """Wait until the running comparison, if there is one, has ended."""
        if self._task is not None:
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Give the running comparison up; when the application stops."""
        if self._task is not None:
            self._task.cancel()
            await self.settled()

    async def _compare(self, prepared: Prepared, answer: Answer) -> None:
        await asyncio.sleep(self.pause)
        try:
            self.count(await self._judge(prepared, answer))
        except Exception as error:  # whatever goes wrong here, it is no caller's business
            log.warning("comparison failed", plan=answer.plan and answer.plan.id, error=type(error).__name__)
            self.count(Outcome.FAILED)

    async def _judge(self, prepared: Prepared, answer: Answer) -> Outcome:
        request = prepared.request
        size = Measurement(prepared.composed.schema, prepared.document, prepared.operation, request.variables).size
        if size.cost > self.cost:
            return Outcome.COSTLY
        async with asyncio.timeout(self.deadline):
            found = await self._differs(prepared, answer)
            if found is None:
                return Outcome.SAME
            # Somebody may have written between the two readings. Whoever writes in one direction all the time
            # (a sensor) would make the second reading the newer one each time: hence once in the other order too.
            again = await prepared.run()
            found = await self._differs(prepared, again)
            if found is not None:
                before = await prepared.ordinary()
                again = await prepared.run()
                found = difference(again.dump(), before.dump())
        if found is None or again.plan is None:
            return Outcome.MOVED
        if again.plan.reads_clock:
            return Outcome.CLOCK
        # No values: they may be personal.
        town = prepared.source.tenant
        log.error("plan answers otherwise", plan=again.plan.id, path=found.where, what=found.what, town=town)
        return Outcome.DIFFERENT

    async def _differs(self, prepared: Prepared, planned: Answer) -> Difference | None:
        return difference(planned.dump(), (await prepared.ordinary()).dump())


def sampler_of(platform: Platform, count: Callable[[str], None] = lambda _outcome: None) -> Sampler:
    """The application's sampler, closed with it; made at the first call, which says who counts."""
    return platform.resources.get("core.oracle", lambda: Sampler.of(platform.settings, count), Sampler.close)
