"""The plans that the server really used, read from its log: PostgreSQL's auto_explain writes one per statement."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from regiohub.testing.services import PostgresServer

_ENTRY = re.compile(r"^[^\t\n].*? plan:\n((?:\t.*\n)+)", re.MULTILINE)
_SETTINGS = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_format": "json",
    # Statements inside of functions as well.
    "auto_explain.log_nested_statements": "on",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """A statement and its plan, as PostgreSQL writes it in JSON."""

    statement: str
    root: dict[str, Any]

    def nodes(self) -> Iterator[dict[str, Any]]:
        """All steps, those of sub-plans too; not those that are never taken."""
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            yield node
            if node.get("One-Time Filter") != "false":
                waiting += node.get("Plans", [])


@dataclass
class Plans:
    """What was planned while the log was watched, each text once per shape of its plan."""

    found: list[Plan] = field(default_factory=list[Plan])

    def read(self, log: str) -> None:
        """Take the entries of a piece of the log."""
        known = {(plan.statement, _shape(plan.root)) for plan in self.found}
        for entry in _ENTRY.finditer(log):
            document = json.loads(entry[1].replace("\n\t", "\n"))
            plan = Plan(document["Query Text"], document["Plan"])
            key = (plan.statement, _shape(plan.root))
            if key not in known:
                known.add(key)
                self.found.append(plan)


def _shape(node: dict[str, Any]) -> str:
    inner = ",".join(_shape(child) for child in node.get("Plans", []))
    return f"{node['Node Type']}:{node.get('Relation Name', '')}:{node.get('Index Name', '')}({inner})"


@contextmanager
def planned(server: PostgresServer, database: str) -> Generator[Plans]:
    """The plans of everything that new connections to this database do inside the block; complete after it."""
    for name, value in _SETTINGS.items():
        server.execute(f"ALTER DATABASE \"{database}\" SET {name} = '{value}'")
    log = server.host / "server.log"
    begin = log.stat().st_size
    plans = Plans()
    try:
        yield plans
    finally:
        for name in _SETTINGS:
            server.execute(f'ALTER DATABASE "{database}" RESET {name}')
        with log.open(encoding="utf-8", errors="replace") as file:
            file.seek(begin)
            plans.read(file.read())
