"""JSON written by the database: objects and lists of objects, in the cheapest form of each of the two."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from .errors import Unplannable
from .sqlforms import ToJson, text

_NAME = 63
"""PostgreSQL cuts longer names of columns, so that two keys could become one."""
_PAIRS = 50
"""Pairs that `json_build_object` and `json_object` take at most (100 arguments)."""


class Item(NamedTuple):
    """One key of an object: its value, and whether that is JSON itself."""

    key: str
    value: Any
    json: bool = False


def rows_array(select: Any, items: Sequence[Item], number: int, *, postgresql: bool) -> Any:
    """A JSON list with an object for each row of a SELECT (which has order and limit, but no columns yet)."""
    if postgresql and items and not _long(items):
        rows = select.with_only_columns(*(item.value.label(item.key) for item in items)).subquery(f"q{number}")
        found = sa.func.coalesce(sa.func.json_agg(rows.table_valued()), sa.literal_column("'[]'::json"))
        return sa.select(found).select_from(rows).scalar_subquery()
    rows, entries = _labelled(select, items, number)
    if postgresql:
        found = sa.func.coalesce(sa.func.json_agg(_object(entries, postgresql)), sa.literal_column("'[]'::json"))
    else:
        found = sa.func.json_group_array(_object(entries, postgresql))
    return sa.select(found).select_from(rows).scalar_subquery()


def row_object(select: Any, items: Sequence[Item], number: int, *, postgresql: bool) -> Any:
    """A JSON object of the one row of a SELECT; null if there is none."""
    if postgresql and items and not _long(items):
        rows = select.with_only_columns(*(item.value.label(item.key) for item in items)).subquery(f"q{number}")
        return sa.select(sa.func.row_to_json(rows.table_valued())).select_from(rows).scalar_subquery()
    rows, entries = _labelled(select, items, number)
    return sa.select(_object(entries, postgresql)).select_from(rows).scalar_subquery()


def struct(items: Sequence[Item], *, postgresql: bool) -> Any:
    """A JSON object of expressions of the row at hand."""
    return _object(items, postgresql)


def array(values: Sequence[Any], *, postgresql: bool) -> Any:
    """A JSON list of expressions of the row at hand."""
    return sa.type_coerce((sa.func.json_build_array if postgresql else sa.func.json_array)(*values), sa.JSON())


def listed(select: Any, value: Any, number: int, *, postgresql: bool) -> Any:
    """A JSON list with one JSON value for each row of a SELECT."""
    rows = select.with_only_columns(value.label("v")).subquery(f"q{number}")
    if postgresql:
        found = sa.func.coalesce(sa.func.json_agg(rows.c.v), sa.literal_column("'[]'::json"))
    else:
        found = sa.func.json_group_array(ToJson(rows.c.v))
    return sa.select(found).select_from(rows).scalar_subquery()


def _labelled(select: Any, items: Sequence[Item], number: int) -> tuple[Any, list[Item]]:
    columns = [item.value.label(f"c{at}") for at, item in enumerate(items)]
    rows = select.with_only_columns(*(columns or [sa.literal_column("1").label("c0")]))
    rows = rows.subquery(f"q{number}")
    return rows, [Item(item.key, rows.c[f"c{at}"], item.json) for at, item in enumerate(items)]


def _object(items: Sequence[Item], postgresql: bool) -> Any:
    if len(items) > _PAIRS:
        raise Unplannable(f"an object of {len(items)} keys")
    make = sa.func.json_build_object if postgresql else sa.func.json_object
    pairs: list[Any] = []
    for item in items:
        # SQLite forgets that a value is JSON as soon as it passes through a sub-select.
        pairs += [text(item.key), ToJson(item.value) if item.json and not postgresql else item.value]
    return sa.type_coerce(make(*pairs), sa.JSON())


def _long(items: Sequence[Item]) -> bool:
    return any(len(item.key) > _NAME for item in items)
