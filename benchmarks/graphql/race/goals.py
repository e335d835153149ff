"""What the figures should be, and whether they are."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .rounds import Sample

Q1_TO_Q3, ALL = ("Q1", "Q2", "Q3"), ("Q1", "Q2", "Q3", "Q4", "Q5")


@dataclass(frozen=True, slots=True)
class Goal:
    """A contender is at least so many times as fast as another one on these queries."""

    contender: str
    other: str
    queries: tuple[str, ...]
    least: float


GOALS = (
    Goal("ours", "raw", ("Q1", "Q2", "Q5"), 0.90),
    Goal("ours", "raw", ("Q3", "Q4"), 0.80),
    Goal("ours", "postgraphile", Q1_TO_Q3, 2.0),
    Goal("ours", "postgraphile", ("Q4", "Q5"), 4.0),
    Goal("ours", "strawberry", ALL, 15.0),
    Goal("resolvers", "strawberry-lean", Q1_TO_Q3, 3.0),
    Goal("resolvers", "strawberry-lean", ("Q4", "Q5"), 2.3),
    Goal("cached", "constant", ALL, 0.3),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A goal on one query: the ratio of requests a second, and of CPU time per request (server and database).

    `way`: how the cache's contender answered where that was not from the cache; what reads the clock is never kept.
    """

    goal: Goal
    query: str
    by_rate: float
    by_cpu: float
    way: str = ""

    @property
    def words(self) -> str:
        """`met`, or by how much it was missed."""
        if self.way:
            return f"not from the cache: {self.way}"
        if self.by_rate >= self.goal.least:
            return "met"
        return f"missed by {math.ceil((1 - self.by_rate / self.goal.least) * 100)} %"


def _way_of_cached(samples: Sequence[Sample], query: str) -> str:
    ways = {sample.way for sample in samples if sample.contender == "cached" and sample.query == query}
    return ", ".join(sorted(ways - {"cache"}))


def cpu_of(sample: Sample) -> float:
    """CPU milliseconds of server and database per request."""
    return sample.server_ms + sample.database_ms


def ratio(samples: Sequence[Sample], one: str, other: str, query: str, value: Callable[[Sample], float]) -> float:
    """Median over the rounds of the ratio within each round; nan where one of them did not run."""
    by_round = {(s.contender, s.round): value(s) for s in samples if s.query == query and s.contender in (one, other)}
    found = [
        figure / by_round[other, number]
        for (name, number), figure in by_round.items()
        if name == one and by_round.get((other, number))
    ]
    return statistics.median(found) if found else float("nan")


def judged(samples: Sequence[Sample]) -> list[Verdict]:
    """Every goal on every query for which both contenders ran."""
    verdicts: list[Verdict] = []
    for goal in GOALS:
        for query in goal.queries:
            by_rate = ratio(samples, goal.contender, goal.other, query, lambda sample: sample.rate)
            if by_rate == by_rate:
                by_cpu = ratio(samples, goal.other, goal.contender, query, cpu_of)
                way = "" if goal.contender != "cached" else _way_of_cached(samples, query)
                verdicts.append(Verdict(goal, query, by_rate, by_cpu, way))
    return verdicts
