"""The migrated database and the models say the same."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
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
            found += [*_keys(connection, table), *_checks(connection, table), *_spatial(connection, table)]
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
        return [*unlisted, *await inspected(world.platform.database, compare)]


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


def _spatial(connection: Connection, table: sa.Table) -> Iterator[str]:
    """A place can be searched on both databases, or the search fails on one of them."""
    names = set(sa.inspect(connection).get_table_names())
    for column in table.columns:
        if not isinstance(column.type, GeoJson):
            continue
        if connection.dialect.name == "sqlite":
            indexed = rtree_name(table.name, column.name) in names
        else:
            indexed = f"ix_{table.name}_{column.name}_gist" in {
                str(found["name"]) for found in sa.inspect(connection).get_indexes(table.name)
            }
        if not indexed:
            yield f"{table.name}.{column.name} is a place without spatial index: ops.spatial_index is missing"


MATCH_MODELS = Promise(
    "migrations-match-models",
    "the migrated tables are those of its models: columns, types, keys, constraints, indexes, places",
    "write a further migration for what the models have, or add to the models what the migration made; the columns of"
    " both have the same type and are optional in both or in neither",
    _faults,
)
