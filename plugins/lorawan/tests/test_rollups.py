"""Rollups: equal to what the observations say, at any moment, whatever came late."""

import asyncio
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from regiohub.api import Ctx, TenantScope
from regiohub.testing import World
from regiohub_lorawan.models import DirtyHour, Rollup
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.service import backfill, reading
from regiohub_lorawan.service.rollups import day_of, roll_up
from regiohub_lorawan.store import observations
from regiohub_lorawan.store.observations import HOUR_MS, Point
from regiohub_lorawan.testing import Sensor

BERLIN = ZoneInfo("Europe/Berlin")


def expected(points: list[Point], step: Step) -> list[tuple[datetime, int, float, float, float, float]]:
    """The same by hand: last one wins per moment, implausible ones left out."""
    kept = {point.ts: point for point in points}
    buckets: dict[int, list[Point]] = defaultdict(list)
    for point in sorted(kept.values()):
        if point.quality == 0:
            start = point.ts - point.ts % HOUR_MS if step is Step.HOUR else day_of(point.ts, BERLIN)[0]
            buckets[start].append(point)
    rows: list[tuple[datetime, int, float, float, float, float]] = []
    for start, group in sorted(buckets.items()):
        values = [point.value for point in group]
        mean = round(sum(values) / len(values), 6)
        rows.append((from_millis(start), len(values), mean, min(values), max(values), values[-1]))
    return rows


async def found(scope: TenantScope, series: int, step: Step) -> list[tuple[datetime, int, float, float, float, float]]:
    start, stop = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    async with scope.read() as ctx:
        rows = await reading.aggregates(ctx, series, step, start, stop)
    return [(r.starts_at, r.count, round(r.mean, 6), r.minimum, r.maximum, r.last) for r in rows]


def some_points(series: int, seed: int, count: int) -> list[Point]:
    random_ = random.Random(seed)
    base = to_millis(datetime(2026, 3, 27, tzinfo=UTC))  # the clocks change in the night of 29 March
    moments = random_.sample(range(5 * 24 * 60), count)
    return [
        Point(series, base + m * 60_000, random_.randint(-50, 500) / 10, int(random_.random() < 0.1)) for m in moments
    ]


async def test_rollups_are_right_before_during_and_after_the_job_in_any_order_of_arrival(
    world: World, sensor: Sensor
) -> None:
    series, points = sensor.temperature.series, some_points(sensor.temperature.series, 1, 300)
    seen: list[Point] = []
    for start in range(0, 300, 60):
        part = points[start : start + 60]
        await backfill.load(sensor.scope, part)
        seen += part
        for step in Step:
            assert await found(sensor.scope, series, step) == expected(seen, step), "while hours are dirty"
        await roll_up(sensor.scope)
        for step in Step:
            assert await found(sensor.scope, series, step) == expected(seen, step), "after the job"


async def test_loading_again_and_correcting_values_keeps_rollups_right(world: World, sensor: Sensor) -> None:
    series, points = sensor.temperature.series, some_points(sensor.temperature.series, 2, 100)
    await backfill.load_and_roll_up(sensor.scope, points)
    await backfill.load_and_roll_up(sensor.scope, reversed(points))
    assert await found(sensor.scope, series, Step.DAY) == expected(points, Step.DAY)
    changed = [Point(p.series, p.ts, p.value + 1, 1 - p.quality) for p in points[:50]]
    await backfill.load(sensor.scope, changed)
    for step in Step:
        assert await found(sensor.scope, series, step) == expected(points + changed, step)
    await roll_up(sensor.scope)
    for step in Step:
        assert await found(sensor.scope, series, step) == expected(points + changed, step)


async def test_hour_that_loses_all_good_values_loses_its_rollup(world: World, sensor: Sensor) -> None:
    point = some_points(sensor.temperature.series, 3, 1)[0]
    await backfill.load_and_roll_up(sensor.scope, [Point(point.series, point.ts, 1.0, 0)])
    await backfill.load_and_roll_up(sensor.scope, [Point(point.series, point.ts, 1.0, 1)])
    async with sensor.scope.read() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(Rollup)) == 0


async def test_days_have_23_and_25_hours_when_the_clocks_change() -> None:
    for day, hours in ((datetime(2026, 3, 29, 12, tzinfo=UTC), 23), (datetime(2026, 10, 25, 12, tzinfo=UTC), 25)):
        start, stop = day_of(to_millis(day), BERLIN)
        assert stop - start == hours * HOUR_MS
        assert from_millis(start).astimezone(BERLIN).hour == 0


