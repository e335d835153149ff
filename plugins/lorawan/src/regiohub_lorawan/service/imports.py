"""Loading history of one datastream from a file."""

from datetime import timedelta
from uuid import UUID

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.errors import TimeOutOfRange
from regiohub_lorawan.formats.csv import read_values
from regiohub_lorawan.mapping.values import judge
from regiohub_lorawan.models import Datastream
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.permissions import IMPORT
from regiohub_lorawan.service import backfill, reading
from regiohub_lorawan.service.intake import EARLIEST
from regiohub_lorawan.settings import LorawanSettings
from regiohub_lorawan.store.observations import Point


async def load_csv(scope: TenantScope, datastream_id: UUID, body: bytes) -> int:
    """Load a file of times and values; returns the number of rows. Nothing is written if any row is bad.

    Raises Forbidden, NotFound, InvalidInput or TimeOutOfRange.
    """
    async with scope.read() as ctx:
        ctx.require(IMPORT)
        stream = await reading.datastream(ctx, datastream_id)
    latest = scope.now() + timedelta(seconds=scope.settings(LorawanSettings).future_tolerance_s)
    points: list[Point] = []
    for at, value in read_values(body):
        if not EARLIEST <= at <= latest:
            raise TimeOutOfRange(at)
        quality = judge(value, stream.minimum, stream.maximum)
        points.append(Point(stream.series, to_millis(at), value, int(quality)))
    await backfill.load(scope, points)
    await scope.run(lambda ctx: _note(ctx, stream, len(points)))
    return len(points)


async def _note(ctx: Ctx, stream: Datastream, count: int) -> None:
    await ctx.audit("lorawan.import", kind="datastream", id=str(stream.id), after={"rows": count})
