"""SELECTs that run for each of many rows by themselves, in one statement.

PostgreSQL has LATERAL for this. SQLite has not, but a scalar sub-select may gather rows as JSON; real numbers travel in
it as text with 17 digits, since SQLite's JSON would round them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import aliased

from regiohub.graphql.authoring.light import row_class
from regiohub.graphql.authoring.spec import NestedSpec, RowsSpec

from .need import TENANT, key_of

Owner = tuple[Any, ...]
"""Tenant and key of a row."""


def correlated(spec: NestedSpec | RowsSpec, parent: Any, ctx: Any, given: Mapping[str, Any]) -> Any:
    """The SELECT below a parent (a model or an alias of it): every table of its FROM is held to the parent's town."""
    made = spec.source(parent, ctx, given)
    name = getattr(spec.select, "__qualname__", repr(spec.select))
    if not isinstance(made, sa.Select):
        raise TypeError(f"{name} returned {type(made).__name__}: of= is synchronous and returns a SELECT")
    above = sa.inspect(parent).selectable
    for table in _tables(made.get_final_froms()):
        if table is not above and TENANT in table.c:
            made = made.where(table.c[TENANT] == getattr(parent, TENANT))
    return made.correlate(above)


async def values_of(
    session: Any,
    spec: NestedSpec,
    model: type[Any],
    owners: Iterable[Owner],
    ctx: Any,
    given: Mapping[str, Any],
    names: Sequence[str],
) -> dict[Owner, list[Any]]:
    """The values for each owner, in the order of the SELECT: objects with the wanted labels as attributes."""
    parent = aliased(model)
    inner = correlated(spec, parent, ctx, given)
    labels = tuple(inner.selected_columns.keys())
    missing = [name for name in names if name not in labels]
    if missing:
        name = getattr(spec.select, "__qualname__", repr(spec.select))
        raise TypeError(f"{name} selects {', '.join(labels)}; label a column {missing[0]!r} too")
    return await _of_each(session, parent, inner, owners, row_class(spec.select, labels))


async def keys_of(
    session: Any,
    spec: RowsSpec,
    model: type[Any],
    owners: Iterable[Owner],
    ctx: Any,
    given: Mapping[str, Any],
    target: type[Any],
    conditions: Sequence[Any],
) -> dict[Owner, list[Any]]:
    """The keys of the rows that a SELECT of another model brings for each owner, in its order."""
    parent = aliased(model)
    inner = correlated(spec, parent, ctx, given).where(*conditions)
    (key,) = key_of(target)
    inner = inner.with_only_columns(getattr(target, key).label("key_"), maintain_column_froms=True)
    return await _of_each(session, parent, inner, owners, _itself)


def _itself(key: Any) -> Any:
    return key


async def _of_each(
    session: Any, parent: Any, inner: Any, owners: Iterable[Owner], make: Callable[..., Any]
) -> dict[Owner, list[Any]]:
    identity = [getattr(parent, name) for name in (TENANT, *key_of(sa.inspect(parent).mapper.class_))]
    chosen = sa.tuple_(*identity).in_(list(owners))
    found: dict[Owner, list[Any]] = defaultdict(list)
    if session.dialect == "postgresql":
        statement = _lateral(parent, identity, inner).where(chosen)
        for row in (await session.execute(statement)).all():
            found[tuple(row[: len(identity)])].append(make(*row[len(identity) : -1]))
        return found
    statement = sa.select(*identity, _gathered(inner)).select_from(parent).where(chosen)
    read = [_reader(column.type, session.get_bind().dialect) for column in inner.selected_columns]
    for row in (await session.execute(statement)).all():
        entries = orjson.loads(row[-1])
        found[tuple(row[:-1])] = [make(*(f(v) for f, v in zip(read, entry, strict=True))) for entry in entries]
    return found


def _lateral(parent: Any, identity: Sequence[Any], inner: Any) -> Any:
    child = inner.subquery("child")
    numbered = sa.select(*child.c, sa.func.row_number().over().label("number_")).correlate(parent).lateral("nested")
    return (
        sa.select(*identity, *numbered.c)
        .select_from(parent)
        .join(numbered, sa.true())
        .order_by(*identity, numbered.c.number_)
    )


def _gathered(inner: Any) -> Any:
    child = inner.subquery("child")
    columns = [sa.type_coerce(column, _RAW) for column in child.c]
    kinds = [sa.func.typeof(column) for column in columns]
    exact = [
        sa.case(
            (kind == "real", sa.func.json_array(sa.func.printf("%!.17g", column))),
            # What is JSON already would otherwise be taken for a part of the whole.
            (kind == "text", column.op("||")("")),
            else_=column,
        )
        for kind, column in zip(kinds, columns, strict=True)
    ]
    return sa.select(sa.func.json_group_array(sa.func.json_array(*exact))).select_from(child).scalar_subquery()


_RAW = sa.types.NullType()


def _reader(kind: Any, dialect: Dialect) -> Any:
    """What turns a value in SQLite's JSON into the Python value of its column; a real number stands in a list."""
    process = kind.dialect_impl(dialect).result_processor(dialect, None)

    def read(value: Any) -> Any:
        plain = float(value[0]) if isinstance(value, list) else value
        return process(plain) if process else plain

    return read


def _tables(froms: Iterable[Any]) -> Iterator[Any]:
    """The tables of a FROM; the far side of an outer join is the author's to hold, in its ON clause."""
    for entry in froms:
        if isinstance(entry, sa.Join):
            yield from _tables((entry.left,) if entry.isouter else (entry.left, entry.right))
        else:
            yield entry
