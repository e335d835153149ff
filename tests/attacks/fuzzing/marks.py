"""Rows with marks: every text of a town says whose it is, so that one glance at an answer tells a leak."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import sqlalchemy as sa

import regiohub_health_directory.models as health
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.indicators.models import Figure, Indicator, Objective
from regiohub.tenancy.models import Measure
from regiohub.testing.world import World

sys.path.insert(0, str(Path(__file__).parents[2] / "graphql" / "oracle"))

from oracle_data import MODELS, TOUCHES, TOWNS, fill_towns

_LINKS = ("url", "link", "website", "href")
PUBLIC = (Measure, Objective, Indicator, Figure)
_SHORTEST = 40
"""Columns that hold fewer characters are codes, not texts."""


def mark(slug: str) -> str:
    """What stands in the texts of a town and nowhere else."""
    return f"mark-of-{slug}-"


async def fill_with_marks(world: World) -> int:
    """Fill both towns by chance and mark their texts; returns how many values carry a mark."""
    await fill_towns(world)
    marked = 0
    for slug in TOWNS:
        async with world.scope(slug).write() as ctx:
            for model in MODELS:
                table: Any = model.__table__
                for column in table.columns:
                    if _is_free(table, column):
                        text = sa.literal(mark(slug)).concat(sa.func.substr(column, 1, _room(column)))
                        if column.name.endswith(_LINKS):
                            text = sa.literal(f"https://example.org/{mark(slug)}")
                        done: Any = await ctx.session.execute(
                            sa.update(model).where(column.is_not(None)).values({column.key: text}),
                            execution_options={"synchronize_session": False},
                        )
                        marked += done.rowcount
            await _sound_places(ctx)
    return marked


async def unmark_what_is_public(world: World, slug: str) -> None:
    """Take the marks off what the region shows of every town, shared or not: its measures and their goals."""
    async with world.scope(slug).write() as ctx:
        for model in PUBLIC:
            table: Any = model.__table__
            for column in table.columns:
                if _is_free(table, column):
                    await ctx.session.execute(
                        sa.update(model).values({column.key: sa.func.replace(column, mark(slug), "public-")}),
                        execution_options={"synchronize_session": False},
                    )


async def _sound_places(ctx: Ctx) -> None:
    """Where the rows of chance hold what no service would let in, and no page has to expect."""
    point = {"type": "Point", "coordinates": list(ctx.tenant.centre)}
    await ctx.session.execute(
        sa.update(health.Location).values(place=point), execution_options={"synchronize_session": False}
    )


def _is_free(table: sa.Table, column: sa.Column[Any]) -> bool:
    """Whether any text may stand there: no enum, no code, no key, nothing that the filling had to think about."""
    kind = column.type
    if type(kind) not in (sa.String, sa.Text) or f"{table.name}.{column.name}" in TOUCHES:
        return False
    length = getattr(kind, "length", None)
    return (length is None or length >= _SHORTEST) and not column.primary_key


def _room(column: sa.Column[Any]) -> int:
    length = getattr(column.type, "length", None)
    return (length or 10_000) - len(mark("bad-belzig"))


async def identifiers(world: World) -> list[str]:
    """Identifiers of rows of both towns: of each table some, those of one town only among them."""
    found: dict[str, None] = {}
    for slug in TOWNS:
        async with world.scope(slug).read() as ctx:
            for model in MODELS:
                column: Any = getattr(model, "id", None)
                if column is not None:
                    ids = (await ctx.session.scalars(sa.select(column).order_by(column).limit(200))).all()
                    found.update((str(id_), None) for id_ in (*ids[:2], *ids[-2:]))
    return list(found)
