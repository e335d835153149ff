"""Loading the example sensors and their past. Repeatable: what is there stays, what is missing is added."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.demo import content, key, network
from regiohub_lorawan.demo.content import DemoSensor
from regiohub_lorawan.demo.kinds import KINDS, SILENT, DemoKind
from regiohub_lorawan.demo.signal import Signal, past_hours
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Codec, Datastream, Device, Profile
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import backfill, catalogue, devices
from regiohub_lorawan.service.devices import DevicePlan
from regiohub_lorawan.service.rollups import roll_up
from regiohub_lorawan.store.observations import Point

_PAST = timedelta(days=365)


async def load(scope: TenantScope, folder: Path) -> None:
    """Register the sensors, write a year of hourly values, the late ones after the rollups, and make the demo key."""
    town = scope.tenant
    sensors = content.read(folder, town.slug, town.centre).sensors
    await scope.run(lambda ctx: _register(ctx, sensors))
    await scope.run(lambda ctx: network.load(ctx, sensors))
    await key.ensure(scope)
    streams = await _streams(scope, sensors)
    await backfill.load_and_roll_up(scope, _points(scope, sensors, streams, late=False))
    await backfill.load(scope, _points(scope, sensors, streams, late=True))
    await roll_up(scope)


async def _register(ctx: Ctx, sensors: tuple[DemoSensor, ...]) -> None:
    known = set(await ctx.session.scalars(select(Device.dev_eui)))
    profiles: dict[str, UUID] = {}
    for sensor in sensors:
        if sensor.dev_eui in known:
            continue
        if sensor.kind not in profiles:
            profiles[sensor.kind] = await _profile(ctx, KINDS[sensor.kind])
        place = {"type": "Point", "coordinates": list(sensor.at)}
        plan = DevicePlan(
            sensor.dev_eui,
            sensor.name,
            profiles[sensor.kind],
            place=place,
            origin=sensor.origin,
            variables={SILENT: "yes"} if sensor.silent_days else {},
        )
        await devices.register_device(ctx, plan)


async def _profile(ctx: Ctx, kind: DemoKind) -> UUID:
    name = f"{kind.title} (Beispiel)"
    known = await ctx.session.scalar(select(Profile.id).where(Profile.name == name))
    if known is not None:
        return known
    codec = await ctx.session.scalar(select(Codec).where(Codec.name == name))
    if codec is None:
        codec = await catalogue.create_codec(ctx, name, CodecKind.JAVASCRIPT, kind.codec(), "Beispiel")
    mappings = [quantity.mapping for quantity in kind.quantities]
    return (await catalogue.create_profile(ctx, name, codec.id, mappings)).id


async def _streams(scope: TenantScope, sensors: tuple[DemoSensor, ...]) -> dict[tuple[str, str], Datastream]:
    """Datastreams of the example sensors by EUI and path."""
    wanted = [sensor.dev_eui for sensor in sensors]
    async with scope.read() as ctx:
        rows = await ctx.session.execute(
            select(Device.dev_eui, Datastream)
            .join(Datastream, Datastream.device_id == Device.id)
            .where(Device.dev_eui.in_(wanted))
        )
        return {(eui, stream.path): stream for eui, stream in rows.all()}


def _points(
    scope: TenantScope, sensors: tuple[DemoSensor, ...], streams: dict[tuple[str, str], Datastream], *, late: bool
) -> Iterator[Point]:
    now = scope.now()
    for sensor in sensors:
        for quantity in KINDS[sensor.kind].quantities:
            stream = streams[sensor.dev_eui, quantity.mapping.path]
            signal = Signal.of(quantity.curve, f"{sensor.dev_eui}/{quantity.mapping.path}")
            stop = to_millis(now - timedelta(days=sensor.silent_days))
            for hour in past_hours(sensor.dev_eui, to_millis(now - _PAST), stop):
                if hour.late is late:
                    value = signal.at(hour.ts)
                    if hour.spike:
                        yield Point(stream.series, hour.ts, quantity.curve.ceiling * 2 + 1, int(Quality.IMPLAUSIBLE))
                    else:
                        yield Point(stream.series, hour.ts, value)
