"""Typed helpers for migrations: tenant tables, references, spatial indexes and guards on both databases.

A guard is an explicit operation: `guard(table)` stands last for each table, and again after each batch, since
SQLite drops a table's triggers when a batch rebuilds it. `change_table` sees to that.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from regiohub.db.geometry import GeoJson, rtree_name
from regiohub.db.keys import foreign_key
from regiohub.db.migrations import guards
from regiohub.db.types import Guid, Json, UtcDateTime

__all__ = [
    "GeoJson", "Guid", "Json", "UtcDateTime", "add_columns", "change_table", "create_index", "create_platform_table",
    "create_tenant_table", "dialect", "drop_columns", "drop_tenant_table", "execute", "guard", "is_postgresql",
    "reference", "spatial_index", "timestamps", "unique",
]  # fmt: skip


def dialect() -> Literal["sqlite", "postgresql"]:
    """Name of the database that is being migrated."""
    return "postgresql" if op.get_context().dialect.name == "postgresql" else "sqlite"


def is_postgresql() -> bool:
    """Whether the database that is being migrated is PostgreSQL."""
    return dialect() == "postgresql"


def execute(sql: str) -> None:
    """Run one statement as it is (no bind parameters)."""
    op.get_bind().exec_driver_sql(sql)


def create_tenant_table(
    name: str,
    *elements: sa.Column[Any] | sa.Constraint,
    id: bool = True,
    sqlite_without_rowid: bool = False,
) -> None:
    """Create a tenant's table. `tenant_id` comes first and leads the primary key; `id=True` adds the UUID `id`.

    With `id=False` give the other key columns `primary_key=True`. Foreign keys: `reference()`; then `guard()`.
    """
    keys: list[sa.Column[Any]] = [
        sa.Column(
            "tenant_id",
            sa.Integer(),
            sa.ForeignKey("tenant.id", ondelete="CASCADE", name=f"fk_{name}_tenant_id"),
            primary_key=True,
        )
    ]
    if id:
        keys.append(sa.Column("id", Guid(), primary_key=True))
    op.create_table(name, *keys, *elements, sqlite_with_rowid=not sqlite_without_rowid)


def create_platform_table(name: str, *elements: sa.Column[Any] | sa.Constraint) -> None:
    """Create a table of the platform itself: no tenant, readable and writable by the serving role."""
    op.create_table(name, *elements)
    if is_postgresql():
        for statement in guards.postgresql_grant(name):
            execute(statement)


def drop_tenant_table(name: str) -> None:
    """Drop a table with its guards and, on SQLite, the R*Trees beside it."""
    for column in _spatial_columns(name):
        execute(f"DROP TABLE {rtree_name(name, column)}")
    op.drop_table(name)


def reference(column: str, table: str, ondelete: str = "CASCADE") -> sa.ForeignKeyConstraint:
    """The composite foreign key (tenant_id, column) -> (tenant_id, id) of another table, for create_tenant_table."""
    return foreign_key(column, table, ondelete)


def unique(*columns: str) -> sa.UniqueConstraint:
    """A unique constraint inside one tenant, for create_tenant_table."""
    return sa.UniqueConstraint("tenant_id", *columns)


def timestamps() -> tuple[sa.Column[Any], sa.Column[Any]]:
    """The columns of the mixin Timestamps."""
    return sa.Column("created_at", UtcDateTime(), nullable=False), sa.Column(
        "updated_at", UtcDateTime(), nullable=False
    )


def create_index(table: str, *columns: str, name: str | None = None, unique: bool = False) -> None:
    """An index inside one tenant: tenant_id stands first. The default name is that of the model's helpers."""
    op.create_index(
        name or f"ix_{table}_{'_'.join(('tenant_id', *columns))}", table, ["tenant_id", *columns], unique=unique
    )


def add_columns(table: str, *columns: sa.Column[Any]) -> None:
    """Add columns (nullable, or with a server default) and put the table's guards back."""
    with change_table(table) as batch:
        for column in columns:
            batch.add_column(column)


def drop_columns(table: str, *names: str) -> None:
    """Drop columns and put the table's guards back."""
    with change_table(table) as batch:
        for name in names:
            batch.drop_column(name)


@contextmanager
def change_table(table: str) -> Generator[BatchOperations]:
    """Change columns and constraints by Alembic's batch operations; guards and spatial indexes are put back after it.

    For what `add_columns` and `drop_columns` do not say: `batch.alter_column("name", nullable=False)`.
    """
    before, own = _spatial_columns(table), _own_triggers(table)
    with op.batch_alter_table(table) as batch:
        yield batch
    guard(table)
    for name, statement in own.items():
        # A column that is added rebuilds nothing, and the trigger is still there.
        execute(f"DROP TRIGGER IF EXISTS {name}")
        execute(statement)
    for column in set(before) - set(_spatial_columns(table)):
        execute(f"DROP TABLE {rtree_name(table, column)}")


def _own_triggers(table: str) -> dict[str, str]:
    """Triggers of a table that `guard` does not put back: what may only grow must not be opened by a new column."""
    if is_postgresql():
        return {}
    run = op.get_bind().exec_driver_sql
    rows = run("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?", (table,)).fetchall()
    return {name: sql for name, sql in rows if name.startswith(f"append_only_{table}_")}


def _spatial_columns(table: str) -> list[str]:
    """Columns of a table that have an R*Tree; none on PostgreSQL, where an index goes with its table."""
    if is_postgresql():
        return []
    run = op.get_bind().exec_driver_sql
    there = {name for (name,) in run("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()}
    return [row[1] for row in run(f"PRAGMA table_info({table})").fetchall() if rtree_name(table, row[1]) in there]


def spatial_index(table: str, column: str) -> None:
    """Index a GeoJSON column: GiST on PostgreSQL, an R*Tree kept by triggers on SQLite."""
    if is_postgresql():
        execute(f"CREATE INDEX ix_{table}_{column}_gist ON {table} USING gist ({column})")
        return
    for statement in guards.sqlite_rtree(table, column, rtree_name(table, column)):
        execute(statement)


def guard(table: str) -> None:
    """Put the tenant's wall on a table: forced row level security with policies, or triggers. Repeatable.

    On SQLite the triggers that keep the table's spatial indexes are put back as well.
    """
    for statement in guards.postgresql_guard(table) if is_postgresql() else guards.sqlite_guard(table):
        execute(statement)
    for column in _spatial_columns(table):
        for statement in guards.sqlite_rtree_triggers(table, column, rtree_name(table, column)):
            execute(statement)
