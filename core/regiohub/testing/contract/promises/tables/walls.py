"""What the catalogue of a database says about the walls between towns: of one plugin's tables, or of all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection, RowMapping

from regiohub.db.migrations.guards import READERS, TENANT, sqlite_guard
from regiohub.db.postgresql import APP_ROLE, OWNER_ROLE

_FLOORS = {
    "floor_insert": ("INSERT", ("with_check",)),
    "floor_update": ("UPDATE", ("qual", "with_check")),
    "floor_delete": ("DELETE", ("qual",)),
}
"""Restrictive policies by name: the command of each, and which of its clauses keeps to the town."""
_NOISE = re.compile(r"::(?:text|integer)(?:\[\])?|[()\s]")
_POLICIES = """
SELECT policyname::text AS name, permissive = 'RESTRICTIVE' AS restrictive, cmd, qual, with_check
FROM pg_policies WHERE schemaname = current_schema() AND tablename = :table
AND (roles && ARRAY['public', :role]::name[]) ORDER BY 1
"""
# What row level security does not cover, and what could switch it off.
_RIGHTS = """
SELECT p.name FROM unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (name)
WHERE has_table_privilege(:role, to_regclass(:table), p.name)
"""
_PARTITIONS = """
SELECT c.relname::text FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE c.relkind IN ('r', 'p') AND starts_with(c.relname, :prefix) AND NOT c.relrowsecurity
AND has_table_privilege(:role, c.oid, 'SELECT, INSERT, UPDATE, DELETE') ORDER BY 1
"""
_VIEWS = """
SELECT relname::text FROM pg_class c WHERE relkind IN ('v', 'm') AND starts_with(relname, :prefix)
AND relnamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
AND NOT coalesce('security_invoker=true' = ANY (reloptions), false) ORDER BY 1
"""
_FUNCTIONS = """
SELECT proname::text, coalesce(array_to_string(proconfig, ',') LIKE '%search_path=%', false) AS own_path
FROM pg_proc p WHERE prosecdef AND starts_with(proname, :prefix)
AND pronamespace = current_schema()::regnamespace
AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY 1
"""
_POWERS = (
    (
        "owns",
        "SELECT relname::text FROM pg_class WHERE relowner = to_regrole(:role) AND relkind IN ('r', 'p', 'v', 'm')",
    ),
    ("owns the function", "SELECT proname::text FROM pg_proc WHERE proowner = to_regrole(:role)"),
    ("owns the schema", "SELECT nspname::text FROM pg_namespace WHERE nspowner = to_regrole(:role)"),
    ("owns the database", "SELECT datname::text FROM pg_database WHERE datdba = to_regrole(:role)"),
    (
        "may make tables in the schema",
        "SELECT nspname::text FROM pg_namespace WHERE nspname !~ '^pg_' AND has_schema_privilege(:role, oid, 'CREATE')",
    ),
    (
        "may make temporary tables in",
        "SELECT datname::text FROM pg_database WHERE datname = current_database()"
        " AND has_database_privilege(:role, oid, 'TEMPORARY')",
    ),
    (
        "is a member of",
        "SELECT rolname::text FROM pg_roles WHERE rolname <> :role AND pg_has_role(:role, oid, 'MEMBER')"
        " AND (rolsuper OR rolbypassrls OR rolname = :owner)",
    ),
)


def unguarded(connection: Connection, tables: Sequence[str]) -> list[str]:
    """A sentence for each wall that is missing around tables of towns, or that lets more through than it may."""
    if connection.dialect.name == "postgresql":
        return [fault for table in tables for fault in (*_policies(connection, table), *_rights(connection, table))]
    rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    there = {row[0]: row[1] for row in rows}
    return [fault for table in tables for fault in _triggers(table, there)]


def doors(connection: Connection, prefix: str = "") -> Iterator[str]:
    """Ways around policies on PostgreSQL, of things whose name begins so: partitions, views, functions."""
    if connection.dialect.name != "postgresql":
        return
    given = {"prefix": prefix, "role": APP_ROLE}
    for (name,) in connection.execute(sa.text(_PARTITIONS), given):
        yield f"the partition {name} can be reached past the policies of its table"
    for (name,) in connection.execute(sa.text(_VIEWS), given):
        yield f"the view {name} reads past the policies of its tables: create it WITH (security_invoker = true)"
    for name, own_path in connection.execute(sa.text(_FUNCTIONS), {"prefix": prefix}):
        if not own_path:
            yield f"the function {name} runs with its owner's rights and its caller's search_path: SET search_path"


def with_owners_rights(connection: Connection) -> list[str]:
    """Functions of PostgreSQL that run with their owner's rights, past the policies: each needs a reason."""
    if connection.dialect.name != "postgresql":
        return []
    return [name for name, _ in connection.execute(sa.text(_FUNCTIONS), {"prefix": ""})]


