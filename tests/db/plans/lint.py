"""What a plan must not do to a table that many towns have filled, and what policies must not call."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from regiohub.testing.services import PostgresServer

from .reading import Plan

MOST_ROWS = 10_000
"""Tables with more rows are not to be read from one end to the other."""

# Partitions count by themselves: a small one may be read whole.
_SIZES = """
SELECT c.relname, c.reltuples FROM pg_class c
JOIN pg_class root ON root.oid = coalesce((SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid), c.oid)
WHERE c.relkind IN ('r', 'p') AND root.relrowsecurity
AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
"""
_INDEXES = """
SELECT x.relname, c.relname
FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
"""
_POLICIES = """
SELECT c.relname || '.' || p.polname, concat(p.polqual, p.polwithcheck)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
"""
_CALLED = re.compile(r":(?:funcid|opfuncid) (\d+)")
_SCANS = {
    "Seq Scan": None,
    "Index Scan": "Index Cond",
    "Index Only Scan": "Index Cond",
    "Bitmap Index Scan": "Index Cond",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A statement that reads all rows of a big table."""

    table: str
    how: str
    statement: str


class Lint:
    """Judges plans by the sizes that a database has now."""

    def __init__(self, server: PostgresServer, database: str) -> None:
        def rows(sql: str) -> dict[str, str]:
            lines = server.execute(" ".join(sql.split()), database=database).splitlines()
            return dict(line.split("|", 1) for line in lines)

        self.sizes = {name: int(float(count)) for name, count in rows(_SIZES).items()}
        self._table_of = rows(_INDEXES)

    @property
    def big(self) -> set[str]:
        """Tables, and partitions of tables, that are to be read by an index."""
        return {name for name, count in self.sizes.items() if count > MOST_ROWS}

    def faults(self, plans: Iterable[Plan]) -> list[Fault]:
        """All reads of a big table from one end to the other: of the table, or of an index without a condition."""
        found: dict[tuple[str, str], Fault] = {}
        for plan in plans:
            for node in plan.nodes():
                how = node["Node Type"]
                if how not in _SCANS or (_SCANS[how] or "") in node:
                    continue
                table = node.get("Relation Name") or self._table_of.get(node["Index Name"], "")
                if table in self.big:
                    statement = " ".join(plan.statement.split())
                    found[table, statement] = Fault(table, how, statement)
        return list(found.values())


def volatile_functions(server: PostgresServer, database: str) -> list[str]:
    """Policies that call a VOLATILE function, which is asked again for every row; with the function's name."""
    volatile = dict(
        line.split("|")
        for line in server.execute(
            "SELECT oid, proname FROM pg_proc WHERE provolatile = 'v'", database=database
        ).splitlines()
    )
    policies = [line.split("|", 1) for line in server.execute(_POLICIES, database=database).splitlines()]
    assert policies
    return [
        f"{name}: {volatile[called]}"
        for name, expression in policies
        for called in _CALLED.findall(expression)
        if called in volatile
    ]
