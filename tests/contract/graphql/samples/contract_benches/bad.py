"""The sample with one fault each. What is done here is what authors do when they mean well."""

from __future__ import annotations

import enum
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from sqlalchemy import func, select, update

from regiohub.api import (
    PUBLIC,
    Conflict,
    Connection,
    Ctx,
    Forbidden,
    GraphQLPart,
    NotFound,
    Permission,
    bound,
    column,
    field,
    many,
    mutation,
    query,
    t,
)

from . import graphql, service
from .models import Bench, Park, Report
from .plugin import made


def _mutations(*more: Any) -> GraphQLPart:
    return GraphQLPart(query=graphql.BenchesQuery, mutations=(*graphql.MUTATIONS, *more))


@asynccontextmanager
async def _elsewhere(ctx: Ctx, bench_id: UUID) -> AsyncGenerator[Any]:
    """The scope of another town that has this bench, or None."""
    for town in ctx.platform.tenants.all():
        if town.id != ctx.tenant.id:
            scope = ctx.platform.scope(town)
            async with scope.read() as other:
                if await other.session.find(Bench, bench_id) is not None:
                    yield scope
                    return
    yield None


@query
class EverywhereQuery:
    """Reads through every town's own door."""

    @field("Names of benches.")
    @staticmethod
    async def names(ctx: Ctx) -> list[str]:
        """Of all towns."""
        found: list[str] = []
        for town in ctx.platform.tenants.all():
            async with ctx.platform.scope(town).read() as other:
                found += await other.session.scalars(select(Bench.name).order_by(Bench.name))
        return found


everywhere = made(GraphQLPart(query=EverywhereQuery))
NAMES: list[str] = []
"""What the sample remembers."""


@query
class RememberingQuery:
    """Keeps what it has read."""

    @field("Names of benches.")
    @staticmethod
    async def names(ctx: Ctx) -> list[str]:
        """Of whoever asked first."""
        if not NAMES:
            NAMES.extend(await ctx.session.scalars(select(Bench.name).order_by(Bench.name)))
        return list(NAMES)


remembering = made(GraphQLPart(query=RememberingQuery))


@query
class PeepingRegionQuery:
    """Shows the region what nobody shares."""

    @field("Number of benches.")
    @staticmethod
    async def number(ctx: Ctx) -> int:
        """Of all towns."""
        found = 0
        for town in ctx.platform.tenants.all():
            async with ctx.platform.scope(town).read() as other:
                found += await other.session.scalar(select(func.count(Bench.id))) or 0
        return found


peeping = made(graphql.PART, GraphQLPart(query=PeepingRegionQuery))


@mutation("Fetches a bench.", permission=PUBLIC)
async def fetch_bench(ctx: Ctx, id: UUID) -> None:
    """Tells whose it is."""
    async with _elsewhere(ctx, id) as scope:
        raise Forbidden if scope is not None else NotFound(field="id")


telling = made(_mutations(fetch_bench))


@query
class VisitingQuery:
    """Changes what it only should read, elsewhere."""

    @field("Visits a bench.", args={"id": "Which."})
    @staticmethod
    async def visit(ctx: Ctx, id: UUID) -> bool:
        """Leaves a note there."""
        async with _elsewhere(ctx, id) as scope:
            found = scope
        if found is not None:
            async with found.write() as other:
                words = func.coalesce(Bench.note, "") + "x"
                await other.session.execute(update(Bench).where(Bench.id == id).values(note=words))
        return False


visiting = made(GraphQLPart(query=VisitingQuery))


@mutation("Renames all benches.", permission=service.MANAGE, args={"name": "New name."})
async def rename_all(ctx: Ctx, name: str) -> None:
    """Trusts that nobody else calls it."""
    for bench in await ctx.session.scalars(select(Bench)):
        bench.name = name


trusting = made(_mutations(rename_all))


@mutation("Paints a bench.", permission=PUBLIC)
async def paint_bench(ctx: Ctx, id: UUID) -> None:
    """Says that it is for everybody, and is not."""
    ctx.require(service.MANAGE)
    await service.find_bench(ctx, id)


promising = made(_mutations(paint_bench))


@mutation("Breaks a bench.", permission=PUBLIC)
async def break_bench(ctx: Ctx, id: UUID) -> None:
    """Has a fault."""
    bench = await service.find_bench(ctx, id)
    raise ValueError(f"secret of {bench.name}")


raising = made(_mutations(break_bench))


class Lost(Conflict):
    """Its code is no code."""

    code = "lost it"


@mutation("Loses a bench.", permission=PUBLIC)
async def lose_bench(ctx: Ctx, id: UUID) -> None:
    """Says nothing that helps."""
    await service.find_bench(ctx, id)
    raise Lost(t("Weg.", "Lost."), field="the bench")


mumbling = made(_mutations(lose_bench))


@mutation("Needs nothing.", permission=cast(Any, None))
async def need_nothing(ctx: Ctx) -> None:
    """Forgets the permission."""


@mutation("Needs what nobody has.", permission=Permission("benches.nobody", t("Niemand", "Nobody")))
async def need_nobody(ctx: Ctx) -> None:
    """Names a permission that the manifest does not know."""


@bound(Report)
class OpenReportType:
    """A report, for everybody."""

    words: str = column("What it says.")


@query
class OpenQuery:
    """Shows reports."""

    reports: Connection[OpenReportType] = many("Reports.")


open_ = made(GraphQLPart(query=OpenQuery, mutations=(need_nothing, need_nobody)))


@bound(Bench)
class CountingBenchType:
    """A bench."""

    name: str = column("Name.")

    @field("Number of reports.")
    @staticmethod
    async def reports(row: Bench, ctx: Ctx) -> int:
        """Asks the database for each bench."""
        return await ctx.session.scalar(select(func.count(Report.id)).where(Report.bench_id == row.id)) or 0


@bound(Park)
class CountingParkType:
    """A park."""

    slug: str = column("Short name.")


@query
class CountingQuery:
    """Counts."""

    benches: Connection[CountingBenchType] = many("Benches.", order_by=Bench.name)
    parks: Connection[CountingParkType] = many("Parks.", order_by=Park.slug)


counting = made(GraphQLPart(query=CountingQuery))


class Colour(enum.Enum):
    """A colour."""

    GREEN = "green"


@query
class WordlessQuery:
    """Says nothing."""

    @field("")
    @staticmethod
    async def colour(dark: bool) -> Colour:
        """Fixed."""
        return Colour.GREEN


wordless = made(GraphQLPart(query=WordlessQuery))


@mutation("Adds a bench otherwise.", permission=PUBLIC)
async def add_bench(ctx: Ctx) -> None:
    """Has the name of another plugin's mutation."""


stealing = made(replace(graphql.PART, query=None, mutations=(add_bench,)), id="thief")
