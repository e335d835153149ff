"""The rules of the sample."""

from __future__ import annotations

from uuid import UUID

from regiohub.api import Conflict, Ctx, InvalidInput, NotFound, Permission, t

from .models import Bench, Park, Report

MANAGE = Permission("benches.manage", t("Bänke pflegen", "Keep the benches"), roles=("editor",))


class BenchGone(Conflict):
    """The bench has been taken away."""

    code = "BENCH_GONE"


async def add_bench(ctx: Ctx, park_id: UUID, name: str) -> Bench:
    """A bench in a park."""
    ctx.require(MANAGE)
    if not name.strip():
        raise InvalidInput(t("Die Bank braucht einen Namen.", "The bench needs a name."), field="name")
    if await ctx.session.find(Park, park_id) is None:
        raise NotFound(field="parkId")
    bench = Bench(park_id=park_id, name=name, note=None)
    ctx.session.add(bench)
    await ctx.session.flush()
    return bench


async def rename_bench(ctx: Ctx, bench_id: UUID, name: str) -> Bench:
    """Another name."""
    ctx.require(MANAGE)
    bench = await find_bench(ctx, bench_id)
    bench.name = name
    return bench


async def report_bench(ctx: Ctx, bench_id: UUID, words: str) -> None:
    """A resident's report."""
    person = ctx.require_person()
    await find_bench(ctx, bench_id)
    ctx.session.add(Report(bench_id=bench_id, subject=str(person.subject), words=words))


async def find_bench(ctx: Ctx, bench_id: UUID) -> Bench:
    """A bench of the town. Raises NotFound."""
    bench = await ctx.session.find(Bench, bench_id)
    if bench is None:
        raise NotFound(field="id")
    return bench


async def withdraw_report(ctx: Ctx, report_id: UUID) -> None:
    """Only one's own; that of somebody else is like none, and nobody has any without a token."""
    report = await ctx.session.find(Report, report_id)
    if report is None or report.subject != ctx.principal.subject:
        raise NotFound(field="id")
    await ctx.session.delete(report)
