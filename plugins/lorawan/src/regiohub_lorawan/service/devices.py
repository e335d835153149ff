"""Registering devices, things and gateways."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from regiohub.api import Ctx, InvalidInput, NotFound, check_geometry, t, uuid7
from regiohub_lorawan.errors import AlreadyThere
from regiohub_lorawan.formats.reading import normalise_eui
from regiohub_lorawan.models import Datastream, Device, Gateway, Mapping, Profile, StoredMessage, Thing
from regiohub_lorawan.models.kinds import MessageState, Origin
from regiohub_lorawan.permissions import MANAGE
from regiohub_lorawan.service.catalogue import required
from regiohub_lorawan.service.pipeline import pipeline


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """A device to be registered. Without ``thing_id`` a thing of the device's name is made at ``place``."""

    dev_eui: str
    name: str
    profile_id: UUID
    thing_id: UUID | None = None
    place: dict[str, Any] | None = None
    origin: Origin = Origin.OFFICIAL
    variables: dict[str, str] = field(default_factory=dict[str, str])


async def register_device(ctx: Ctx, plan: DevicePlan) -> Device:
    """Register a device with one datastream per mapping of its profile.

    Messages that came before are evaluated now. Raises InvalidInput, NotFound (profile, thing) or AlreadyThere.
    """
    ctx.require(MANAGE)
    eui, name = normalise_eui(plan.dev_eui), required(plan.name, "name")
    if await ctx.session.scalar(select(Device.id).where(Device.dev_eui == eui)):
        raise AlreadyThere(
            t("Dieses Gerät ist schon angemeldet.", "This device is registered already."), field="devEui"
        )
    if await ctx.session.find(Profile, plan.profile_id) is None:
        raise NotFound(field="profileId")
    thing = await _thing(ctx, plan, name)
    device = Device(
        id=uuid7(),
        dev_eui=eui,
        name=name,
        profile_id=plan.profile_id,
        thing_id=thing.id,
        origin=plan.origin,
        variables=plan.variables,
    )
    ctx.session.add(device)
    await ctx.session.flush()
    mappings = await _add_streams(ctx, device)
    device.expected_interval_s = shortest(mapping.expected_interval_s for mapping in mappings)
    await _wake_messages(ctx, eui)
    await ctx.audit("lorawan.register_device", kind="device", id=str(device.id), after={"name": name, "dev_eui": eui})
    return device


async def _thing(ctx: Ctx, plan: DevicePlan, name: str) -> Thing:
    if plan.thing_id is not None:
        if plan.place is not None:
            raise InvalidInput(t("Bitte entweder Ort oder Objekt.", "Give either place or thing."), field="place")
        thing = await ctx.session.find(Thing, plan.thing_id)
        if thing is None:
            raise NotFound(field="thingId")
        return thing
    if plan.place is not None:
        check_geometry(plan.place)
    thing = Thing(id=uuid7(), name=name, description=None, place=plan.place)
    ctx.session.add(thing)
    await ctx.session.flush()
    return thing


def shortest(intervals: Iterable[int | None]) -> int | None:
    """The shortest of the expected intervals, in seconds."""
    return min((seconds for seconds in intervals if seconds is not None), default=None)


async def _add_streams(ctx: Ctx, device: Device) -> Sequence[Mapping]:
    mappings = (
        await ctx.session.scalars(select(Mapping).where(Mapping.profile_id == device.profile_id).order_by(Mapping.path))
    ).all()
    first = await next_series(ctx)
    ctx.session.add_all(
        [
            Datastream(
                id=uuid7(),
                series=first + number,
                device_id=device.id,
                thing_id=device.thing_id,
                path=mapping.path,
                observed_property=mapping.observed_property,
                title=mapping.title,
                unit=mapping.unit,
                minimum=mapping.minimum,
                maximum=mapping.maximum,
                expected_interval_s=mapping.expected_interval_s,
                origin=device.origin,
            )
            for number, mapping in enumerate(mappings)
        ]
    )
    await ctx.session.flush()
    return mappings


async def next_series(ctx: Ctx) -> int:
    """The first number that no series has; nobody else takes one until this transaction ends."""
    await ctx.session.lock("lorawan.series", "next")
    return (await ctx.session.scalar(select(func.max(Datastream.series))) or 0) + 1


async def _wake_messages(ctx: Ctx, dev_eui: str) -> None:
    await ctx.session.execute(
        update(StoredMessage)
        .where(StoredMessage.dev_eui == dev_eui, StoredMessage.state == MessageState.UNKNOWN_DEVICE)
        .values(state=MessageState.PENDING)
    )
    scope = ctx.scope
    ctx.after_commit(lambda: pipeline(scope).soon())


async def register_gateway(ctx: Ctx, gateway_id: str, name: str, place: dict[str, Any] | None) -> Gateway:
    """Register a gateway, or give a name and place to one that was noticed in uplinks."""
    ctx.require(MANAGE)
    gateway_id, name = required(gateway_id, "gatewayId", most=64).lower(), required(name, "name")
    if place is not None:
        check_geometry(place)
    gateway = await ctx.session.scalar(select(Gateway).where(Gateway.gateway_id == gateway_id))
    if gateway is None:
        gateway = Gateway(id=uuid7(), gateway_id=gateway_id, name=name, registered=True, place=place, last_seen_at=None)
        ctx.session.add(gateway)
    else:
        gateway.name, gateway.registered, gateway.place = name, True, place or gateway.place
    await ctx.session.flush()
    await ctx.audit("lorawan.register_gateway", kind="gateway", id=str(gateway.id), after={"name": name})
    return gateway
