"""Rows for tests: give what the test is about, the rest is invented.

Example::

    async with world.scope("potsdam").write() as ctx:
        room = await make(ctx, Room, name="Saal")
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapper

from regiohub.db.base import Base, TenantTable, Timestamps
from regiohub.tenancy.context import Ctx
from regiohub.testing.invented import invented

M = TypeVar("M", bound=TenantTable)
Refer = Callable[[type[Any]], Awaitable[Any]]
"""Answers with a row of the model that a reference may point to."""

_MOST_TRIES = 8
_numbers: WeakKeyDictionary[Any, dict[tuple[int, str], int]] = WeakKeyDictionary()


class RowRefused(AssertionError):
    """The database takes no invented row of a table; the message says which rule stands in the way."""


async def make(ctx: Ctx, model: type[M], **values: Any) -> M:
    """Add one row: `values` as given, every other required column invented, each reference with a row of its own.

    Optional columns stay empty. Two calls never make two equal values of a unique column. The row is flushed, not
    committed: the unit of work does that.

    :raises TypeError: `values` names no column. :raises RowRefused: the table's rules allow no invented row.
    """

    async def refer(target: type[Any]) -> Any:
        return await make(ctx, target)

    return await add_row(ctx, model, values, refer)


async def add_row(ctx: Ctx, model: type[M], values: Mapping[str, Any], refer: Refer, *, fullest: bool = False) -> M:
    """Like `make`; `refer` says which rows references point to.

    Where the table refuses a row without its optional references, one after the other is tried, then all of them; with
    `fullest` all of them are tried first.
    """
    mapper: Mapper[Any] = sa.inspect(model)
    unknown = sorted(values.keys() - {attribute.key for attribute in mapper.column_attrs})
    if unknown:
        raise TypeError(f"{model.__name__} has no column {', '.join(unknown)}")
    # Other rows to point to may please a rule about two of them ("not the same", "each pair once").
    several = len(list(references(mapper))) > 1
    refused: dict[str, None] = {}
    choices = _choices(mapper, values)
    for chosen in [*choices[-1:], *choices[:-1]] if fullest else choices:
        for _ in range(_MOST_TRIES):
            made = await _values(ctx, model, mapper, values, chosen, refer)
            try:
                async with ctx.session.begin_nested():
                    row = model(**made)
                    ctx.session.add(row)
                    await ctx.session.flush()
            except DBAPIError as error:
                refused[" ".join(str(error.orig).split())] = None
                if not several and not _collides(error):
                    break
            else:
                return row
    raise RowRefused(
        f"{model.__tablename__} takes no invented row: {'; '.join(refused)}"
        f" - make it with values of your own; for the contract suite give fill=, a function that fills the tables"
    ) from None


def _collides(error: DBAPIError) -> bool:
    """Whether another row stands in the way, so that the next number may fit."""
    return any(word in str(error.orig).lower() for word in ("unique", "exclusion"))


async def _values(
    ctx: Ctx, model: type[Any], mapper: Mapper[Any], given: Mapping[str, Any], chosen: Sequence[str], refer: Refer
) -> dict[str, Any]:
    number = await _next_number(ctx, model)
    made = dict(given)
    for constraint, target in references(mapper):
        local = {key.parent.name: key.column for key in constraint.elements if key.parent.name != "tenant_id"}
        names = [mapper.get_property_by_column(mapper.local_table.c[column]).key for column in local]
        optional = all(mapper.local_table.c[column].nullable for column in local)
        if any(name in made for name in names) or (optional and not set(names) & set(chosen)):
            continue
        if target is model:
            raise RowRefused(f"{model.__tablename__}: {', '.join(names)} must point to another row of the same table")
        row = await refer(target)
        for name, column in zip(names, local.values(), strict=True):
            made[name] = getattr(row, sa.inspect(target).get_property_by_column(column).key)
    for attribute in mapper.column_attrs:
        column = attribute.columns[0]
        if attribute.key in made or not isinstance(column, sa.Column) or not _needed(model, column):
            continue
        made[attribute.key] = invented(model, column, attribute.key, number, ctx)
    return made


def _needed(model: type[Any], column: sa.Column[Any]) -> bool:
    if column.name == "tenant_id" or column.nullable or column.default is not None:
        return False
    if column.server_default is not None or column.computed is not None:
        return False
    return not (issubclass(model, Timestamps) and column.name in ("created_at", "updated_at"))


def references(mapper: Mapper[Any]) -> Iterator[tuple[sa.ForeignKeyConstraint, type[Any]]]:
    """Foreign keys of a model inside the town, each with the model it points to; those to the town itself left out."""
    by_table = {found.local_table: found.class_ for found in Base.registry.mappers}
    table = mapper.local_table
    constraints = table.foreign_key_constraints if isinstance(table, sa.Table) else set[sa.ForeignKeyConstraint]()
    for constraint in sorted(constraints, key=lambda found: [key.parent.name for key in found.elements]):
        if {key.parent.name for key in constraint.elements} != {"tenant_id"}:
            yield constraint, by_table[constraint.referred_table]


def _choices(mapper: Mapper[Any], given: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Which optional references to set: none, each alone, all. "Either a room or a house" is met by one of them."""
    table = mapper.local_table
    optional = [
        mapper.get_property_by_column(table.c[key.parent.name]).key
        for constraint, target in references(mapper)
        for key in constraint.elements
        # An optional reference to the same table is a tree: its first row has none.
        if key.parent.name != "tenant_id" and key.parent.nullable and target is not mapper.class_
    ]
    free = [name for name in optional if name not in given]
    return [(), *((name,) for name in free), tuple(free)] if free else [()]


async def number_apart(ctx: Ctx, model: type[Any]) -> None:
    """Let the invented rows of a table that follow in this town differ from those of every other town, too."""
    numbers = _numbers.setdefault(ctx.platform, {})
    table = str(model.__tablename__)
    there = await ctx.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    numbers[ctx.tenant.id, table] = max(there, *(number for (_, name), number in numbers.items() if name == table), 0)


async def _next_number(ctx: Ctx, model: type[Any]) -> int:
    """Numbers the rows of a table in a town, also where some were there before."""
    numbers = _numbers.setdefault(ctx.platform, {})
    key = (ctx.tenant.id, str(model.__tablename__))
    if key not in numbers:
        numbers[key] = await ctx.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    numbers[key] += 1
    return numbers[key]
