"""Everything that stands in a database, by name, with its definition: what a migration made, changed or left behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, TypeVar

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.database import Database

R = TypeVar("R")


class Thing(NamedTuple):
    """A table, index, trigger, policy, function …; `table` is the one it belongs to, or empty."""

    kind: str
    name: str
    table: str = ""

    def __str__(self) -> str:
        return f"the {self.kind} {self.name}" + (f" of {self.table}" if self.table not in ("", self.name) else "")


Inventory = Mapping[Thing, str]
"""Definitions by thing."""

# Triggers that the database keeps for foreign keys come and go with the key, which is listed itself.
_POSTGRESQL = """
WITH mine AS (
    SELECT oid FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), extended AS (SELECT objid FROM pg_depend WHERE deptype = 'e')
SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'view' WHEN 'S' THEN 'sequence' ELSE 'table' END::text,
    c.relname::text, c.relname::text, concat_ws(' ', c.relkind::text, c.relrowsecurity, c.relforcerowsecurity,
        c.reloptions::text, CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
        (SELECT string_agg(concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                pg_get_expr(d.adbin, d.adrelid)), ', ' ORDER BY a.attname)
         FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped))
FROM pg_class c WHERE c.relnamespace IN (SELECT oid FROM mine) AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
    AND c.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'index', i.relname::text, t.relname::text, pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE i.relnamespace IN (SELECT oid FROM mine) AND t.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'constraint', k.conname::text, t.relname::text, pg_get_constraintdef(k.oid)
FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
WHERE k.connamespace IN (SELECT oid FROM mine) AND t.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'trigger', g.tgname::text, t.relname::text, pg_get_triggerdef(g.oid)
FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
WHERE NOT g.tgisinternal AND t.relnamespace IN (SELECT oid FROM mine) AND t.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'policy', policyname::text, tablename::text, concat_ws(' ', permissive, roles::text, cmd, qual, with_check)
FROM pg_policies WHERE schemaname !~ '^pg_'
UNION ALL
SELECT 'function', p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')', '', p.prosrc
FROM pg_proc p WHERE p.pronamespace IN (SELECT oid FROM mine) AND p.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'type', y.typname::text, '', y.typtype::text || coalesce(
    (SELECT string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = y.oid), '')
FROM pg_type y WHERE y.typnamespace IN (SELECT oid FROM mine) AND y.typtype IN ('e', 'd', 'r')
    AND y.oid NOT IN (SELECT objid FROM extended)
UNION ALL
SELECT 'schema', nspname::text, '', '' FROM pg_namespace
WHERE oid IN (SELECT oid FROM mine) AND oid NOT IN (SELECT objid FROM extended)
"""
_SQLITE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"


def take_inventory(connection: Connection) -> Inventory:
    """What stands in the database now. Extensions and what belongs to them are left out."""
    text = _POSTGRESQL if connection.dialect.name == "postgresql" else _SQLITE
    rows = connection.exec_driver_sql(text)
    return {Thing(kind, name, table): _in_order(definition) for kind, name, table, definition in rows}


def _in_order(definition: str) -> str:
    """A table that is built again names its columns and constraints in any order."""
    return "\n".join(sorted(line.strip().rstrip(",") for line in definition.splitlines()))


async def inspected(database: Database, work: Callable[[Connection], R]) -> R:
    """What `work(connection)` says of a database, seen by the role that owns the tables."""
    engine = database.migrating()
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def own_tables(connection: Connection, plugin: str) -> list[str]:
    """Tables of a plugin: those with its prefix, without its version table, partitions and the parts of an R*Tree."""
    names = [name for name in sa.inspect(connection).get_table_names() if name.startswith(f"{plugin}_")]
    beside = set(companions(connection))
    return sorted(name for name in names if name not in beside and name != f"{plugin}_alembic_version")


def companions(connection: Connection) -> list[str]:
    """Tables that are part of another one: partitions on PostgreSQL, an R*Tree and its parts on SQLite."""
    if connection.dialect.name == "postgresql":
        return [row[0] for row in connection.exec_driver_sql("SELECT inhrelid::regclass::text FROM pg_inherits")]
    rows = connection.exec_driver_sql("SELECT name, type FROM pragma_table_list WHERE type IN ('virtual', 'shadow')")
    return [name for name, _ in rows]
