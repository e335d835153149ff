"""Random rows for the tables of a plugin, made from the tables' own declarations.

What they hold is chosen to be awkward: nulls, empty lists, quotes and control characters, floats that do not print
exactly, moments with microseconds, days far away. Two towns filled with the same seed have the same identifiers and
different content, which is what a forgotten tenant predicate would show.
"""

from __future__ import annotations

import inspect
import random
import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from regiohub.db.base import Base, TenantTable
from regiohub.tenancy.context import TenantScope

from .cells import Cells

Row = dict[str, Any]
Touch = Callable[[random.Random, Row], Any]
"""Makes a column's value from the columns before it."""
_TRIES = 60
_PAIRS = (("starts", "ends"), ("first", "last"), ("valid_from", "valid_until"), ("from", "until"))


async def fill(
    scope: TenantScope,
    models: Sequence[type[TenantTable]],
    *,
    seed: int = 0,
    rows: int | Mapping[str, int] = 24,
    touches: Mapping[str, Touch] | None = None,
    each: Collection[str] = (),
) -> dict[str, list[Row]]:
    """Fill the tables of these models in one town; returns the rows by the table's name.

    `rows`: how many per table, or by its name. `touches`: by "table.column", what is to stand there where anything
    at random would be nonsense; by "table", a function of the finished row that returns it changed, or None to
    leave it out. `each`: "table.column" of references that go through all rows they can point to, one after the other.
    """
    filler = _Filler(scope, seed, touches or {}, each)
    wanted = {model.__tablename__: model for model in models}
    for table in Base.metadata.sorted_tables:
        if table.name in wanted:
            number = rows if isinstance(rows, int) else rows.get(table.name, 24)
            filler.table(wanted[table.name], number)
    async with scope.write() as ctx:
        for name, made in filler.made.items():
            # One by one: a column left out of one row must not be null in all.
            if made:
                await ctx.session.execute(sa.insert(wanted[name].__table__), made)  # type: ignore[arg-type]
    return filler.made


class _Filler:
    """The rows of one town, table by table, parents first."""

    def __init__(self, scope: TenantScope, seed: int, touches: Mapping[str, Touch], each: Collection[str]) -> None:
        self._each = each
        self._tenant = scope.tenant
        self._seed = seed
        self._touches = touches
        self._rng = random.Random(f"rows {seed} {scope.tenant.slug}")  # noqa: S311 - for variety, not for secrets
        self._cells = Cells(self._rng, scope.now(), scope.tenant.centre)
        self._same = random.Random(f"choices {seed}")  # noqa: S311 - the same in each town
        self.made: dict[str, list[Row]] = {}

    def table(self, model: type[TenantTable], number: int) -> None:
        """Make the rows of one table."""
        table = model.__table__
        assert isinstance(table, sa.Table)
        identifiers = random.Random(f"identifiers {self._seed} {table.name}")  # noqa: S311
        taken: dict[str, set[Any]] = defaultdict(set)
        kept = self.made[table.name] = []
        for _ in range(number):
            id_ = uuid.UUID(int=identifiers.getrandbits(128), version=4)
            for _ in range(_TRIES):
                row = self._row(model, table, id_)
                if row is not None and self._free(table, row, taken):
                    kept.append(row)
                    break

    def _row(self, model: type[TenantTable], table: sa.Table, id_: uuid.UUID) -> Row | None:
        row: Row = {"tenant_id": self._tenant.id}
        keys = _keys(table)
        for column in table.columns:
            touch = self._touches.get(f"{table.name}.{column.name}")
            if column.name == "tenant_id":
                continue
            if touch is not None:
                row[column.name] = touch(self._rng, row)
            elif column.name == "id":
                row[column.name] = id_
            elif column.name in keys:
                row[column.name] = self._parent(table, column, keys[column.name])
                if row[column.name] is None and not column.nullable:
                    return None
            else:
                row[column.name] = self._cells.draw(column, _annotation(model, column))
        _order(row)
        whole = self._touches.get(table.name)
        return row if whole is None else whole(self._rng, row)

    def _parent(self, table: sa.Table, column: sa.Column[Any], target: str) -> uuid.UUID | None:
        # The same parents in each town: an object of one town then has children with equal ids in the other.
        known = self.made.get(target, [])
        if f"{table.name}.{column.name}" in self._each:
            return known[len(self.made[table.name]) % len(known)]["id"]
        if not known or (column.nullable and self._same.random() < (0.7 if target == table.name else 0.35)):
            return None
        return self._same.choice(known)["id"]

    def _free(self, table: sa.Table, row: Row, taken: dict[str, set[Any]]) -> bool:
        marks: list[tuple[str, Any]] = []
        for constraint in (table.primary_key, *table.constraints):
            if isinstance(constraint, (sa.PrimaryKeyConstraint, sa.UniqueConstraint)):
                value = tuple(row[column.name] for column in constraint.columns)
                if None in value:
                    continue
                marks.append((str(sorted(column.name for column in constraint.columns)), value))
        if any(value in taken[name] for name, value in marks):
            return False
        for name, value in marks:
            taken[name].add(value)
        return True


def _keys(table: sa.Table) -> dict[str, str]:
    """Columns that point to the id of another table of the town."""
    return {
        element.parent.name: element.column.table.name
        for constraint in table.foreign_key_constraints
        for element in constraint.elements
        if element.column.name == "id" and element.column.table.name != "tenant"
    }


def _annotation(model: type[Any], column: sa.Column[Any]) -> str:
    """The annotation of a column as text: it tells lists from objects where both are JSON."""
    for cls in model.__mro__:
        found = inspect.get_annotations(cls)
        if column.name in found:
            return str(found[column.name])
    return ""


def _order(row: Row) -> None:
    """Beginnings before ends."""
    for start in list(row):
        for begin, finish in _PAIRS:
            end = start.replace(begin, finish)
            if start != end and start.startswith(begin) and end in row and row[start] is not None:
                if row[end] is None:
                    continue
                if row[start] == row[end]:
                    row[end] = row[end] + _step(row[end])
                elif row[start] > row[end]:
                    row[start], row[end] = row[end], row[start]


def _step(value: Any) -> Any:
    from datetime import date, datetime, timedelta

    if isinstance(value, datetime):
        return timedelta(minutes=1)
    return timedelta(days=1) if isinstance(value, date) else 1
