"""Fingerprints of tables: their definition and their rows, each table by itself."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.db.database import Database
from regiohub.db.migrate import owner_of

_SCHEMA = """
SELECT c.table_name AS t, 'column ' || c.column_name || ' ' || c.udt_name || ' ' || c.is_nullable || ' ' ||
  coalesce(c.column_default, '') AS d
  FROM information_schema.columns c JOIN information_schema.tables USING (table_schema, table_name)
  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
UNION ALL SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
  WHERE connamespace = 'public'::regnamespace AND conrelid <> 0
UNION ALL SELECT tablename, concat_ws(' ', 'policy', policyname, permissive, roles, cmd, qual, with_check)
  FROM pg_policies WHERE schemaname = 'public'
UNION ALL SELECT tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL SELECT relname, concat_ws(' ', 'walls', relrowsecurity, relforcerowsecurity, relacl::text) FROM pg_class
  WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""
# A migration is a change, and these rows count changes.
_COUNTERS = ("core_data_version", "spatial_ref_sys")


async def fingerprints(database: Database) -> Mapping[str, str]:
    """By table what it is and what it holds; any difference of definition, guards, rights or rows shows."""
    engine = database.migrating()
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_tables)
    finally:
        await engine.dispose()


async def others(database: Database, owner: str, owners: Iterable[str]) -> Mapping[str, str]:
    """The same without the tables of one distribution."""
    owners = list(owners)
    return {name: print_ for name, print_ in (await fingerprints(database)).items() if owner_of(name, owners) != owner}


def _tables(connection: Connection) -> dict[str, str]:
    definitions: dict[str, list[str]] = {}
    for name, text in connection.execute(sa.text(_definitions(connection))):
        definitions.setdefault(name, []).append(_plain(str(text)))
    return {
        name: _digest(sorted(texts), _rows(connection, name))
        for name, texts in definitions.items()
        if name not in _COUNTERS
    }


def _plain(text: str) -> str:
    """A definition without the order of its parts: a rebuilt table of SQLite names its constraints in any order."""
    if not text.startswith("CREATE TABLE"):
        return text
    return " | ".join(sorted(part.strip().replace('"', "") for part in re.split(r"[,\n]", text)))


def _definitions(connection: Connection) -> str:
    if connection.dialect.name == "postgresql":
        return _SCHEMA
    return "SELECT tbl_name, coalesce(sql, name) FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"


def _rows(connection: Connection, table: str) -> list[str]:
    quoted = connection.dialect.identifier_preparer.quote(table)
    if connection.dialect.name == "postgresql":
        found: Any = connection.exec_driver_sql(f"SELECT r::text FROM {quoted} r")
        return sorted(found.scalars())
    return sorted(map(repr, connection.exec_driver_sql(f"SELECT * FROM {quoted}")))


def _digest(*parts: list[str]) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
