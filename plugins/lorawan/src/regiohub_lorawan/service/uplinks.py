"""The newest uplinks of a device with the values that they gave, for people who look at it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_lorawan.formats.uplink import Message, MessageKind
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream, Device, Observation, StoredMessage
from regiohub_lorawan.service.pipeline import canonical


@dataclass(frozen=True, slots=True)
class Measured:
    """A value that a message gave."""

    stream: Datastream
    value: float
    quality: Quality


@dataclass(frozen=True, slots=True)
class Uplink:
    """A stored uplink; ``message`` is None when its body cannot be read any more."""

    row: StoredMessage
    message: Message | None
    values: Sequence[Measured]

    @property
    def best(self) -> tuple[float | None, float | None]:
        """Strength and ratio of the best reception."""
        found = max(self.message.receptions if self.message else (), key=lambda r: r.rssi or -999.0, default=None)
        return (found.rssi, found.snr) if found else (None, None)


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a gateway heard a device: uplinks, mean strength in dBm, mean ratio in dB."""

    gateway_id: str
    uplinks: int
    rssi: float
    snr: float


async def newest(ctx: Ctx, device: Device, streams: Sequence[Datastream], *, most: int = 20) -> list[Uplink]:
    """The newest uplinks, newest first. Two statements."""
    rows = await ctx.session.scalars(
        select(StoredMessage)
        .where(StoredMessage.dev_eui == device.dev_eui, StoredMessage.kind == MessageKind.UP)
        .order_by(StoredMessage.received_at.desc(), StoredMessage.id.desc())
        .limit(most)
    )
    return await _with_values(ctx, rows.all(), streams)


async def one(ctx: Ctx, message_id: UUID, streams: Sequence[Datastream]) -> Uplink | None:
    """One uplink. Two statements."""
    row = await ctx.session.find(StoredMessage, message_id)
    return (await _with_values(ctx, [row], streams))[0] if row else None


def hearings(uplinks: Sequence[Uplink]) -> list[Hearing]:
    """Which gateways heard these uplinks, and how well; the one that heard most comes first."""
    heard: defaultdict[str, list[tuple[float, float]]] = defaultdict(list)
    for uplink in uplinks:
        for reception in uplink.message.receptions if uplink.message else ():
            if reception.gateway_id:
                heard[reception.gateway_id].append((reception.rssi or 0.0, reception.snr or 0.0))
    found = [
        Hearing(id_, len(signals), sum(s[0] for s in signals) / len(signals), sum(s[1] for s in signals) / len(signals))
        for id_, signals in heard.items()
    ]
    return sorted(found, key=lambda item: (-item.uplinks, item.gateway_id))


async def _with_values(ctx: Ctx, rows: Sequence[StoredMessage], streams: Sequence[Datastream]) -> list[Uplink]:
    values: Mapping[datetime, list[Measured]] = {}
    if rows and streams:
        values = await _values(ctx, {_moment(row.time) for row in rows}, {stream.series: stream for stream in streams})
    return [Uplink(row, _read(row), values.get(_moment(row.time), [])) for row in rows]


async def _values(
    ctx: Ctx, moments: set[datetime], streams: Mapping[int, Datastream]
) -> Mapping[datetime, list[Measured]]:
    found: defaultdict[datetime, list[Measured]] = defaultdict(list)
    rows = await ctx.session.scalars(
        select(Observation)
        .where(Observation.series.in_(streams), Observation.ts.in_(moments))
        .order_by(Observation.series)
    )
    for row in rows:
        found[row.ts].append(Measured(streams[row.series], row.value, Quality(row.quality)))
    return found


def _moment(at: datetime) -> datetime:
    """A message's moment as observations store it: whole milliseconds."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def _read(row: StoredMessage) -> Message | None:
    try:
        return canonical(row)
    except DomainError:
        return None
