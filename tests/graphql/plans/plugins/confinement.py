"""Reads finished statements with a parser of SQL: which tables of tenants stand in them without the tenant's predicate.

Nothing here knows how plans are made: it is the second opinion on what `regiohub.graphql.plans.scope` promises.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlglot
from sqlglot import exp

from regiohub.db.base import Base


def loose(text: str, dialect: str) -> list[str]:
    """Names of tenants' tables (as the statement calls them) that no conjunct of their own SELECT holds to towns.

    `dialect`: "postgresql" or "sqlite". A predicate in another SELECT, behind OR, or on another name does not count.
    """
    tables = {table.name for table in Base.metadata.tables.values() if table.info.get("tenant")}
    tree: Any = sqlglot.parse_one(text, read="postgres" if dialect == "postgresql" else "sqlite")
    found: list[str] = []
    selects = list(tree.find_all(exp.Select))
    assert selects, text
    for select in selects:
        outer = _conjuncts(select.args["where"].this) if select.args.get("where") else []
        for table, on in _sources(select):
            if table.name not in tables:
                continue
            name = table.alias_or_name
            if not any(_holds(condition, name) for condition in [*outer, *on]):
                found.append(name)
    return found


def _sources(select: Any) -> Iterator[tuple[Any, list[Any]]]:
    """The tables of a FROM with the conditions that may confine them."""
    start = select.args.get("from_") or select.args.get("from")
    if start is not None and isinstance(start.this, exp.Table):
        yield start.this, _inner(select)
    for join in select.args.get("joins") or ():
        on = join.args.get("on")
        if isinstance(join.this, exp.Table):
            yield join.this, _conjuncts(on) if on is not None else []


def _inner(select: Any) -> list[Any]:
    """What stands in ON of inner joins holds for the first table, too."""
    found: list[Any] = []
    for join in select.args.get("joins") or ():
        if not join.args.get("side") and join.args.get("on") is not None:
            found += _conjuncts(join.args["on"])
    return found


def _conjuncts(condition: Any) -> list[Any]:
    return list(condition.flatten()) if isinstance(condition, exp.And) else [condition]


def _holds(condition: Any, name: str) -> bool:
    condition = condition.unnest()
    if isinstance(condition, exp.In):
        towns = condition.args.get("query")
        return _is_tenant(condition.this, name) and towns is not None and "JSON_EACH" in towns.sql().upper()
    if not isinstance(condition, exp.EQ) or not _is_tenant(condition.left, name):
        return False
    value = condition.right
    while isinstance(value, (exp.Cast, exp.Any, exp.Paren)):
        value = value.this
    return isinstance(value, (exp.Parameter, exp.Placeholder))


def _is_tenant(column: Any, name: str) -> bool:
    return isinstance(column, exp.Column) and column.name == "tenant_id" and column.table == name


def assert_confined(texts: Iterable[str], dialect: str) -> int:
    """All of the statements hold each table; returns how many there were."""
    number = 0
    for text in texts:
        assert loose(text, dialect) == [], text
        number += 1
    return number
