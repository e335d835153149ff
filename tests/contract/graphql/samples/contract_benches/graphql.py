"""The sound GraphQL part."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from regiohub.api import (
    PUBLIC,
    SIGNED_IN,
    Connection,
    Ctx,
    GraphQLPart,
    bound,
    column,
    many,
    mutation,
    one,
    query,
    region_many,
    to_many,
    to_one,
)

from . import service
from .models import Bench, Park, Report


def own(ctx: Ctx) -> Any:
    """A person's own reports; staff see all."""
    return None if ctx.can(service.MANAGE) else Report.subject == ctx.principal.subject


@bound(Park)
class ParkType:
    """A park."""

    id: UUID = column("Identifier.")
    slug: str = column("Short name.")
    benches: Connection[BenchType] = to_many("Its benches.", Park.benches, order_by=Bench.name)


@bound(Bench)
class BenchType:
    """A bench."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    note: str | None = column("For staff.", permission=service.MANAGE)
    park: ParkType = to_one("Where it stands.", Bench.park)


@bound(Report, rows=own)
class ReportType:
    """A report."""

    id: UUID = column("Identifier.")
    words: str = column("What it says.")


@query
class BenchesQuery:
    """Benches of a town."""

    parks: Connection[ParkType] = many("Parks.", order_by=Park.slug)
    park: ParkType | None = one("One park.")
    park_named: ParkType | None = one("One park by its short name.", by=Park.slug)
    benches: Connection[BenchType] = many("Benches.", order_by=Bench.name)
    bench: BenchType | None = one("One bench.")
    reports: Connection[ReportType] | None = many("Reports.", permission=SIGNED_IN)


@query
class RegionBenchesQuery:
    """Benches of the towns that share them."""

    benches: Connection[BenchType] = region_many("Benches.", dataset="benches.benches", order_by=Bench.name)


@mutation("Adds a bench.", permission=service.MANAGE, returns="bench", args={"park_id": "Where.", "name": "Name."})
async def add_bench(ctx: Ctx, park_id: UUID, name: str) -> BenchType:
    """For staff."""
    return await service.add_bench(ctx, park_id, name)  # type: ignore[return-value]


@mutation("Renames a bench.", permission=service.MANAGE, returns="bench", args={"name": "New name."})
async def rename_bench(ctx: Ctx, id: UUID, name: str) -> BenchType:
    """For staff."""
    return await service.rename_bench(ctx, id, name)  # type: ignore[return-value]


@mutation("Reports a bench.", permission=SIGNED_IN, args={"words": "What is wrong."})
async def report_bench(ctx: Ctx, id: UUID, words: str) -> None:
    """For residents."""
    await service.report_bench(ctx, id, words)


@mutation("Sits down.", permission=PUBLIC, returns="name")
async def sit_down(ctx: Ctx, id: UUID) -> str:
    """For everybody."""
    return (await service.find_bench(ctx, id)).name


@mutation("Takes a report back.", permission=SIGNED_IN)
async def withdraw_report(ctx: Ctx, id: UUID) -> None:
    """For who has made it."""
    await service.withdraw_report(ctx, id)


MUTATIONS = (add_bench, rename_bench, report_bench, sit_down, withdraw_report)
PART = GraphQLPart(query=BenchesQuery, mutations=MUTATIONS)
REGION = GraphQLPart(query=RegionBenchesQuery)
