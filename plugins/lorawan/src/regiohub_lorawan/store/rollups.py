"""Rollups per hour and per local day: making them, and reading them so that the answer is always right."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from regiohub.api import TenantSession
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.store.batch import source
from regiohub_lorawan.store.observations import HOUR_MS

HourKey = tuple[int, int]
"""(series, first millisecond of the hour)."""
DayKey = tuple[int, int, int]
"""(series, first millisecond of the local day, first millisecond of the next one)."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """One interval of one series: start in milliseconds since 1970 and what the good observations in it add up to."""

    start: int
    count: int
    total: float
    minimum: float
    maximum: float
    last: float


_HOUR_AGGREGATE = (
    "count(*) AS count, sum(o.value) AS total, min(o.value) AS minimum, max(o.value) AS maximum,"
    " (SELECT l.value FROM lorawan_observation l WHERE l.tenant_id = :tenant_id AND l.series = {d}.series"
    f" AND l.ts >= {{d}}.bucket AND l.ts < {{d}}.bucket + {HOUR_MS} AND l.quality = 0"
    " ORDER BY l.ts DESC LIMIT 1) AS last"
)
# CROSS JOIN keeps SQLite to this order, in which each hour is one step down the primary key.
_HOUR_JOIN = (
    "CROSS JOIN lorawan_observation o WHERE o.tenant_id = :tenant_id AND o.series = {d}.series"
    f" AND o.ts >= {{d}}.bucket AND o.ts < {{d}}.bucket + {HOUR_MS} AND o.quality = 0"
)


async def take_dirty(session: TenantSession, limit: int) -> list[HourKey]:
    """Take away up to ``limit`` marks and return them; the caller makes their rollups in the same transaction."""
    skip = " FOR UPDATE SKIP LOCKED" if session.dialect == "postgresql" else ""
    result = await session.sql(
        "DELETE FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id AND (series, bucket) IN"
        " (SELECT series, bucket FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id"
        f" ORDER BY series, bucket LIMIT :limit{skip}) RETURNING series, bucket",
        {"limit": limit},
    )
    return [(series, bucket) for series, bucket in result.all()]


async def make_hours(session: TenantSession, hours: Sequence[HourKey]) -> None:
    """Make the hour rollups again from the observations; hours without good ones have none."""
    columns = {"series": ("int", [hour[0] for hour in hours]), "bucket": ("bigint", [hour[1] for hour in hours])}
    table, parameters = source(session, columns, "d")
    await _forget(session, Step.HOUR, hours)
    await session.sql(
        "INSERT INTO lorawan_rollup (tenant_id, series, step, bucket, count, total, minimum, maximum, last)"
        f" SELECT :tenant_id, d.series, 0, d.bucket, {_HOUR_AGGREGATE.format(d='d')}"
        f" FROM {table} {_HOUR_JOIN.format(d='d')} GROUP BY d.series, d.bucket",
        parameters,
    )


async def make_days(session: TenantSession, days: Sequence[DayKey]) -> None:
    """Make the day rollups again from the hour rollups, which must be right already."""
    table, parameters = source(
        session,
        {
            "series": ("int", [day[0] for day in days]),
            "start": ("bigint", [day[1] for day in days]),
            "stop": ("bigint", [day[2] for day in days]),
        },
        "d",
    )
    await _forget(session, Step.DAY, [day[:2] for day in days])
    await session.sql(
        "INSERT INTO lorawan_rollup (tenant_id, series, step, bucket, count, total, minimum, maximum, last)"
        " SELECT :tenant_id, d.series, 1, d.start, sum(h.count), sum(h.total), min(h.minimum), max(h.maximum),"
        " (SELECT l.last FROM lorawan_rollup l WHERE l.tenant_id = :tenant_id AND l.series = d.series AND l.step = 0"
        " AND l.bucket >= d.start AND l.bucket < d.stop ORDER BY l.bucket DESC LIMIT 1)"
        f" FROM {table} CROSS JOIN lorawan_rollup h"
        " WHERE h.tenant_id = :tenant_id AND h.series = d.series AND h.step = 0"
        " AND h.bucket >= d.start AND h.bucket < d.stop GROUP BY d.series, d.start, d.stop",
        parameters,
    )


async def _forget(session: TenantSession, step: Step, keys: Sequence[HourKey]) -> None:
    table, parameters = source(
        session, {"n_series": ("int", [key[0] for key in keys]), "n_bucket": ("bigint", [key[1] for key in keys])}
    )
    await session.sql(
        "DELETE FROM lorawan_rollup WHERE tenant_id = :tenant_id AND step = :step"
        f" AND (series, bucket) IN (SELECT n_series, n_bucket FROM {table})",
        {**parameters, "step": int(step)},
    )


async def dirty_hours(session: TenantSession, series: int, start: int, stop: int) -> list[int]:
    """Hours of a series in [start, stop) whose rollup is out of date."""
    result = await session.sql(
        "SELECT bucket FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id AND series = :series"
        " AND bucket >= :start AND bucket < :stop",
        {"series": series, "start": start, "stop": stop},
    )
    return [bucket for (bucket,) in result.all()]


async def read_hours(session: TenantSession, series: int, start: int, stop: int) -> list[Bucket]:
    """Hours in [start, stop) that hold good observations. Dirty hours are computed from the observations at once."""
    result = await session.sql(
        "SELECT r.bucket, r.count, r.total, r.minimum, r.maximum, r.last FROM lorawan_rollup r"
        " WHERE r.tenant_id = :tenant_id AND r.series = :series AND r.step = 0"
        " AND r.bucket >= :start AND r.bucket < :stop AND NOT EXISTS (SELECT 1 FROM lorawan_dirty_hour x"
        " WHERE x.tenant_id = :tenant_id AND x.series = r.series AND x.bucket = r.bucket)"
        f" UNION ALL SELECT d.bucket, {_HOUR_AGGREGATE.format(d='d')} FROM lorawan_dirty_hour d"
        f" {_HOUR_JOIN.format(d='d')} AND d.tenant_id = :tenant_id AND d.series = :series"
        " AND d.bucket >= :start AND d.bucket < :stop GROUP BY d.series, d.bucket ORDER BY 1",
        {"series": series, "start": start, "stop": stop},
    )
    return [Bucket(*row) for row in result.all()]


async def read_days(session: TenantSession, series: int, start: int, stop: int) -> list[Bucket]:
    """Day rollups as stored; days with a dirty hour are the caller's business."""
    result = await session.sql(
        "SELECT bucket, count, total, minimum, maximum, last FROM lorawan_rollup"
        " WHERE tenant_id = :tenant_id AND series = :series AND step = 1 AND bucket >= :start AND bucket < :stop"
        " ORDER BY bucket",
        {"series": series, "start": start, "stop": stop},
    )
    return [Bucket(*row) for row in result.all()]


def add_up(start: int, hours: Collection[Bucket]) -> Bucket:
    """One day from its hours (in order, at least one)."""
    ordered = sorted(hours, key=lambda hour: hour.start)
    return Bucket(
        start=start,
        count=sum(hour.count for hour in ordered),
        total=sum(hour.total for hour in ordered),
        minimum=min(hour.minimum for hour in ordered),
        maximum=max(hour.maximum for hour in ordered),
        last=ordered[-1].last,
    )
