"""Rows for every table of a plugin, made from its models."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from regiohub.db.base import TenantTable
from regiohub.tenancy.context import Ctx, TenantScope
from regiohub.testing.factories import add_row, number_apart, references

from .case import Fill


def fill_tables(plugin: str) -> Fill:
    """Fills the tables of a plugin with rows that its models allow, references first.

    References are spread over the rows that are there. Tables with rules that a machine cannot guess need a function
    of the plugin's own (`contract(…, fill=…)`); the error says which.
    """

    async def fill(scope: TenantScope, rows: int) -> None:
        models = scope.platform.plugins.healthy[plugin].models
        async with scope.write() as ctx:
            filling = Filling(ctx, rows)
            for model in models:
                if issubclass(model, TenantTable):
                    await filling.rows_of(model)

    return fill


class Filling:
    """One town being filled."""

    def __init__(self, ctx: Ctx, rows: int) -> None:
        self._ctx, self._rows = ctx, rows
        self._made: dict[type[Any], list[Any]] = {}
        self._turns: dict[type[Any], int] = {}

    async def rows_of(self, model: type[Any]) -> list[Any]:
        """Rows of a model, added up to the number wanted; a table with one row per town gets that one."""
        known = self._made.get(model)
        if known is not None:
            return known
        found = self._made[model] = list((await self._ctx.session.scalars(sa.select(model))).all())
        mapper = sa.inspect(model)
        # A text of one town that shows in another must be known for what it is.
        await number_apart(self._ctx, model)
        wanted = 1 if [column.name for column in mapper.primary_key] == ["tenant_id"] else self._rows
        for _, target in references(mapper):
            if target is not model:
                await self.rows_of(target)
        while len(found) < wanted:
            found.append(await add_row(self._ctx, model, {}, self._refer, fullest=True))
        return found

    async def _refer(self, target: type[Any]) -> Any:
        """The rows of the target in turn; each round begins one further, so that pairs of them differ."""
        rows = await self.rows_of(target)
        if not rows:
            # Two tables that point to each other: the first row of the one has to do without the other.
            rows.append(await add_row(self._ctx, target, {}, self._refer))
        turn = self._turns[target] = self._turns.get(target, -1) + 1
        return rows[(turn + turn // len(rows)) % len(rows)]
