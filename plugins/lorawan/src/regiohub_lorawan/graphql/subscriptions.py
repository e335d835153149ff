"""What can be followed live."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from regiohub.api import PUBLIC, TenantScope, column, subscription, value
from regiohub_lorawan.graphql.enums import ObservationQuality
from regiohub_lorawan.models.moments import from_millis
from regiohub_lorawan.service import live


@value
class AddedObservation:
    """A value that has just been stored; late ones come too, so times need not rise."""

    datastream_id: UUID = column("Series that it belongs to.")
    time: datetime = column("When it was measured.")
    value: float = column("The value, in the unit of its datastream.")
    quality: ObservationQuality = column("How far it can be trusted.")


@subscription(
    "Values of a series as they are stored.", permission=PUBLIC, args={"datastream_id": "The series to follow."}
)
async def observation_added(scope: TenantScope, datastream_id: UUID) -> AsyncIterator[AddedObservation]:
    """Raises NotFound for an unknown series."""
    async for point in live.follow(scope, datastream_id):
        yield AddedObservation(  # type: ignore[call-arg]
            datastream_id=datastream_id,
            time=from_millis(point.ts),
            value=point.value,
            quality=ObservationQuality.of(point.quality),
        )
