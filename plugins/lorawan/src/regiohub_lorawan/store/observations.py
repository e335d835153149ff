"""Writing observations: repeatable, in bulk, with the rollups they touch marked as out of date."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from regiohub.api import TenantSession
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.store.batch import source

HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True, order=True)
class Point:
    """One observation: series, milliseconds since 1970, value, quality (0 good, 1 implausible)."""

    series: int
    ts: int
    value: float
    quality: int = 0


def months_of(points: Iterable[Point]) -> set[datetime]:
    """First moments of the calendar months (UTC) that the points lie in; at most one look per hour of data."""
    hours = {point.ts // HOUR_MS for point in points}
    return {
        from_millis(hour * HOUR_MS).replace(day=1, hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
        for hour in hours
    }


async def ensure_month(session: TenantSession, month: datetime) -> None:
    """Make sure that a month's partition exists (PostgreSQL; the serving role may call this function, not create)."""
    await session.sql("SELECT lorawan_ensure_month(:start) WHERE :tenant_id > 0", {"start": to_millis(month)})


async def put(session: TenantSession, points: Sequence[Point]) -> None:
    """Insert points and replace values that differ; the same points again change nothing. Marks their hours dirty.

    The points must be distinct in (series, ts); they are sorted here so that two writers lock rows in one order.
    """
    if not points:
        return
    ordered = sorted(points)
    if session.dialect == "postgresql":
        table, parameters = source(
            session,
            {
                "series": ("int", [point.series for point in ordered]),
                "ts": ("bigint", [point.ts for point in ordered]),
                "value": ("double precision", [point.value for point in ordered]),
                "quality": ("smallint", [point.quality for point in ordered]),
            },
        )
        await session.sql(
            "INSERT INTO lorawan_observation AS o (tenant_id, series, ts, value, quality)"
            f" SELECT :tenant_id, series, ts, value, quality FROM {table} {_REPLACE}",
            parameters,
        )
    else:
        await session.sql(
            "INSERT INTO lorawan_observation AS o (tenant_id, series, ts, value, quality)"
            f" VALUES (:tenant_id, :series, :ts, :value, :quality) {_REPLACE}",
            [{"series": p.series, "ts": p.ts, "value": p.value, "quality": p.quality} for p in ordered],
        )
    await mark_dirty(session, {(point.series, point.ts) for point in ordered})


_REPLACE = (
    "ON CONFLICT (tenant_id, series, ts) DO UPDATE SET value = excluded.value, quality = excluded.quality"
    " WHERE o.value <> excluded.value OR o.quality <> excluded.quality"
)


async def mark_dirty(session: TenantSession, moments: Iterable[tuple[int, int]]) -> None:
    """Mark the hours of (series, ts) as out of date.

    An update, not "do nothing": it locks the mark until this transaction ends, so that the rollup job cannot take the
    mark away before the observation it stands for is visible.
    """
    hours = sorted({(series, ts - ts % HOUR_MS) for series, ts in moments})
    table, parameters = source(
        session, {"series": ("int", [hour[0] for hour in hours]), "bucket": ("bigint", [hour[1] for hour in hours])}
    )
    await session.sql(
        "INSERT INTO lorawan_dirty_hour AS d (tenant_id, series, bucket, touched)"
        f" SELECT :tenant_id, series, bucket, 1 FROM {table} WHERE true"
        " ON CONFLICT (tenant_id, series, bucket) DO UPDATE SET touched = d.touched + 1",
        parameters,
    )


async def remove(session: TenantSession, moments: Sequence[tuple[int, int]]) -> None:
    """Remove the observations at (series, ts) and mark their hours dirty; used before decoding history again."""
    if not moments:
        return
    await session.sql(
        "DELETE FROM lorawan_observation WHERE tenant_id = :tenant_id AND series = :series AND ts = :ts",
        [{"series": series, "ts": ts} for series, ts in moments],
    )
    await mark_dirty(session, moments)