async def test_mark_set_while_the_job_runs_is_not_lost(world: World, sensor: Sensor) -> None:
    """The job takes the marks, then a value of the same hour is written: its mark must survive."""
    point = some_points(sensor.temperature.series, 4, 1)[0]
    point = Point(point.series, point.ts - point.ts % HOUR_MS, 1.0)
    await backfill.load(sensor.scope, [point])
    later = [Point(point.series, point.ts + n * 1000, float(n)) for n in range(1, 60)]
    await asyncio.gather(
        roll_up(sensor.scope), *(backfill.load(sensor.scope, [p]) for p in later), roll_up(sensor.scope)
    )
    assert await found(sensor.scope, point.series, Step.HOUR) == expected([point, *later], Step.HOUR)
    await roll_up(sensor.scope)
    assert await found(sensor.scope, point.series, Step.HOUR) == expected([point, *later], Step.HOUR)
    async with sensor.scope.read() as ctx:
        assert await ctx.session.scalar(select(func.count()).select_from(DirtyHour)) == 0


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(-9, 9), st.booleans()), max_size=40), st.randoms())
def test_any_points_in_any_order_give_the_rollups_of_their_set(
    sqlite_rollup_world: "Runner", drawn: list[tuple[int, int, bool]], shuffler: random.Random
) -> None:
    sqlite_rollup_world.check(drawn, shuffler)


class Runner:
    """Runs one example at a time in a world that is opened once."""

    def __init__(self, runner: asyncio.Runner, world: World, sensor: Sensor) -> None:
        self._runner, self._world, self._sensor, self._example = runner, world, sensor, 0

    def check(self, drawn: list[tuple[int, int, bool]], shuffler: random.Random) -> None:
        self._example += 1
        series = 1000 + self._example
        base = to_millis(datetime(2026, 2, 1, tzinfo=UTC))
        points = list({m: Point(series, base + m * 60_000, float(v), int(q)) for m, v, q in drawn}.values())
        shuffled = points + points
        shuffler.shuffle(shuffled)

        async def run() -> None:
            for point in shuffled[: len(points)]:
                await backfill.load(self._sensor.scope, [point])
            await roll_up(self._sensor.scope)
            await backfill.load(self._sensor.scope, shuffled[len(points) :])
            for step in Step:
                assert await found(self._sensor.scope, series, step) == expected(points, step)

        self._runner.run(run())


@pytest.fixture
def sqlite_rollup_world(sqlite_template: object, tmp_path: object) -> object:
    from pathlib import Path

    from regiohub.testing.databases import SqliteTemplate
    from regiohub.testing.world import open_world
    from regiohub_lorawan.testing import register

    assert isinstance(sqlite_template, SqliteTemplate)
    assert isinstance(tmp_path, Path)
    with sqlite_template.copy(tmp_path) as address, asyncio.Runner() as runner:
        manager = open_world(address, tmp_path / "data")
        world = runner.run(manager.__aenter__())
        sensor = runner.run(register(world.scope("potsdam")))
        yield Runner(runner, world, sensor)
        runner.run(manager.__aexit__(None, None, None))


async def test_partitions_appear_for_any_month_and_nobody_else_can_read_them(world_postgresql: World) -> None:
    scope = world_postgresql.scope("potsdam")
    moments = [
        datetime(2001, 2, 3, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
    ]
    await backfill.load(scope, [Point(1, to_millis(at), 1.0) for at in moments])

    async def partitions(ctx: Ctx) -> list[str]:
        rows = await ctx.session.sql(
            "SELECT c.relname, CAST(:tenant_id AS int) AS tenant_id FROM pg_inherits i"
            " JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = 'lorawan_observation'::regclass AND c.relrowsecurity AND c.relforcerowsecurity"
            " ORDER BY 1"
        )
        return [row[0] for row in rows.all()]

    async with scope.read() as ctx:
        assert await partitions(ctx) == [f"lorawan_observation_{m}" for m in ("2001_02", "2026_12", "2027_01")]
    from sqlalchemy.exc import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        async with scope.read() as ctx:
            await ctx.session.sql("SELECT count(*) FROM lorawan_observation_2026_12 WHERE tenant_id = :tenant_id")


async def test_same_month_asked_for_by_many_at_once_is_made_once(world_postgresql: World) -> None:
    scope = world_postgresql.scope("potsdam")
    month = datetime(2026, 1, 1, tzinfo=UTC)
    await asyncio.gather(*(scope.run(lambda ctx: observations.ensure_month(ctx.session, month)) for _ in range(8)))


async def test_span_is_aligned_to_whole_intervals(world_sqlite: World) -> None:
    scope = world_sqlite.scope("potsdam")
    at = datetime(2026, 2, 1, 10, 20, tzinfo=UTC)
    await backfill.load(scope, [Point(5, to_millis(at), 3.0)])
    async with scope.read() as ctx:
        hour = await reading.aggregates(ctx, 5, Step.HOUR, at + timedelta(minutes=5), at + timedelta(minutes=9))
        day = await reading.aggregates(ctx, 5, Step.DAY, at + timedelta(hours=1), at + timedelta(hours=2))
    assert [item.count for item in (*hour, *day)] == [1, 1]
