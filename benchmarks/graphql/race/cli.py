"""The command: prepare, check, race, report."""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import structlog

from regiohub.testing.databases import settings_for

from . import profiling
from .checks import Unfair, check
from .contenders.names import BOTH, CONTENDERS
from .queries import QUERIES
from .rounds import Load, Sample, race
from .running import running
from .seed.facts import FULL, SMALL
from .store import store
from .table import report
from .towns import TOWN, Tokens


def _names(known: Sequence[str], text: str) -> list[str]:
    chosen = text.split(",")
    unknown = sorted(set(chosen) - set(known))
    if unknown:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: choose from {', '.join(known)}")
    return [name for name in known if name in chosen]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python benchmarks/graphql", description=__doc__)
    parser.add_argument("--database", choices=[*BOTH, "both"], default="both")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queries", type=lambda text: _names(list(QUERIES), text), default=list(QUERIES))
    parser.add_argument("--contenders", type=lambda text: _names(list(CONTENDERS), text), default=list(CONTENDERS))
    parser.add_argument("--seconds", type=float, default=2.0, help="length of each run")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--small", action="store_true", help="little data: to try the benchmark, not to measure")
    parser.add_argument("--wrk", action="store_true", help="load by wrk instead of our own generator")
    parser.add_argument("--check", action="store_true", help="only check that all contenders do the same")
    parser.add_argument("--json", type=Path, help="file for all figures")
    parser.add_argument(
        "--profile", nargs=2, metavar=("CONTENDER", "QUERY"), help="say where the time of one contender goes"
    )
    return parser.parse_args()


def main() -> None:
    """Run on one database or on both; exit code 1 if the contenders do not do the same."""
    given = _options()
    logging.disable(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    if given.profile:
        given.contenders, given.queries = [given.profile[0]], [given.profile[1]]
    samples: list[Sample] = []
    with tempfile.TemporaryDirectory(prefix="regiohub-benchmark-") as folder:
        for dialect in BOTH if given.database == "both" else (given.database,):
            try:
                samples += _on(dialect, given, Path(folder))
            except Unfair as fault:
                print(f"{dialect}: {fault}", file=sys.stderr)
                raise SystemExit(1) from None
    if given.json:
        facts = {"python": platform.python_version(), "cores": os.cpu_count(), "seconds": given.seconds,
                 "connections": given.connections, "samples": [sample.as_json() for sample in samples]}  # fmt: skip
        given.json.write_text(json.dumps(facts, indent=1) + "\n")


def _on(dialect: str, given: argparse.Namespace, folder: Path) -> list[Sample]:
    chosen = [CONTENDERS[name] for name in given.contenders if dialect in CONTENDERS[name].databases]
    with store(dialect, SMALL if given.small else FULL, folder) as filled:
        tokens = Tokens.issue(settings_for(filled.address, filled.data_dir))
        load = Load(tokens.of[TOWN], connections=given.connections, seconds=given.seconds, with_wrk=given.wrk)
        if given.profile:
            with load:
                profiling.show(filled, chosen[0], given.queries[0], load, folder)
            return []
        with running(filled, chosen, folder) as servers, load:
            check(servers, given.queries, tokens, filled)
            if given.check:
                print(f"{dialect}: {', '.join(servers)} give the same answers and make the same checks")
                return []
            samples = race(servers, given.queries, given.rounds, load, filled)
    print(f"\n## {dialect}\n\n{report(samples, [f'{given.rounds} rounds, {given.connections} connections'])}\n")
    return samples
