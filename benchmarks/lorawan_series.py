"""Loading history and drawing a chart, as ratios to hand-written SQL, in one run.

Backfill: rows per second through the service (repeatable: insert or correct, newest values, rollup marks), first time
and again, against the same rows by one bare statement per batch into a table without rules. Chart: hourly means of
30 days of one series in a table of many, through the GraphQL API and through the service, against one GROUP BY.

python benchmarks/lorawan_series.py [--postgresql] [--rows 1000000]
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from regiohub.api import Ctx, TenantScope
from regiohub.testing.databases import Address, PostgresTemplate, SqliteTemplate, prepare
from regiohub.testing.services.postgresql import postgresql
from regiohub.testing.world import START, World, open_world
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.service import backfill, reading
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.store.batch import source
from regiohub_lorawan.store.observations import HOUR_MS, Point, ensure_month
from regiohub_lorawan.testing import Sensor, register

SPAN, BATCH = timedelta(days=365), 5_000
CHART = """query ($id: ID!, $from: DateTime!, $to: DateTime!) {
  lorawan { datastream(id: $id) {
    aggregates(step: HOUR, from: $from, to: $to) { startsAt mean minimum maximum } } } }"""


def points(sensor: Sensor, rows: int) -> Iterator[Point]:
    """Five-minute values: the sensor's own series for 30 days and more, then others until there are enough rows."""
    per_series = min(rows, 105_120)
    start = to_millis(START - SPAN)
    for number in range(rows):
        series, step = divmod(number, per_series)
        yield Point(sensor.temperature.series + series * 10, start + step * 300_000, number % 300 / 10)


async def by_hand(scope: TenantScope, rows: list[Point]) -> float:
    """Rows per second of the barest repeatable insert."""

    async def create(ctx: Ctx) -> None:
        if ctx.session.dialect == "sqlite":
            await ctx.session.sql("DELETE FROM lorawan_observation WHERE tenant_id = :tenant_id")
        else:
            for month in sorted({f"{from_millis(p.ts):%Y-%m}": from_millis(p.ts) for p in rows[::100]}.values()):
                await ensure_month(ctx.session, month)

    async def write(ctx: Ctx, batch: list[Point]) -> None:
        columns = {
            "series": ("int", [p.series for p in batch]),
            "ts": ("bigint", [p.ts for p in batch]),
            "value": ("double precision", [p.value for p in batch]),
        }
        target = "INSERT INTO lorawan_observation (tenant_id, series, ts, value, quality)"
        if ctx.session.dialect == "postgresql":
            table, parameters = source(ctx.session, columns)
            text = f"{target} SELECT :tenant_id, series, ts, value, 0 FROM {table} ON CONFLICT DO NOTHING"
            await ctx.session.sql(text, parameters)
        else:
            text = f"{target} VALUES (:tenant_id, :series, :ts, :value, 0) ON CONFLICT DO NOTHING"
            await ctx.session.sql(text, [{"series": p.series, "ts": p.ts, "value": p.value} for p in batch])

    await scope.run(create)
    start = time.perf_counter()
    for at in range(0, len(rows), BATCH):
        await scope.run(lambda ctx, batch=rows[at : at + BATCH]: write(ctx, batch))
    return len(rows) / (time.perf_counter() - start)


async def timed(rows: int, work: Awaitable[object]) -> float:
    """Rows per second."""
    start = time.perf_counter()
    await work
    return rows / (time.perf_counter() - start)


async def milliseconds(work: Callable[[], Awaitable[object]], times: int = 30) -> tuple[float, float]:
    """Median and 95th percentile."""
    found: list[float] = []
    for _ in range(times):
        start = time.perf_counter()
        await work()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found), statistics.quantiles(found, n=20)[18]


async def chart(world: World, sensor: Sensor, start: datetime, stop: datetime) -> None:
    """The 30-day chart three ways."""
    series = sensor.temperature.series

    async def grouped() -> None:
        async with sensor.scope.read() as ctx:
            result = await ctx.session.sql(
                f"SELECT ts - ts % {HOUR_MS} AS bucket, avg(value) FROM lorawan_observation"
                " WHERE tenant_id = :tenant_id AND series = :series AND ts >= :start AND ts < :stop AND quality = 0"
                " GROUP BY 1 ORDER BY 1",
                {"series": series, "start": to_millis(start), "stop": to_millis(stop)},
            )
            assert len(result.all()) == 720

    async def service() -> None:
        async with sensor.scope.read() as ctx:
            assert len(await reading.aggregates(ctx, series, Step.HOUR, start, stop)) == 720

    async def api() -> None:
        variables = {"id": str(sensor.temperature.id), "from": start.isoformat(), "to": stop.isoformat()}
        answer = await world.graphql("potsdam", CHART, variables)
        assert len(answer.data["lorawan"]["datastream"]["aggregates"]) == 720

    base, _ = await milliseconds(grouped)
    for name, work in (("one GROUP BY over the values", grouped), ("service, from rollups", service), ("API", api)):
        median, p95 = await milliseconds(work)
        print(f"{world.dialect:10} 30-day chart, {name:28} {median:8.1f} ms  p95 {p95:6.1f} ms  {median / base:.2f}")


async def run(address: Address, folder: Path, number: int) -> None:
    """All measurements on one database."""
    async with open_world(address, folder) as world:
        sensor = await register(world.scope("potsdam"))
        rows = list(points(sensor, number))
        # Partitions and caches are warm before either side is measured.
        await backfill.load(sensor.scope, rows[::5000])
        hand = await by_hand(sensor.scope, rows[: number // 5])
        part = rows[number // 5 : 2 * number // 5]
        for name, speed in (
            ("by hand, no newest value, no marks", hand),
            ("ours, first time", await timed(len(part), backfill.load(sensor.scope, part))),
            ("ours, the same rows again", await timed(len(part), backfill.load(sensor.scope, part))),
        ):
            print(f"{world.dialect:10} backfill {name:36} {speed:9.0f} rows/s   {speed / hand:.2f}")
        await backfill.load(sensor.scope, rows)
        start = time.perf_counter()
        hours = await roll_up(sensor.scope)
        print(f"{world.dialect:10} rollups of {number} rows: {hours / (time.perf_counter() - start):.0f} hours/s")
        begin = START - SPAN + timedelta(days=30)
        await chart(world, sensor, begin, begin + timedelta(days=30))


def main() -> None:
    """Prepare a database of its own, then run."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--rows", type=int, default=1_000_000)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        template: PostgresTemplate | SqliteTemplate
        if options.postgresql:
            template = PostgresTemplate(stack.enter_context(postgresql()))
            asyncio.run(template.create())
        else:
            template = SqliteTemplate(folder)
        asyncio.run(prepare(template.address, folder / "prepared"))
        with template.copy(folder) as address:
            asyncio.run(run(address, folder / "data", options.rows))


if __name__ == "__main__":
    main()
