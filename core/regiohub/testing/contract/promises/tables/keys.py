"""Every key begins with the town: rows of two towns never meet, and the data can be divided by town."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise

from .inventory import inspected, own_tables

# An expression has no column; kinds other than a B-tree cannot hold a plain number without an extension.
_POSTGRESQL = """
SELECT i.relname::text, x.indisunique, a.attname::text
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam
LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = x.indkey[0]
WHERE x.indrelid = to_regclass(:table) AND m.amname = 'btree' AND NOT x.indisprimary ORDER BY 1
"""
_EXCLUSIONS = """
SELECT k.conname::text, a.attname::text FROM pg_constraint k
LEFT JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
WHERE k.contype = 'x' AND k.conrelid = to_regclass(:table) ORDER BY 1
"""
_SQLITE = """
SELECT l.name, l."unique", (SELECT i.name FROM pragma_index_info(l.name) i WHERE i.seqno = 0)
FROM pragma_index_list(:table) l WHERE l.origin <> 'pk' ORDER BY 1
"""


async def _faults(case: Case) -> list[str]:
    def examine(connection: Connection) -> list[str]:
        return [fault for table in own_tables(connection, case.id) for fault in keys_apart(connection, table)]

    async with case.empty() as world:
        return await inspected(world.platform.database, examine)


def keys_apart(connection: Connection, table: str) -> Iterator[str]:
    """A sentence for each key of a table that does not begin with the town."""
    inspector = sa.inspect(connection)
    columns = {column["name"]: column for column in inspector.get_columns(table)}
    if "tenant_id" not in columns:
        yield f"{table} has no tenant_id: its rows belong to no town"
        return
    if columns["tenant_id"]["nullable"]:
        yield f"{table}.tenant_id may be empty: such a row belongs to no town"
    key = inspector.get_pk_constraint(table)["constrained_columns"]
    if key[:1] != ["tenant_id"]:
        yield f"the primary key of {table} begins with {key[0] if key else 'nothing'}, not with tenant_id"
    for reference in inspector.get_foreign_keys(table):
        local, target = reference["constrained_columns"], reference["referred_table"]
        if target == "tenant" and local == ["tenant_id"]:
            continue
        if local[0] != "tenant_id" or reference["referred_columns"][0] != "tenant_id":
            yield f"the reference {table}.{', '.join(local)} to {target} may cross towns: tenant_id does not lead it"
    yield from _indexes(connection, table)


def _indexes(connection: Connection, table: str) -> Iterator[str]:
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        rows = connection.execute(sa.text(_POSTGRESQL), {"table": table})
    else:
        rows = connection.execute(sa.text(_SQLITE), {"table": table})
    for name, unique, first in rows:
        if first != "tenant_id":
            kind = "unique constraint" if unique else "index"
            yield f"the {kind} {name} of {table} begins with {first or 'an expression'}, not with tenant_id"
    if postgresql:
        found = connection.execute(sa.text(_EXCLUSIONS), {"table": table})
        for name, first in found:
            if first != "tenant_id":
                yield f"the exclusion {name} of {table} begins with {first or 'an expression'}, not with tenant_id"


KEYS_TENANT_FIRST = Promise(
    "keys-tenant-first",
    "every primary key, foreign key, unique constraint and index begins with tenant_id",
    "use TenantModel, reference(), unique() and index() in models and ops.create_tenant_table, ops.reference,"
    " ops.unique and ops.create_index in migrations: they put tenant_id first",
    _faults,
)
