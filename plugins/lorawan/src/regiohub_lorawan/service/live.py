"""Live announcements of new observations, small enough for the platform's channel."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.service import reading
from regiohub_lorawan.store.observations import Point

TOPIC = "lorawan.observation"
_PER_MESSAGE = 60


def announce(ctx: Ctx, points: Sequence[Point]) -> None:
    """Tell listeners after the commit: ``{"points": [[series, milliseconds, value, quality], …]}``."""
    for start in range(0, len(points), _PER_MESSAGE):
        part = points[start : start + _PER_MESSAGE]
        ctx.notify(TOPIC, {"points": [[p.series, p.ts, p.value, p.quality] for p in part]})


async def follow(scope: TenantScope, datastream_id: UUID) -> AsyncIterator[Point]:
    """Points of one datastream as they are stored, from now on. Raises NotFound."""
    # Listen first, then look: what is stored in between must not be missed.
    messages = scope.listen(TOPIC)
    async with scope.read() as ctx:
        series = (await reading.datastream(ctx, datastream_id)).series
    async for message in messages:
        for row in message["points"]:
            if row[0] == series:
                yield Point(*row)
