"""Changing and removing registered devices."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from regiohub.api import Ctx, NotFound, check_geometry
from regiohub_lorawan.models import Datastream, Device, DirtyHour, Observation, Rollup, Thing
from regiohub_lorawan.models.kinds import Origin
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service.catalogue import required


@dataclass(frozen=True, slots=True)
class DeviceChange:
    """A device as it shall be. ``place`` and ``description`` belong to the thing that it observes."""

    name: str
    origin: Origin
    place: dict[str, Any] | None = None
    description: str | None = None
    variables: dict[str, str] = field(default_factory=dict[str, str])


async def find(ctx: Ctx, device_id: UUID) -> Device:
    """The device. Raises NotFound."""
    device = await ctx.session.find(Device, device_id)
    if device is None:
        raise NotFound(field="id")
    return device


async def update_device(ctx: Ctx, device_id: UUID, change: DeviceChange) -> Device:
    """Change name, place, origin and variables. Raises NotFound or InvalidInput."""
    ctx.require(MANAGE)
    device = await find(ctx, device_id)
    thing = await ctx.session.find(Thing, device.thing_id)
    assert thing is not None
    name = required(change.name, "name")
    if change.place is not None:
        check_geometry(change.place)
    before = {"name": device.name, "origin": device.origin.value, "place": thing.place}
    if thing.name == device.name:
        thing.name = name
    device.name, device.origin, device.variables = name, change.origin, dict(change.variables)
    thing.place, thing.description = change.place, (change.description or "").strip() or None
    await ctx.session.execute(update(Datastream).where(Datastream.device_id == device_id).values(origin=change.origin))
    after = {"name": name, "origin": change.origin.value, "place": change.place}
    await ctx.audit("lorawan.update_device", kind="device", id=str(device_id), before=before, after=after)
    return device


async def remove_device(ctx: Ctx, device_id: UUID) -> Device:
    """Remove a device with its series and all their values; messages stay as long as the town keeps messages.

    The thing goes too, unless another device observes it. Raises NotFound.
    """
    ctx.require(MANAGE)
    device = await find(ctx, device_id)
    series = list(await ctx.session.scalars(select(Datastream.series).where(Datastream.device_id == device_id)))
    for table in (Observation, Rollup, DirtyHour):
        await ctx.session.execute(delete(table).where(table.series.in_(series)))
    await ctx.session.execute(delete(Datastream).where(Datastream.device_id == device_id))
    await ctx.session.delete(device)
    await ctx.session.flush()
    shared = exists(select(Device.id).where(Device.tenant_id == Thing.tenant_id, Device.thing_id == Thing.id))
    used = exists(select(Datastream.id).where(Datastream.tenant_id == Thing.tenant_id, Datastream.thing_id == Thing.id))
    await ctx.session.execute(
        delete(Thing).where(Thing.id == device.thing_id, ~shared, ~used).execution_options(synchronize_session=False)
    )
    before = {"name": device.name, "dev_eui": device.dev_eui, "series": len(series)}
    await ctx.audit("lorawan.remove_device", kind="device", id=str(device_id), before=before)
    return device
