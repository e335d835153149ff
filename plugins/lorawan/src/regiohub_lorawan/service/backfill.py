"""Loading history in bulk: repeatable, in large batches, with rollups brought up to date at the end."""

from collections.abc import Iterable, Iterator
from itertools import islice

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.service.months import ensure_months
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.settings import LorawanSettings
from regiohub_lorawan.store import latest, observations
from regiohub_lorawan.store.devices import wake_devices
from regiohub_lorawan.store.observations import Point

_BATCH = 5_000


async def load(scope: TenantScope, points: Iterable[Point]) -> int:
    """Write points of any number of series and any age; the same points again change nothing. Returns how many.

    Within one call a later point for the same series and moment replaces an earlier one. Rollups are left dirty:
    reads are right at once, and ``roll_up`` makes them fast.
    """
    total = 0
    for batch in _batches(points):
        await ensure_months(scope, batch)
        await scope.run(lambda ctx, rows=batch: _write(ctx, rows))
        total += len(batch)
    return total


async def load_and_roll_up(scope: TenantScope, points: Iterable[Point]) -> int:
    """``load``, then make the rollups."""
    total = await load(scope, points)
    await roll_up(scope)
    return total


async def _write(ctx: Ctx, batch: list[Point]) -> None:
    await observations.put(ctx.session, batch)
    patience = ctx.settings(LorawanSettings).silent_after_intervals
    newest = latest.newest(batch)
    await latest.advance(ctx.session, newest, ctx.now(), patience)
    await wake_devices(ctx.session, [point.series for point in newest])


def _batches(points: Iterable[Point]) -> Iterator[list[Point]]:
    rest = iter(points)
    while batch := list(islice(rest, _BATCH)):
        yield list({(point.series, point.ts): point for point in batch}.values())
