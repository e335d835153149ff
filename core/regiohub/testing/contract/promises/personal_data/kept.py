"""Whether exactly that goes whose time has passed: rows are made old and young, and compared with what is left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from regiohub.errors import DomainError
from regiohub.plugins.data import DataCategory, empty_value
from regiohub.plugins.expiry import counts_time
from regiohub.privacy.retention import apply_retention
from regiohub.privacy.retention.keepers import Keeper, keepers_in
from regiohub.privacy.retention.rules import Rule
from regiohub.tenancy.context import Ctx
from regiohub.testing.contract.case import Case
from regiohub.testing.world import World

from .aging import Aged, Oracle
from .people import HERE, THERE, Row, Tables

Contents = Mapping[str, list[Row]]


async def kept_faults(case: Case) -> list[str]:
    """Faults of the declarations, then what the daily deletion leaves or takes wrongly in one town."""
    faults = [fault for one in case.plugin.data_categories for fault in _uncountable(one)]
    if faults or not any(one.retention or one.expiries for one in case.plugin.data_categories):
        return faults
    tables = Tables(case.plugin)
    async with case.filled(4) as world:
        async with world.scope(HERE).read() as ctx:
            keeper = _keeper(ctx, case.id)
        await _age(world, tables, keeper)
        before, there = await _contents(world, tables, HERE), await _contents(world, tables, THERE)
        try:
            await apply_retention(world.scope(HERE), batch=2)
        except (DBAPIError, DomainError) as error:
            return [f"the deletion fails: {' '.join(str(getattr(error, 'orig', error)).split())}"]
        after = await _contents(world, tables, HERE)
        oracle = Oracle(tables, keeper.rules, before)
        faults += [*_left(tables, oracle, after), *_taken(tables, oracle, before, after)]
        if await _contents(world, tables, THERE) != there:
            faults.append("rows of another town have changed")
        return faults


def _uncountable(category: DataCategory) -> Iterator[str]:
    counted = any(one.counted_from for one in category.people) or category.expiries
    if category.retention is not None and not counted:
        yield f"data category {category.id} says how long it is kept and not from when: nothing of it ever goes"


def _keeper(ctx: Ctx, plugin: str) -> Keeper:
    return next(one for one in keepers_in(ctx) if one.id == plugin)


async def _contents(world: World, tables: Tables, slug: str) -> dict[str, list[Row]]:
    async with world.scope(slug).read() as ctx:
        return await tables.everything(ctx)


async def _age(world: World, tables: Tables, keeper: Keeper) -> None:
    """Make every second row of each table just too old for its longest time, and the others just not old enough."""
    longest: dict[str, Rule] = {}
    for rule in keeper.rules:
        known = longest.get(rule.table.name)
        if rule.counted_from and (known is None or rule.kept > known.kept):
            longest[rule.table.name] = rule
    for name, rule in longest.items():
        limit = keeper.rules.limit(rule)
        async with world.scope(HERE).read() as ctx:
            rows = await tables.rows(ctx, name)
        for number, row in enumerate(rows):
            steps = timedelta(days=number)
            target = limit.moment + steps if number % 2 else limit.moment - steps - timedelta(milliseconds=1)
            await _shift(world, tables, rule, row, Aged(target, world.tenant(HERE).timezone))


async def _shift(world: World, tables: Tables, rule: Rule, row: Row, aged: Aged) -> None:
    """Move all moments of a row together, since they belong together; a row whose table refuses that stays young."""
    values: dict[Any, Any] = {}
    begin = next((row[name] for name in rule.counted_from if row[name] is not None), None)
    for column in tables.table(rule.table.name).columns:
        if counts_time(column) and isinstance(row[column.name], date) and begin is not None:
            values[rule.attribute(column.name)] = aged.moved(row[column.name], begin)
        elif column.name in rule.unless and isinstance(column.type, sa.Enum) and column.type.enum_class is not None:
            free = [one for one in column.type.enum_class if str(one.value) not in map(str, rule.unless[column.name])]
            values[rule.attribute(column.name)] = free[0]
    if begin is None:
        first = rule.counted_from[0]
        values[rule.attribute(first)] = aged.value(isinstance(rule.table.columns[first].type, sa.Date))
    keys = [rule.attribute(c.name) == row[c.name] for c in rule.table.primary_key.columns]

    async def write(ctx: Ctx) -> None:
        statement = sa.update(rule.model).where(*keys).values(values)
        await ctx.session.execute(statement, execution_options={"synchronize_session": False})

    try:
        await world.scope(HERE).run(write)
    except DBAPIError:
        return


def _left(tables: Tables, oracle: Oracle, after: Contents) -> Iterator[str]:
    for name, rows in after.items():
        still = sum(tables.key(name, row) in oracle.deleted(name) for row in rows)
        if still:
            yield f"table {name}: {still} rows are there although their time has passed"
        for row in rows:
            for column in oracle.emptied(name, tables.key(name, row)):
                if row[column] != empty_value(tables.table(name).columns[column]):
                    yield f"table {name}: column {column} is not empty although its time has passed"


def _taken(tables: Tables, oracle: Oracle, before: Contents, after: Contents) -> Iterator[str]:
    for name, rows in before.items():
        left = {tables.key(name, row): row for row in after[name]}
        for row in rows:
            key = tables.key(name, row)
            if key in oracle.deleted(name) or oracle.goes_along(name, row):
                continue
            if key not in left:
                yield f"table {name}: a row is gone whose time has not passed"
                continue
            touched = {*oracle.emptied(name, key), "updated_at"}
            changed = sorted(c for c in row if c not in touched and row[c] != left[key][c])
            if not oracle.emptied(name, key) and row.get("updated_at") != left[key].get("updated_at"):
                changed.append("updated_at")
            if changed:
                yield f"table {name}: {', '.join(changed)} of a row changed whose time has not passed"
