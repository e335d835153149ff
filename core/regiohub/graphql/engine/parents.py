"""A page for each of many parents in one statement, in the way that each database answers quickest.

Each returns the columns of the need, its computed expressions, and the marks of cursors if asked for, in order.
"""

from __future__ import annotations

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import aliased
from sqlalchemy.sql.util import ClauseAdapter

from .keyset import behind
from .need import TENANT, Need, key_of
from .selects import Cut, computed, inlined, marks


def lateral(need: Need, attribute: str, keys: list[Any], cut: Cut) -> Any:
    """PostgreSQL, one tenant: each parent's page is read from the index and stops at its limit."""
    parent = getattr(need.model, attribute)
    wanted = sa.func.unnest(sa.literal(keys, ARRAY(parent.type)))
    asked = wanted.table_valued(sa.column("key", parent.type)).render_derived("asked")
    child = (
        sa.select(*_inner(need), *computed(need), *marks(cut.order))
        .where(parent == asked.c.key, *_conditions(cut))
        .order_by(*(term.ordering for term in cut.order))
        .limit(inlined(cut.first + 1))
        .lateral("child")
    )
    return (
        sa.select(*_outer(need, child, cut)).select_from(asked).join(child, sa.true()).order_by(*_ordering(child, cut))
    )


def chosen(need: Need, attribute: str, keys: list[Any], cut: Cut, dialect: Dialect) -> Any:
    """SQLite, one tenant: it has no LATERAL, but a sub-select with a limit may choose each parent's keys."""
    model = need.model
    parent = getattr(model, attribute)
    bind = parent.type.dialect_impl(dialect).bind_processor(dialect)
    written = orjson.dumps([bind(key) if bind else key for key in keys]).decode()
    asked = sa.func.json_each(written).table_valued("value", name="asked")
    inside = aliased(model)
    adapter: Any = ClauseAdapter(sa.inspect(inside).selectable)
    adapt = adapter.traverse
    # The rest of the key alone leads to the row; asking for the parent too would tempt SQLite to another index.
    (own,) = (name for name in key_of(model) if name != attribute)
    choice = (
        sa.select(getattr(inside, own))
        .where(getattr(inside, attribute) == asked.c.value, adapt(sa.and_(sa.true(), *_conditions(cut))))
        .order_by(*(adapt(term.ordering) for term in cut.order))
        .limit(inlined(cut.first + 1))
        .correlate(asked)
    )
    matches = [getattr(model, own).in_(choice)]
    if attribute in key_of(model):
        matches.append(parent == asked.c.value)
    columns = [*(getattr(model, name) for name in need.columns), *computed(need), *_wanted(cut)]
    return (
        sa.select(*columns)
        .select_from(asked)
        .join(model, sa.and_(*matches))
        .order_by(*(term.ordering for term in cut.order))
    )


def ranked(need: Need, attribute: str, keys: list[Any], cut: Cut) -> Any:
    """Several tenants, or a key of several parts on SQLite: rows are numbered within their parent."""
    model = need.model
    parent = getattr(model, attribute)
    rank = sa.func.row_number().over(
        partition_by=[getattr(model, TENANT), parent], order_by=[term.ordering for term in cut.order]
    )
    child = (
        sa.select(*_inner(need), *computed(need), *marks(cut.order), rank.label("rank_"))
        .where(parent.in_(keys), *_conditions(cut))
        .subquery("child")
    )
    return (
        sa.select(*_outer(need, child, cut))
        .where(child.c.rank_ <= inlined(cut.first + 1))
        .order_by(*_ordering(child, cut))
    )


def _conditions(cut: Cut) -> list[Any]:
    return [*cut.conditions, *([behind(cut.order, cut.after)] if cut.after is not None else [])]


def _wanted(cut: Cut) -> list[Any]:
    return marks(cut.order) if cut.cursors else []


def _inner(need: Need) -> list[Any]:
    return [getattr(need.model, name) for name in dict.fromkeys((*need.columns, *key_of(need.model), TENANT))]


def _outer(need: Need, child: Any, cut: Cut) -> list[Any]:
    # As an alias of the model, so that the session adds the tenant's predicate here too.
    alias = aliased(need.model, child)
    extra = [*computed(need), *_wanted(cut)]
    return [*(getattr(alias, name) for name in need.columns), *(child.c[column.name] for column in extra)]


def _ordering(child: Any, cut: Cut) -> list[Any]:
    found: list[Any] = []
    for number, term in enumerate(cut.order):
        column = child.c[f"mark_{number}"]
        ordered = column.desc() if term.descending else column.asc()
        found.append(ordered.nulls_last() if term.nullable else ordered)
    return found
