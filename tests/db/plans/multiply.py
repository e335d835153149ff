"""Many rows from few: every town's table grows by copies of its own rows, and more towns get copies of a town's."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from regiohub.testing.services import PostgresServer

_TABLES = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
       coalesce((SELECT min(f.confrelid::regclass::text) FROM pg_constraint f
                 WHERE f.conrelid = c.oid AND f.contype = 'f' AND a.attnum = ANY (f.conkey)), ''),
       coalesce((SELECT min(array_position(i.indkey::int2[], a.attnum))
                 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND a.attnum = ANY (i.indkey)), 0) > 0
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') AND c.relrowsecurity AND NOT c.relispartition AND a.attgenerated = ''
AND EXISTS (SELECT 1 FROM pg_attribute t WHERE t.attrelid = c.oid AND t.attname = 'tenant_id')
ORDER BY c.relname, a.attnum
"""
_NUMBERS = frozenset({"integer", "bigint"})


@dataclass(frozen=True, slots=True)
class _Column:
    name: str
    kind: str
    parent: str
    unique: bool

    def copied(self, copies: Mapping[str, int]) -> str:
        """This column in the n-th copy of a row: other identifiers and other unique values, the same elsewhere.

        The same identifier becomes the same in every table, so that references lead to copies; `copies` says how many
        of them a table has, since a child may have more than its parent.
        """
        quoted = f'"{self.name}"'
        if self.kind == "uuid":
            most = copies.get(self.parent)
            return f"md5({quoted}::text || {f'((n - 1) % {most} + 1)' if most else 'n'})::uuid"
        if not self.unique:
            return quoted
        if self.kind == "text":
            return f"{quoted} || '-' || n"
        return f"{quoted} + n * 1000" if self.kind in _NUMBERS else quoted


def multiply(server: PostgresServer, database: str, *, town: int, rows: int, towns: int) -> None:
    """Bring each table in which this town has rows to at least `rows` in it, and to as many in `towns` more towns."""
    tables: dict[str, list[_Column]] = {}
    for line in server.execute(_TABLES, database=database).splitlines():
        table, column, kind, parent, unique = line.split("|")
        tables.setdefault(table, []).append(_Column(column, kind, parent, unique == "t"))
    counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name} WHERE tenant_id = {town}" for name in tables)
    have = dict(line.split("|") for line in server.execute(counted, database=database).splitlines())
    copies = {name: math.ceil(rows / int(count)) for name, count in have.items() if int(count)}
    script = ["SET session_replication_role = replica", "SET synchronous_commit = off"]
    for name, columns in tables.items():
        if name not in copies:
            continue
        own = [column for column in columns if column.name != "tenant_id"]
        names = ", ".join(f'"{column.name}"' for column in own)
        values = ", ".join(column.copied(copies) for column in own)
        into = f"INSERT INTO {name} (tenant_id, {names})"
        # A row that would be refused (an overlap, a list of few possible keys) is left out.
        own_rows = f"FROM {name}, generate_series(1, {{}}) n WHERE tenant_id = {town}"
        script.append(f"{into} SELECT tenant_id, {values} {own_rows.format(copies[name])} ON CONFLICT DO NOTHING")
        script.append(f"{into} SELECT n + 100, {names} {own_rows.format(towns)}")
    script.append("ANALYZE")
    server.execute("; ".join(script), database=database)
