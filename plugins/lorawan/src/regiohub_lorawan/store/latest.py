"""The latest value of each datastream, kept beside the datastream."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Iterable, Sequence
from datetime import datetime

from regiohub.api import TenantSession
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.store.batch import source, update
from regiohub_lorawan.store.observations import Point


def newest(points: Iterable[Point]) -> list[Point]:
    """The newest point of each series, ordered by series."""
    found: dict[int, Point] = {}
    for point in points:
        known = found.get(point.series)
        if known is None or point.ts >= known.ts:
            found[point.series] = point
    return [found[series] for series in sorted(found)]


async def advance(session: TenantSession, points: Sequence[Point], now: datetime, patience: float) -> None:
    """Move latest values forward; late points leave them alone.

    Silence ends with a point younger than ``patience`` expected intervals: an old value that comes late does not mean
    that the sensor lives.
    """
    if not points:
        return
    await update(
        session,
        "UPDATE lorawan_datastream SET latest_at = {n_ts}, latest_value = {n_value}, latest_quality = {n_quality},"
        " silent_since = CASE WHEN expected_interval_s IS NULL"
        " OR {n_ts} >= :now_ms - expected_interval_s * CAST(:patience AS double precision) * 1000"
        " THEN NULL ELSE silent_since END {rows}"
        " WHERE tenant_id = :tenant_id AND series = {n_series} AND (latest_at IS NULL OR latest_at <= {n_ts})",
        {
            "n_series": ("int", [point.series for point in points]),
            "n_ts": ("bigint", [point.ts for point in points]),
            "n_value": ("double precision", [point.value for point in points]),
            "n_quality": ("smallint", [point.quality for point in points]),
        },
        {"now_ms": to_millis(now), "patience": patience},
    )


async def resumed(session: TenantSession, series: Sequence[int]) -> list[int]:
    """Which of these series are not silent (any more)."""
    if not series:
        return []
    table, parameters = source(session, {"n_series": ("int", series)})
    result = await session.sql(
        f"SELECT s.series FROM {table} CROSS JOIN lorawan_datastream s"
        " WHERE s.tenant_id = :tenant_id AND s.series = n_series AND s.silent_since IS NULL ORDER BY s.series",
        parameters,
    )
    return [row[0] for row in result.all()]


async def recompute(session: TenantSession, series: Sequence[int]) -> None:
    """Read the latest values again from the observations, after some were removed."""
    if not series:
        return
    table, parameters = source(session, {"n_series": ("int", series)})
    newest_of = (
        "(SELECT {} FROM lorawan_observation o WHERE o.tenant_id = :tenant_id AND o.series = s.series"
        " ORDER BY o.ts DESC LIMIT 1)"
    )
    await session.sql(
        "UPDATE lorawan_datastream AS s SET"
        f" latest_at = {newest_of.format('o.ts')}, latest_value = {newest_of.format('o.value')},"
        f" latest_quality = {newest_of.format('o.quality')}"
        f" WHERE s.tenant_id = :tenant_id AND s.series IN (SELECT n_series FROM {table})",
        parameters,
    )
