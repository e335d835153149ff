"""The migrated database and the models say the same."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning

from regiohub.db.base import Base
from regiohub.db.geometry import GeoJson, rtree_name
from regiohub.testing.contract.case import Case
from regiohub.testing.contract.promise import Promise

from .inventory import companions, inspected


async def _faults(case: Case) -> list[str]:
    plugin = case.plugin
    tables = [model.__table__ for model in plugin.models]

    def compare(connection: Connection) -> list[str]:
        found = [*_drift(connection, case.id), *_unknown(connection, tables)]
        there = [table for table in tables if sa.inspect(connection).has_table(table.name)]
        for table in there:
            found += [*_keys(connection, table), *_checks(connection, table)]
        return found

    unlisted = [
        f"the model {mapper.class_.__name__} ({mapper.local_table.name}) is not in the plugin's models="
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, sa.Table)
        and mapper.class_.__module__.partition(".")[0] == plugin.package
        and mapper.local_table.name.startswith(f"{case.id}_")
        and mapper.local_table not in tables
    ]
    async with case.empty() as world:
        found = await inspected(world.platform.database, compare)
        places = await inspected(world.platform.database, partial(_spatial, tables=tables))
    return [*unlisted, *found, *await _searchable(case, places, tables)]


def _drift(connection: Connection, plugin: str) -> Iterator[str]:
    """What Alembic would write into a new migration."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    beside = {*companions(connection), f"{plugin}_alembic_version"}

    def ours(name: str | None, kind: str, parents: Any) -> bool:
        table = str(name if kind == "table" else parents.get("table_name"))
        # Indexes of kinds that models cannot name (spatial, word parts) are operations of the migration.
        special = kind == "index" and str(name).endswith(("_gist", "_trgm", "_gin"))
        return kind == "schema" or (table.startswith(f"{plugin}_") and table not in beside and not special)

    options = {"compare_type": True, "include_name": ours, "include_object": _only(plugin)}
    context = MigrationContext.configure(connection, opts=options)
    with warnings.catch_warnings():
        # Indexes on expressions are not compared; that says nothing about the plugin.
        warnings.simplefilter("ignore", SAWarning)
        for difference in compare_metadata(context, Base.metadata):
            yield from _said(difference)


def _only(plugin: str) -> Any:
    def ours(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
        table = str(name if kind == "table" else item.table.name)
        special = kind == "index" and str(name).endswith(("_gist", "_trgm", "_gin"))
        return table.startswith(f"{plugin}_") and not special

    return ours


def _said(difference: Any) -> Iterator[str]:
    """Alembic's tuples in words."""
    if isinstance(difference, list):
        for _verb, _schema, table, column, _known, there, wanted in difference:
            yield f"{table}.{column} is {_text(there)} in the database and {_text(wanted)} in the model"
        return
    verb, *rest = difference
    what = verb.partition("_")[2].replace("fk", "foreign key").replace("_", " ")
    side = "the model has" if verb.startswith("add") else "the database has"
    lack = "no migration makes it" if verb.startswith("add") else "the model does not"
    if what == "column":
        yield f"{side} the column {rest[1]}.{rest[2].name}; {lack}"
    elif what == "table":
        yield f"{side} the table {rest[0].name}; {lack}"
    else:
        yield f"{side} the {what} {rest[0].name} of {rest[0].table.name}; {lack}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "optional" if value else "required"
    return repr(value)


def _unknown(connection: Connection, tables: Sequence[sa.Table]) -> Iterator[str]:
    """Tables that come from a model but are not migrated are told by Alembic; this is about those of no model here."""
    names = set(sa.inspect(connection).get_table_names())
    for table in tables:
        if table.name not in names:
            yield f"no migration makes the table {table.name}"


def _keys(connection: Connection, table: sa.Table) -> Iterator[str]:
    there = sa.inspect(connection).get_pk_constraint(table.name)["constrained_columns"]
    wanted = [column.name for column in table.primary_key.columns]
    if there != wanted:
        found = f"({', '.join(there)}) in the database, ({', '.join(wanted)}) in the model"
        yield f"the primary key of {table.name} is {found}"


def _checks(connection: Connection, table: sa.Table) -> Iterator[str]:
    there = {str(check["name"]) for check in sa.inspect(connection).get_check_constraints(table.name)}
    wanted = {
        str(item.name) for item in table.constraints if isinstance(item, sa.CheckConstraint) and item.name is not None
    }
    for name in sorted(wanted - there):
        yield f"the model has the check {name} of {table.name}; no migration makes it"
    for name in sorted(there - wanted - {"None"}):
        yield f"the database has the check {name} of {table.name}; the model does not"


def _spatial(connection: Connection, tables: Sequence[sa.Table]) -> dict[str, bool]:
    """Whether each place can be searched, by column. An R*Tree without its triggers knows only old places."""
    places = [(table, column) for table in tables for column in table.columns if isinstance(column.type, GeoJson)]
    if connection.dialect.name == "postgresql":
        rows = connection.exec_driver_sql(
            "SELECT x.indrelid::regclass::text, a.attname::text FROM pg_index x"
            " JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_am m ON m.oid = i.relam AND m.amname = 'gist'"
            " JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = ANY (x.indkey)"
        )
        indexed = {(name, column) for name, column in rows}
        return {f"{table.name}.{column.name}": (table.name, column.name) in indexed for table, column in places}
    names = {name for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master")}
    found: dict[str, bool] = {}
    for table, column in places:
        tree = rtree_name(table.name, column.name)
        found[f"{table.name}.{column.name}"] = {
            tree, f"{tree}_insert", f"{tree}_update", f"{tree}_delete"
        } <= names  # fmt: skip
    return found


async def _searchable(case: Case, here: Mapping[str, bool], tables: Sequence[sa.Table]) -> list[str]:
    """Places that can be searched on one database only. Looked at from PostgreSQL, since SQLite is always there."""
    if case.engine == "sqlite":
        return []
    async with replace(case, engine="sqlite").within("sqlite").empty() as world:
        there = await inspected(world.platform.database, partial(_spatial, tables=tables))
    return [
        f"{place} has a spatial index on {'PostgreSQL' if indexed else 'SQLite'} only"
        for place, indexed in here.items()
        if indexed != there[place]
    ]


MATCH_MODELS = Promise(
    "migrations-match-models",
    "the migrated tables are those of its models: columns, types, keys, constraints, indexes",
    "write a further migration for what the models have, or add to the models what the migration made; the columns of"
    " both have the same type and are optional in both or in neither. ops.spatial_index serves both databases; it is to"
    " be called again after a batch that rebuilds the table on SQLite",
    _faults,
)
