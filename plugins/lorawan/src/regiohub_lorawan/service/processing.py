"""From stored messages to values: decode, map, write, in batches. Repeatable at any point.

Decoding runs between two short transactions, so a slow codec never holds a lock. If the process dies anywhere in
between, the messages are still pending and the next run does all of it again with the same result.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from regiohub.api import Ctx, DomainError, TenantScope
from regiohub_lorawan.codec.pool import CodecPool
from regiohub_lorawan.errors import UnknownDevice
from regiohub_lorawan.events import DatastreamResumed
from regiohub_lorawan.formats.uplink import Message, MessageKind
from regiohub_lorawan.mapping.extract import extract
from regiohub_lorawan.models.kinds import MessageState
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.service import effects, live, registry
from regiohub_lorawan.service.decoding import Decoded, decode
from regiohub_lorawan.service.months import ensure_months
from regiohub_lorawan.service.registry import KnownDevice
from regiohub_lorawan.service.traffic import tally
from regiohub_lorawan.settings import LorawanSettings
from regiohub_lorawan.store import latest, messages, observations
from regiohub_lorawan.store.devices import wake_devices
from regiohub_lorawan.store.messages import Outcome
from regiohub_lorawan.store.observations import Point
from regiohub_lorawan.store.traffic import add as add_traffic


@dataclass(frozen=True, slots=True)
class Work:
    """A stored message that waits for its values; ``again``: it had some already, made by an earlier codec."""

    id: UUID
    message: Message
    again: bool = False


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A batch whose values are known and not yet written."""

    known: Sequence[tuple[Work, KnownDevice]]
    outcomes: Sequence[Outcome]
    points: Sequence[Point]

    def only(self, ids: Collection[UUID]) -> "Evaluated":
        """The part of it that these messages gave."""
        known = [(work, device) for work, device in self.known if work.id in ids]
        moments = {(t.series, to_millis(work.message.time)) for work, device in known for t in device.targets}
        points = [point for point in self.points if (point.series, point.ts) in moments]
        return Evaluated(known, [outcome for outcome in self.outcomes if outcome.id in ids], points)

    @property
    def states(self) -> dict[UUID, MessageState]:
        """What becomes of each message."""
        return {outcome.id: outcome.state for outcome in self.outcomes}


async def process(scope: TenantScope, pool: CodecPool, batch: Sequence[Work]) -> dict[UUID, MessageState]:
    """Turn a batch into values and write them. Returns what became of each message."""
    async with scope.read() as ctx:
        devices = await registry.load(ctx.session, euis_of(batch))
    evaluated = await evaluate(scope, pool, devices, batch)
    await scope.run(lambda ctx: _write_pending(ctx, evaluated))
    return evaluated.states


async def _write_pending(ctx: Ctx, evaluated: Evaluated) -> None:
    """Write what nobody else has written: a job may have taken up messages that waited here for their turn."""
    left = await messages.still_pending(ctx.session, list(evaluated.states))
    if len(left) < len(evaluated.states):
        evaluated = evaluated.only(left)
    if evaluated.outcomes:
        await write(ctx, evaluated)


def euis_of(batch: Sequence[Work]) -> list[str]:
    """The devices that a batch is about."""
    return sorted({work.message.dev_eui for work in batch})


async def evaluate(
    scope: TenantScope, pool: CodecPool, devices: Mapping[str, KnownDevice], batch: Sequence[Work]
) -> Evaluated:
    """Decode a batch, outside of any transaction of its own."""
    known = [(work, devices[work.message.dev_eui]) for work in batch if work.message.dev_eui in devices]
    uplinks = [(work.id, work.message, device) for work, device in known if work.message.kind is MessageKind.UP]
    decoded = await decode(pool, uplinks)
    outcomes = [_outcome(work, devices.get(work.message.dev_eui), decoded.get(work.id)) for work in batch]
    points = _points(known, decoded)
    await ensure_months(scope, points)
    return Evaluated(known, outcomes, points)


async def write(ctx: Ctx, evaluated: Evaluated) -> None:
    """Write a batch's values and what its messages tell about devices and network."""
    known, outcomes, points = evaluated.known, evaluated.outcomes, evaluated.points
    again = [(work, device) for work, device in known if work.again]
    series = sorted({target.series for _, device in again for target in device.targets})
    # Values that only the old codec gave must go; the others are written again below.
    moments = {(t.series, to_millis(work.message.time)) for work, device in again for t in device.targets}
    await observations.remove(ctx.session, sorted(moments))
    await observations.put(ctx.session, points)
    newest = latest.newest(points)
    patience = ctx.settings(LorawanSettings).silent_after_intervals
    await latest.advance(ctx.session, newest, ctx.now(), patience)
    await latest.recompute(ctx.session, series)
    errors: Mapping[UUID, DomainError | None] = {outcome.id: outcome.error for outcome in outcomes}
    await effects.apply(ctx, [(work.message, device, errors[work.id]) for work, device in known], points)
    new = [(work.message, device, errors[work.id]) for work, device in known if not work.again]
    await add_traffic(ctx.session, tally(new))
    await messages.finish(ctx.session, outcomes, ctx.now())
    await _emit_resumed(ctx, known, newest)
    uplinks = [(d.id, w.id) for w, d in known if not w.again and w.message.kind is MessageKind.UP]
    live.announce_uplinks(ctx, uplinks)
    live.announce(ctx, [point for point in points if (point.series, point.ts) not in moments])


async def _emit_resumed(ctx: Ctx, known: Sequence[tuple[Work, KnownDevice]], newest: Sequence[Point]) -> None:
    silent = {series: id_ for _, device in known for series, id_ in device.silent.items()}
    waiting = [point for point in newest if point.series in silent]
    resumed = await latest.resumed(ctx.session, [point.series for point in waiting])
    await wake_devices(ctx.session, resumed)
    for series in resumed:
        at = next(point.ts for point in waiting if point.series == series)
        await ctx.emit(DatastreamResumed(datastream_id=silent[series], at=from_millis(at)))


def _outcome(work: Work, device: KnownDevice | None, decoded: Decoded | None) -> Outcome:
    if device is None:
        return Outcome(work.id, MessageState.UNKNOWN_DEVICE, error=UnknownDevice(work.message.dev_eui))
    if decoded is None:
        return Outcome(work.id, MessageState.DONE)
    version = device.decoder.key.version
    if decoded.error is None:
        return Outcome(work.id, MessageState.DONE, version)
    return Outcome(work.id, MessageState.PENDING if decoded.retry else MessageState.FAILED, version, decoded.error)


def _points(known: Sequence[tuple[Work, KnownDevice]], decoded: Mapping[UUID, Decoded]) -> list[Point]:
    """One point per series and moment; the values of a moment come from the message with the greatest counter."""
    found: dict[tuple[int, int], Point] = {}
    for work, device in sorted(known, key=lambda item: item[0].message.f_cnt):
        result = decoded.get(work.id)
        if result is None or result.error is not None:
            continue
        ts = to_millis(work.message.time)
        for value in extract(result.data, device.targets):
            found[value.series, ts] = Point(value.series, ts, value.value, int(value.quality))
    return list(found.values())
