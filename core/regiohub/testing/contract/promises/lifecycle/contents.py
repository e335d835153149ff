"""What stands in a plugin's tables in one town, to be compared before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from regiohub.testing.contract.case import Case
from regiohub.testing.world import World

Contents = Mapping[str, Counter[str]]
"""By table: each row as text, with how often it is there."""


async def contents(world: World, case: Case, slug: str) -> Contents:
    """All rows of the plugin in a town."""
    found: dict[str, Counter[str]] = {}
    async with world.scope(slug).read() as ctx:
        for model in case.plugin.models:
            # As the database stores them: a demo may have a hundred thousand rows.
            columns = ", ".join(f'"{column.name}"' for column in model.__table__.columns)
            text = f"SELECT {columns} FROM {model.__tablename__} WHERE tenant_id = :tenant_id"  # noqa: S608 - names of models
            found[model.__tablename__] = Counter(map(repr, await ctx.session.sql(text)))
    return found


async def keys(world: World, case: Case, slug: str) -> list[str]:
    """The identifiers of a town's rows, one table after the other."""
    found: list[str] = []
    async with world.scope(slug).read() as ctx:
        for model in case.plugin.models:
            column: Any = getattr(model, "id", None)
            if column is not None:
                found += [str(key) for key in await ctx.session.scalars(sa.select(column).order_by(column).limit(3))]
    return found


def changes(before: Contents, after: Contents) -> Iterator[str]:
    """Tables that differ, each with what has become of its rows."""
    for table, rows in after.items():
        more, less = (rows - before[table]).total(), (before[table] - rows).total()
        if more or less:
            yield f"{table} ({more} rows new or changed, {less} gone or as they were before)"
