"""A page of a list, ready to be drawn or exported."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from .declare import Listing
from .reading import Wanted

MOST_EXPORTED = 100_000
Rows = sa.Select[*tuple[Any, ...]]
"""A SELECT of a model or of columns."""


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of one page, and how many there are in all."""

    listing: Listing
    wanted: Wanted
    rows: Sequence[Any]
    total: int

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, math.ceil(self.total / self.wanted.size))

    @property
    def filtered(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.wanted.values)


async def from_database(session: AsyncSession, statement: Rows, wanted: Wanted, *, everything: bool = False) -> Found:
    """Count and one page (or all rows, for an export): two statements, however many rows there are.

    The statement selects one model (its objects are the rows) or several columns (named rows).
    """
    statement = statement.where(*wanted.conditions())
    total = await session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0
    ordered = _ordered(statement, wanted)
    if everything:
        ordered = ordered.limit(MOST_EXPORTED)
    else:
        ordered = ordered.limit(wanted.size).offset((_page(wanted, total) - 1) * wanted.size)
    result = await session.execute(ordered)
    single = len(statement.column_descriptions) == 1
    rows = result.scalars().unique().all() if single else result.all()
    return Found(wanted.listing, _at(wanted, total), rows, total)


def from_memory(rows: Sequence[Any], wanted: Wanted, *, everything: bool = False) -> Found:
    """The same of rows at hand: conditions and sort keys are functions of a row."""
    conditions: list[Callable[[Any], bool]] = wanted.conditions()
    kept = [row for row in rows if all(condition(row) for condition in conditions)]
    key, descending = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    column = next((column for column in wanted.listing.columns if column.key == key), None)
    if column is not None and callable(column.sort):
        read = column.sort
        known = [row for row in kept if read(row) is not None]
        known.sort(key=lambda row: _folded(read(row)), reverse=descending)
        kept = known + [row for row in kept if read(row) is None]
    total = len(kept)
    if not everything:
        first = (_page(wanted, total) - 1) * wanted.size
        kept = kept[first : first + wanted.size]
    return Found(wanted.listing, _at(wanted, total), kept, total)


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _page(wanted: Wanted, total: int) -> int:
    return min(wanted.page, max(1, math.ceil(total / wanted.size)))


def _at(wanted: Wanted, total: int) -> Wanted:
    page = _page(wanted, total)
    if page == wanted.page:
        return wanted
    return Wanted(wanted.listing, wanted.given, wanted.sort, page, wanted.size, wanted.values)


def _ordered(statement: Rows, wanted: Wanted) -> Rows:
    key, descending = wanted.sort.removeprefix("-"), wanted.sort.startswith("-")
    column = next((column for column in wanted.listing.columns if column.key == key), None)
    orders: list[Any] = []
    if column is not None and isinstance(column.sort, sa.SQLColumnExpression):
        chosen = column.sort.desc() if descending else column.sort.asc()
        # Missing values come last, whatever the direction. Where there are none, an index answers without sorting.
        orders.append(chosen.nulls_last() if getattr(column.sort, "nullable", True) else chosen)
    last = wanted.listing.last
    if last is None:
        entity = statement.column_descriptions[0].get("entity")
        last = getattr(entity, "id", None)
    if last is not None:
        orders.append(last.desc() if descending else last.asc())
    return statement.order_by(None).order_by(*orders) if orders else statement
