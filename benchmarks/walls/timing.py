"""Contenders that take turns: each round measures all of them, and ratios are made within a round."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from race.cpu import spent as spent_between
from race.cpu import times

Work = Callable[[], Awaitable[object]]


@dataclass
class Measured:
    """Figures of one contender, one per round: works a second, median milliseconds, milliseconds on a core per work."""

    rates: list[float] = field(default_factory=list[float])
    medians: list[float] = field(default_factory=list[float])
    cores: list[float] = field(default_factory=list[float])

    @property
    def rate(self) -> float:
        """Works per second, median of the rounds."""
        return statistics.median(self.rates)

    @property
    def p50(self) -> float:
        """Milliseconds of one work, median of the rounds' medians."""
        return statistics.median(self.medians)

    @property
    def cpu(self) -> float:
        """Milliseconds on a core per work, of client and database together, median of the rounds."""
        return statistics.median(self.cores)

    def price(self, base: Measured) -> float:
        """Share of the base's throughput that is lost: 0.1 = 10 %; negative where this one was quicker."""
        return 1 - statistics.median(mine / other for mine, other in zip(self.rates, base.rates, strict=True))

    def cpu_price(self, base: Measured) -> float:
        """The same by time on a core, which says what is lost where others keep the machine busy."""
        return 1 - statistics.median(other / mine for mine, other in zip(self.cores, base.cores, strict=True))

    def times(self, base: Measured) -> float:
        """How many times as long as the base one work takes."""
        return statistics.median(mine / other for mine, other in zip(self.medians, base.medians, strict=True))


async def race(
    contenders: Mapping[str, Work], *, rounds: int, seconds: float, clients: int = 1, server: int = 0
) -> dict[str, Measured]:
    """Let `clients` tasks do each contender's work over and over for some seconds, contender by contender, in rounds.

    The first quarter of a second is not counted: connections are opened and statements prepared in it. `server`: the
    database's process, whose time on a core is counted with that of this process.
    """
    figures = {name: Measured() for name in contenders}
    for work in contenders.values():
        await _stretch(work, 0.25, clients)
    for number in range(rounds):
        # Each begins as often as each other one: what comes first finds cold caches.
        names = list(contenders)[number % len(contenders) :] + list(contenders)[: number % len(contenders)]
        for name in names:
            before, own = times(server), time.process_time()
            took, spent = await _stretch(contenders[name], seconds, clients)
            busy = spent_between(before, times(server)) + (time.process_time() - own) * 1000
            figures[name].rates.append(len(took) / spent)
            figures[name].cores.append(busy / len(took))
            figures[name].medians.append(statistics.median(took) * 1000)
    return figures


async def _stretch(work: Work, seconds: float, clients: int) -> tuple[list[float], float]:
    took: list[float] = []
    begin = time.perf_counter()

    async def client() -> None:
        while (now := time.perf_counter()) < begin + seconds:
            await work()
            took.append(time.perf_counter() - now)

    await asyncio.gather(*(client() for _ in range(clients)))
    return took, time.perf_counter() - begin
