"""Typed helpers for migrations: tenant tables, references, spatial indexes and guards on both databases.

A guard is an explicit operation: `guard(table)` stands last for each table, and again after each batch, since
SQLite drops a table's triggers when a batch rebuilds it.
"""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import op

from regiohub.db.geometry import GeoJson, rtree_name
from regiohub.db.keys import foreign_key
from regiohub.db.migrations import guards
from regiohub.db.types import Guid, Json, UtcDateTime

__all__ = [
    "GeoJson", "Guid", "Json", "UtcDateTime", "add_columns", "create_index", "create_platform_table",
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
    if not is_postgresql():
        trees = op.get_bind().exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE ? AND name LIKE '%\\_rtree' ESCAPE '\\'",
            (f"{name}_%",),
        )
        for (tree,) in trees.fetchall():
            execute(f"DROP TABLE {tree}")
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
    with op.batch_alter_table(table) as batch:
        for column in columns:
            batch.add_column(column)
    guard(table)


def drop_columns(table: str, *names: str) -> None:
    """Drop columns and put the table's guards back."""
    with op.batch_alter_table(table) as batch:
        for name in names:
            batch.drop_column(name)
    guard(table)


def spatial_index(table: str, column: str) -> None:
    """Index a GeoJSON column: GiST on PostgreSQL, an R*Tree kept by triggers on SQLite."""
    if is_postgresql():
        execute(f"CREATE INDEX ix_{table}_{column}_gist ON {table} USING gist ({column})")
        return
    for statement in guards.sqlite_rtree(table, column, rtree_name(table, column)):
        execute(statement)


def guard(table: str) -> None:
    """Put the tenant's wall on a table: forced row level security with policies, or triggers. Repeatable."""
    for statement in guards.postgresql_guard(table) if is_postgresql() else guards.sqlite_guard(table):
        execute(statement)
