"""What a statement says about the rows it is after: read off its text, or off the elements it is made of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, TypeGuard

import sqlalchemy as sa
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.visitors import HasTraverseInternals

from regiohub.db.base import Base
from regiohub.db.errors import UnscopedStatement

# Words in comments and strings are no predicate, and neither is the name that a result is given.
_UNSPOKEN = re.compile(
    r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|\$((?:[a-z_]\w*)?)\$.*?\$\1\$|\bas\s+[\"`\[]?tenant_id\b",
    re.DOTALL | re.IGNORECASE,
)
_SAME = (operators.eq, operators.in_op)
# The trees beside tables have no guards of their own; the tables' triggers keep them.
_TREES = re.compile(
    r"\b(?:insert\s+(?:or\s+\w+\s+)?into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+"
    r"(?:\w+\s*\.\s*)?[\"`\[]?\w+_rtree\b",
    re.IGNORECASE,
)


def refuse_unscoped(statement: str) -> None:
    """Raise `UnscopedStatement` for SQL text that reads or writes towns' rows without naming `tenant_id`."""
    fault = fault_of(statement, len(Base.metadata.tables))
    if fault:
        raise UnscopedStatement(f"{fault}: {statement[:120]}")


def spoken(statement: str) -> str:
    """An SQL text without comments and strings."""
    return _UNSPOKEN.sub(" ", statement)


@lru_cache(maxsize=4096)
def fault_of(statement: str, tables: int) -> str | None:
    """Why an SQL text is refused; None if it is not. `tables`: how many there are, so that answers may be kept."""
    if not tables:
        return None
    text = spoken(statement)
    if "tenant_id" not in text and (found := _tenant_names(tables).search(text)):
        return f"{found[1]} is read without tenant_id"
    if "_rtree" in text and _TREES.search(text):
        return "the tree of a spatial index is written by its table alone"
    return None


@lru_cache(maxsize=1)
def _tenant_names(_count: int) -> re.Pattern[str]:
    names = [table.name for table in Base.metadata.tables.values() if table.info.get("tenant")]
    return re.compile(r"\b(" + "|".join(sorted(map(re.escape, names), key=len, reverse=True)) + r")\b", re.IGNORECASE)


def tenant_tables(statement: Any) -> set[str]:
    """Names of the towns' tables in a statement, by whichever way they came in."""
    return {element.name for element in visitors.iterate(statement) if _is_tenants(element)}


def bare_tables(statement: Any) -> set[str]:
    """Those that came in as tables, not as models, and are not held to a town: the session gives them no predicate."""
    found: set[str] = set()
    waiting = [statement]
    while waiting:
        floor = _Floor(waiting.pop())
        found |= floor.bare
        waiting += floor.below
    return found


class _Floor:
    """One selection of a statement. `bare`: tables in it that stand for no model; `below`: the selections within."""

    def __init__(self, statement: Any) -> None:
        self.below: list[Any] = []
        self.bare: set[str] = set()
        self._loose: dict[int, Any] = {}
        # What is held to a town by the conditions, or is that of a model: the ORM looks rows up by plain columns of it.
        self._sound = _held(statement)
        self._look(list(_parts(statement)))
        looked: set[int] = set()
        while strange := [table for one, table in self._loose.items() if one not in self._sound | looked]:
            looked.update(map(id, strange))
            self._look(strange)

    def _look(self, waiting: list[Any]) -> None:
        while waiting:
            element = waiting.pop()
            # By this note the ORM knows what belongs to a model.
            entity = getattr(element, "_annotations", {}).get("parententity")
            if entity is not None:
                self._sound.add(id(entity.local_table if entity.is_mapper else entity.selectable))
            elif isinstance(element, sa.ColumnClause):
                if element.table is not None:
                    self._loose[id(element.table)] = element.table
            elif isinstance(element, sa.SelectBase):
                self.below.append(element)
            elif id(element) not in self._sound:
                # Under another name even the model's own table stands for itself.
                table = element.element if isinstance(element, sa.Alias) else element
                if _is_tenants(table):
                    self.bare.add(table.name)
                else:
                    waiting += element.get_children()


def _held(statement: Any) -> set[int]:
    """Identities of the tables and aliases whose `tenant_id` a selection's conditions set equal to something else."""
    joined = [on for _, on, _, _ in getattr(statement, "_setup_joins", ()) if on is not None]
    held: set[int] = set()
    for condition in (*getattr(statement, "_where_criteria", ()), *joined):
        for element in visitors.iterate(condition):
            if isinstance(element, sa.BinaryExpression) and element.operator in _SAME:
                # What is compared with itself is on both sides.
                held |= _towns_of(element.left) ^ _towns_of(element.right)
    return held


def _towns_of(side: Any) -> set[int]:
    columns = (element for element in visitors.iterate(side) if isinstance(element, sa.ColumnClause))
    return {id(column.table) for column in columns if column.name == "tenant_id"}


def _parts(statement: Any) -> Iterable[Any]:
    """What a selection was made of. It would name the tables of its models' columns, too."""
    if isinstance(statement, sa.Select):
        return HasTraverseInternals.get_children(statement)
    return statement.get_children()


def _is_tenants(element: Any) -> TypeGuard[sa.Table]:
    return isinstance(element, sa.Table) and bool(element.info.get("tenant"))
