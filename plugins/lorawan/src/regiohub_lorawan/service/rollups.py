"""Keeping the rollups right: every write marks hours as dirty, this makes them and their days again."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.store import rollups as store

_BATCH = 5_000


async def roll_up(scope: TenantScope) -> int:
    """Make all dirty rollups of a town again, in short transactions. Returns how many hours there were."""
    total = 0
    while True:
        made = await scope.run(_batch)
        total += made
        if made < _BATCH:
            return total


async def _batch(ctx: Ctx) -> int:
    # Two workers on hours of the same day would each miss the other's part of that day.
    await ctx.session.lock("lorawan.rollup", "all")
    hours = await store.take_dirty(ctx.session, _BATCH)
    if hours:
        await store.make_hours(ctx.session, hours)
        await store.make_days(ctx.session, days_of(hours, ctx.tenant.timezone))
    return len(hours)


def days_of(hours: Iterable[store.HourKey], zone: ZoneInfo) -> list[store.DayKey]:
    """The local days that these hours lie in. A day has 23 or 25 hours when the clocks change."""
    return sorted({(series, *day_of(bucket, zone)) for series, bucket in hours})


@lru_cache(maxsize=20_000)
def day_of(bucket: int, zone: ZoneInfo) -> tuple[int, int]:
    """First millisecond of the local day around a moment, and of the next day."""
    date = from_millis(bucket).astimezone(zone).date()
    following = date + timedelta(days=1)
    start, stop = (datetime(d.year, d.month, d.day, tzinfo=zone) for d in (date, following))
    return to_millis(start), to_millis(stop)
