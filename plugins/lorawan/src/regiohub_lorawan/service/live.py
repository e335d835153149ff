"""Live announcements of new observations, small enough for the platform's channel."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.service import reading
from regiohub_lorawan.store.observations import Point

TOPIC = "lorawan.observation"
UPLINK = "lorawan.uplink"
_PER_MESSAGE, _UPLINKS_PER_MESSAGE = 60, 50
"""As many as fit into a message of the platform's channel."""


def announce(ctx: Ctx, points: Sequence[Point]) -> None:
    """Tell listeners after the commit: ``{"points": [[series, milliseconds, value, quality], …]}``."""
    for start in range(0, len(points), _PER_MESSAGE):
        part = points[start : start + _PER_MESSAGE]
        ctx.notify(TOPIC, {"points": [[p.series, p.ts, p.value, p.quality] for p in part]})


def announce_uplinks(ctx: Ctx, uplinks: Sequence[tuple[UUID, UUID]]) -> None:
    """Tell listeners after the commit which messages of which devices were evaluated: ``[[device, message], …]``."""
    for start in range(0, len(uplinks), _UPLINKS_PER_MESSAGE):
        part = uplinks[start : start + _UPLINKS_PER_MESSAGE]
        ctx.notify(UPLINK, {"uplinks": [[device.hex, message.hex] for device, message in part]})


async def follow_uplinks(scope: TenantScope, device_id: UUID) -> AsyncIterator[UUID]:
    """Ids of a device's messages as they are evaluated, from now on."""
    async for message in scope.listen(UPLINK):
        for device, id_ in message["uplinks"]:
            if device == device_id.hex:
                yield UUID(id_)


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
