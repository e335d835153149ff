"""How many of the GraphQL operations in documentation, tests and pages compile to SQL, and why the others do not.

.venv/bin/python benchmarks/graphql/coverage.py [--all]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import structlog
from operations.collect import Found, collect
from operations.compiling import Outcome, compile_all

from regiohub.testing.databases import SqliteTemplate, prepare
from regiohub.testing.world import open_world

GOAL = 0.9


async def outcomes_of(documents: Sequence[Found]) -> tuple[list[Outcome], list[Found]]:
    """Compile all of them against an empty town with every plugin on."""
    with tempfile.TemporaryDirectory() as folder:
        address = SqliteTemplate(Path(folder)).address
        await prepare(address, Path(folder))
        async with open_world(address, Path(folder)) as world:
            return await compile_all(world, documents)


def show(outcomes: Sequence[Outcome], foreign: Sequence[Found], *, every: bool) -> None:
    """Print the shares, and the reasons of what does not compile."""
    queries = [outcome for outcome in outcomes if outcome.kind == "query"]
    print("| where | queries | compile | share |\n| --- | --- | --- | --- |")
    for kind in ("docs", "tests", "pages", "code", "all"):
        mine = [outcome for outcome in queries if kind in ("all", outcome.found.kind)]
        if mine:
            good = sum(outcome.compiles for outcome in mine)
            print(f"| {kind} | {len(mine)} | {good} | {good / len(mine):.0%} |")
    share = sum(outcome.compiles for outcome in queries) / max(len(queries), 1)
    verdict = "met" if share >= GOAL else f"missed by {GOAL - share:.0%}"
    kinds = Counter(outcome.kind for outcome in outcomes)
    print(f"\nGoal {GOAL:.0%}: {verdict}.")
    print(
        f"Not counted: {kinds['mutation']} mutations, {kinds['subscription']} subscriptions, {kinds['refused']} queries"
    )
    print(f"that are refused on purpose; {len(foreign)} texts that fit neither schema (wrong on purpose, or for test")
    print("plugins); texts that are put together at run time.\n")
    reasons = Counter((path, reason) for o in queries for path, reason in o.reasons.items())
    for (path, reason), count in reasons.most_common():
        print(f"{count:4} × {path}: {reason}")
    print()
    for outcome in queries:
        if not outcome.compiles or every:
            words = "; ".join(f"{path}: {reason}" for path, reason in outcome.reasons.items())
            print(f"{outcome.found.place} {outcome.where} {outcome.name} {words or 'compiles'}")


def main() -> None:
    """The whole report."""
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--all", action="store_true", help="list what compiles, too")
    given = parser.parse_args()
    outcomes, foreign = asyncio.run(outcomes_of(collect()))
    show(outcomes, foreign, every=given.all)


if __name__ == "__main__":
    main()
