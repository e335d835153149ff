"""The figures as tables to read, and to paste into the documentation."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence

from .contenders.names import CONTENDERS
from .goals import cpu_of, judged, ratio
from .queries import QUERIES
from .rounds import Sample

BUSY = 0.9
"""Above it the load generator itself may have been the limit."""


def report(samples: Sequence[Sample], notes: Sequence[str]) -> str:
    """All tables of one database."""
    names = list(dict.fromkeys(sample.contender for sample in samples))
    queries = [query for query in QUERIES if any(sample.query == query for sample in samples)]
    parts = [
        "### Requests a second",
        _table(samples, names, queries, lambda sample: sample.rate, "{:,.0f}"),
        "### CPU milliseconds per request: server + database",
        _cpu_table(samples, names, queries),
        "### Latency in milliseconds: median / 99th percentile",
        _latency_table(samples, names, queries),
    ]
    if "raw" in names:
        lines = [
            [name, *(f"{ratio(samples, name, 'raw', query, lambda s: s.rate):.2f}" for query in queries)]
            for name in names
        ]
        parts += ["### Requests a second, as a ratio to `raw`", _lines(["contender", *queries], lines)]
    verdicts = judged(samples)
    if verdicts:
        lines = [
            [f"{v.goal.contender} : {v.goal.other}", v.query, f"≥ {v.goal.least:g}", f"{v.by_rate:.2f}",
             f"{v.by_cpu:.2f}", v.words]
            for v in verdicts
        ]  # fmt: skip
        head = ["ratio", "query", "goal", "by requests", "by CPU", ""]
        parts += ["### Goals", _lines(head, lines)]
    remarks = "\n".join(f"- {note}" for note in [*notes, *_remarks(samples, names, queries)])
    return "\n\n".join([*parts, remarks])


def _of(samples: Sequence[Sample], name: str, query: str) -> list[Sample]:
    return [sample for sample in samples if sample.contender == name and sample.query == query]


def _table(
    samples: Sequence[Sample], names: list[str], queries: list[str], value: Callable[[Sample], float], form: str
) -> str:
    lines = [
        [name, *(form.format(statistics.median(map(value, _of(samples, name, query)))) for query in queries)]
        for name in names
    ]
    return _lines(["contender", *queries], lines)


def _cpu_table(samples: Sequence[Sample], names: list[str], queries: list[str]) -> str:
    lines: list[list[str]] = []
    for name in names:
        line = [name]
        for query in queries:
            found = _of(samples, name, query)
            server = statistics.median(sample.server_ms for sample in found)
            database = statistics.median(sample.database_ms for sample in found)
            line.append(f"{server:.2f} + {database:.2f}" if database else f"{server:.2f}")
        lines.append(line)
    return _lines(["contender", *queries], lines)


def _latency_table(samples: Sequence[Sample], names: list[str], queries: list[str]) -> str:
    lines: list[list[str]] = []
    for name in names:
        line = [name]
        for query in queries:
            found = _of(samples, name, query)
            p50, p99 = (statistics.median(getattr(sample, field) for sample in found) for field in ("p50", "p99"))
            line.append(f"{p50:.1f} / {p99:.1f}")
        lines.append(line)
    return _lines(["contender", *queries], lines)


def _lines(head: list[str], lines: list[list[str]]) -> str:
    rows = [head, ["---"] * len(head), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _remarks(samples: Sequence[Sample], names: list[str], queries: list[str]) -> list[str]:
    remarks = [f"`{name}`: {CONTENDERS[name].title}." for name in names]
    for name in names:
        hit = [query for query in queries if statistics.median(s.busy for s in _of(samples, name, query)) > BUSY]
        if hit:
            remarks.append(f"`{name}` {', '.join(hit)}: the load generator was busy all the time; trust the CPU time.")
        ways = {query: "/".join(dict.fromkeys(s.way for s in _of(samples, name, query))) for query in queries}
        if any(ways.values()):
            remarks.append(f"`{name}` answered " + ", ".join(f"{query}: {way}" for query, way in ways.items()) + ".")
        failed = sum(sample.errors for sample in samples if sample.contender == name)
        if failed:
            remarks.append(f"`{name}`: {failed} answers without success.")
        spread = [
            query
            for query in queries
            if (found := [cpu_of(sample) for sample in _of(samples, name, query)]) and max(found) > 1.3 * min(found)
        ]
        if spread:
            remarks.append(f"`{name}` {', '.join(spread)}: CPU time differs by more than 30 % between the rounds.")
    return remarks