def powers(connection: Connection, role: str = APP_ROLE) -> list[str]:
    """What lets the serving role pass the walls on PostgreSQL, or take them down; SQLite has no roles."""
    if connection.dialect.name != "postgresql":
        return []
    row = connection.execute(sa.text("SELECT * FROM pg_roles WHERE rolname = :role"), {"role": role}).mappings().one()
    attributes = ("rolsuper", "rolbypassrls", "rolcreaterole", "rolcreatedb", "rolreplication")
    faults = [f"{role} has the attribute {name}" for name in attributes if row[name]]
    for words, text in _POWERS:
        given = {"role": role} | ({"owner": OWNER_ROLE} if ":owner" in text else {})
        faults += [f"{role} {words} {name}" for (name,) in connection.execute(sa.text(text), given)]
    return faults


def _triggers(table: str, there: dict[str, str]) -> Iterator[str]:
    wanted = [text for text in sqlite_guard(table) if text.startswith("CREATE")]
    for verb, text in zip(("insert", "update", "delete"), wanted, strict=True):
        found = there.get(f"guard_{table}_{verb}")
        if found is None:
            yield f"{table} has no guard against a foreign {verb}"
        elif _bare(found) != _bare(text):
            yield f"the guard of {table} against a foreign {verb} is not the one that guard() makes"


def _policies(connection: Connection, table: str) -> Iterator[str]:
    forced = connection.execute(
        sa.text("SELECT relrowsecurity AND relforcerowsecurity FROM pg_class WHERE oid = to_regclass(:table)"),
        {"table": table},
    ).scalar()
    if not forced:
        yield f"row level security is not forced on {table}"
    found = connection.execute(sa.text(_POLICIES), {"table": table, "role": APP_ROLE}).mappings().all()
    floors = {row["name"]: row for row in found if row["restrictive"]}
    for name, (command, clauses) in _FLOORS.items():
        row = floors.get(name)
        if row is None:
            yield f"{table} lacks the policy {name}"
        elif row["cmd"] != command or not all(_keeps_to(row[clause], TENANT) for clause in clauses):
            yield f"the policy {name} of {table} does not keep to the town"
    if not any(row["cmd"] == "ALL" for row in found if not row["restrictive"]):
        yield f"{table} lacks a policy that shows a town its rows"
    for row in found:
        if not row["restrictive"]:
            yield from _wide(table, row)


def _wide(table: str, row: RowMapping) -> Iterator[str]:
    """Permissive policies are joined by OR: each has to keep to the town by itself."""
    reads, writes = row["cmd"] in ("ALL", "SELECT"), row["cmd"] in ("ALL", "INSERT", "UPDATE")
    own = _keeps_to(row["qual"], TENANT)
    if row["cmd"] != "INSERT" and not (own or (reads and row["cmd"] == "SELECT" and _keeps_to(row["qual"], READERS))):
        yield f"the policy {row['name']} of {table} shows more than the town's rows"
    if writes and not _keeps_to(row["with_check"], TENANT):
        yield f"the policy {row['name']} of {table} lets more be written than the town's rows"


def _rights(connection: Connection, table: str) -> Iterator[str]:
    for (name,) in connection.execute(sa.text(_RIGHTS), {"table": table, "role": APP_ROLE}):
        yield f"{APP_ROLE} has the right {name} on {table}, which no policy limits"


def _keeps_to(clause: str | None, wanted: str) -> bool:
    """Whether a clause is the wanted condition, alone or narrowed by AND."""
    if clause is None or re.search(r"\bOR\b", clause):
        return False
    return _bare(wanted) in _bare(clause)


def _bare(text: str) -> str:
    """A definition without what databases write differently from what they were given."""
    return _NOISE.sub("", text).replace('"', "")
