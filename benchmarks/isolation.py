"""What the walls between towns cost, against the same database without them, in one run.

.venv/bin/python benchmarks/isolation.py [--database postgresql|sqlite|both] [--rounds 9] [--seconds 0.5] [--small]

PostgreSQL: one object by its identifier (compiled and by the ORM), and searches on the map, in full text and for
ranges, before and after `regiohub db harden`. SQLite: writes with and without the guarding triggers, reads with and
without the town in key and condition. Contenders take turns; ratios are made within a round, figures are medians.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "graphql"))

from walls import postgresql, sqlite

from regiohub.logs import configure_logging
from regiohub.settings import Settings

REPORTS = {"postgresql": postgresql.report, "sqlite": sqlite.report}


def main() -> None:
    """Parse and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=(*REPORTS, "both"), default="both")
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each contender in each round")
    parser.add_argument("--small", action="store_true", help="few rows, to see that it runs")
    given = parser.parse_args()
    configure_logging(Settings(log_level="ERROR"))
    for name, report in REPORTS.items():
        if given.database in (name, "both"):
            asyncio.run(report(rounds=given.rounds, seconds=given.seconds, small=given.small))


if __name__ == "__main__":
    main()
