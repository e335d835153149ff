"""Rollups per hour and per local day: making them, and reading them so that the answer is always right."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from regiohub.api import TenantSession
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.store.batch import rows_of, source
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


_FIELDS = "count, total, minimum, maximum, last"


def _per_hour(session: TenantSession, hours: str) -> str:
    """A SELECT of series, bucket and the aggregates of each hour that ``hours`` (a FROM item called d) yields.

    Both forms visit each hour by one step down the primary key. Left to itself either planner may join the other way
    round and walk whole months: PostgreSQL is held by LATERAL, SQLite (which has none) by CROSS JOIN.
    """
    if session.dialect == "postgresql":
        return (
            f"SELECT d.series, d.bucket, a.* FROM {hours} CROSS JOIN LATERAL (SELECT count(*) AS count,"
            " sum(o.value) AS total, min(o.value) AS minimum, max(o.value) AS maximum,"
            " (array_agg(o.value ORDER BY o.ts DESC))[1] AS last FROM lorawan_observation o"
            " WHERE o.tenant_id = :tenant_id AND o.series = d.series AND o.ts >= d.bucket"
            f" AND o.ts < d.bucket + {HOUR_MS} AND o.quality = 0) a WHERE a.count > 0"
        )
    return (
        "SELECT d.series AS series, d.bucket AS bucket, count(*) AS count, sum(o.value) AS total,"
        " min(o.value) AS minimum, max(o.value) AS maximum,"
        " (SELECT l.value FROM lorawan_observation l WHERE l.tenant_id = :tenant_id AND l.series = d.series"
        f" AND l.ts >= d.bucket AND l.ts < d.bucket + {HOUR_MS} AND l.quality = 0 ORDER BY l.ts DESC LIMIT 1) AS last"
        f" FROM {hours} CROSS JOIN lorawan_observation o WHERE o.tenant_id = :tenant_id AND o.series = d.series"
        f" AND o.ts >= d.bucket AND o.ts < d.bucket + {HOUR_MS} AND o.quality = 0"
        " GROUP BY d.series, d.bucket"
    )


def _per_day(session: TenantSession, days: str) -> str:
    """A SELECT of series, start and the aggregates of each day, from the hour rollups; see ``_per_hour``."""
    if session.dialect == "postgresql":
        return (
            f"SELECT d.series, d.start, a.* FROM {days} CROSS JOIN LATERAL (SELECT sum(h.count) AS count,"
            " sum(h.total) AS total, min(h.minimum) AS minimum, max(h.maximum) AS maximum,"
            " (array_agg(h.last ORDER BY h.bucket DESC))[1] AS last FROM lorawan_rollup h"
            " WHERE h.tenant_id = :tenant_id AND h.series = d.series AND h.step = 0"
            " AND h.bucket >= d.start AND h.bucket < d.stop) a WHERE a.count > 0"
        )
    return (
        "SELECT d.series, d.start, sum(h.count), sum(h.total), min(h.minimum), max(h.maximum),"
        " (SELECT l.last FROM lorawan_rollup l WHERE l.tenant_id = :tenant_id AND l.series = d.series AND l.step = 0"
        " AND l.bucket >= d.start AND l.bucket < d.stop ORDER BY l.bucket DESC LIMIT 1)"
        f" FROM {days} CROSS JOIN lorawan_rollup h WHERE h.tenant_id = :tenant_id AND h.series = d.series"
        " AND h.step = 0 AND h.bucket >= d.start AND h.bucket < d.stop GROUP BY d.series, d.start, d.stop"
    )


async def take_dirty(session: TenantSession, limit: int) -> list[HourKey]:
    """Take away up to ``limit`` marks and return them; the caller makes their rollups in the same transaction."""
    oldest = "FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id ORDER BY series, bucket LIMIT :limit"
    if session.dialect == "postgresql":
        # By physical address: a join over the key is planned badly as long as the table has no statistics.
        chosen = f"ctid = ANY (ARRAY(SELECT ctid {oldest} FOR UPDATE SKIP LOCKED))"
    else:
        chosen = f"(series, bucket) IN (SELECT series, bucket {oldest})"
    result = await session.sql(
        f"DELETE FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id AND {chosen} RETURNING series, bucket",
        {"limit": limit},
    )
    return [(row[0], row[1]) for row in rows_of(result)]


async def make_hours(session: TenantSession, hours: Sequence[HourKey]) -> None:
    """Make the hour rollups again from the observations; hours without good ones have none."""
    columns = {"series": ("int", [hour[0] for hour in hours]), "bucket": ("bigint", [hour[1] for hour in hours])}
    table, parameters = source(session, columns, "d")
    made = await session.sql(
        f"INSERT INTO lorawan_rollup (tenant_id, series, step, bucket, {_FIELDS})"
        f" SELECT :tenant_id, series, 0, bucket, {_FIELDS} FROM ({_per_hour(session, table)}) AS made"
        f" WHERE true {_REPLACE}",
        parameters,
    )
    await _forget(session, Step.HOUR, set(hours) - {(row[0], row[1]) for row in rows_of(made)})


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
    made = await session.sql(
        f"INSERT INTO lorawan_rollup (tenant_id, series, bucket, {_FIELDS}, step)"
        f" SELECT :tenant_id, made.*, 1 FROM ({_per_day(session, table)}) AS made WHERE true {_REPLACE}",
        parameters,
    )
    await _forget(session, Step.DAY, {day[:2] for day in days} - {(row[0], row[1]) for row in rows_of(made)})


_REPLACE = (
    "ON CONFLICT (tenant_id, series, step, bucket) DO UPDATE SET count = excluded.count, total = excluded.total,"
    " minimum = excluded.minimum, maximum = excluded.maximum, last = excluded.last RETURNING series, bucket"
)


async def _forget(session: TenantSession, step: Step, keys: Collection[HourKey]) -> None:
    """Remove rollups that have no good observation left: rare, so row by row down the key."""
    if keys:
        await session.sql(
            "DELETE FROM lorawan_rollup"
            " WHERE tenant_id = :tenant_id AND series = :series AND step = :step AND bucket = :bucket",
            [{"series": series, "bucket": bucket, "step": int(step)} for series, bucket in sorted(keys)],
        )


async def dirty_hours(session: TenantSession, series: int, start: int, stop: int) -> list[int]:
    """Hours of a series in [start, stop) whose rollup is out of date."""
    result = await session.sql(
        "SELECT bucket FROM lorawan_dirty_hour WHERE tenant_id = :tenant_id AND series = :series"
        " AND bucket >= :start AND bucket < :stop",
        {"series": series, "start": start, "stop": stop},
    )
    return [row[0] for row in result.all()]


async def read_hours(session: TenantSession, series: int, start: int, stop: int) -> list[Bucket]:
    """Hours in [start, stop) that hold good observations. Dirty hours are computed from the observations at once."""
    dirty = await dirty_hours(session, series, start, stop)
    found = {bucket.start: bucket for bucket in await _stored(session, Step.HOUR, series, start, stop)}
    if dirty:
        for hour in dirty:
            found.pop(hour, None)
        columns = {"series": ("int", [series] * len(dirty)), "bucket": ("bigint", dirty)}
        table, parameters = source(session, columns, "d")
        result = await session.sql(f"SELECT bucket, {_FIELDS} FROM ({_per_hour(session, table)}) AS made", parameters)
        found.update((row[0], Bucket(*row)) for row in rows_of(result))
    return [found[hour] for hour in sorted(found)]


async def read_days(session: TenantSession, series: int, start: int, stop: int) -> list[Bucket]:
    """Day rollups as stored; days with a dirty hour are the caller's business."""
    return await _stored(session, Step.DAY, series, start, stop)


async def _stored(session: TenantSession, step: Step, series: int, start: int, stop: int) -> list[Bucket]:
    result = await session.sql(
        "SELECT bucket, count, total, minimum, maximum, last FROM lorawan_rollup WHERE tenant_id = :tenant_id"
        " AND series = :series AND step = :step AND bucket >= :start AND bucket < :stop ORDER BY bucket",
        {"series": series, "step": int(step), "start": start, "stop": stop},
    )
    return [Bucket(*row) for row in rows_of(result)]


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
