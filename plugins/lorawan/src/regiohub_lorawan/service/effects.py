"""What messages tell about devices and gateways besides measured values."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import select, update

from regiohub.api import Ctx, DomainError
from regiohub_lorawan.errors import CodecFailed
from regiohub_lorawan.formats.reading import printable
from regiohub_lorawan.formats.uplink import Message, MessageKind
from regiohub_lorawan.models import Device, Thing
from regiohub_lorawan.service.registry import KnownDevice
from regiohub_lorawan.store.devices import GatewaySighting, Sighting, note_gateways, note_sightings
from regiohub_lorawan.store.observations import Point

Heard = tuple[Message, KnownDevice, DomainError | None]


async def apply(ctx: Ctx, heard: Sequence[Heard], points: Sequence[Point] = ()) -> None:
    """Write down who was heard, how well, and what joins, status and location events change.

    ``points``: the values that the messages gave, for the state of the batteries.
    """
    newest = {point.series: point.value for point in sorted(points, key=lambda point: point.ts)}
    sightings: dict[str, Sighting] = {}
    gateways: dict[str, GatewaySighting] = {}
    for message, device, error in sorted(heard, key=lambda item: item[0].time):
        if message.kind in {MessageKind.UP, MessageKind.JOIN, MessageKind.STATUS}:
            best = max(message.receptions, key=lambda r: r.rssi or -999.0, default=None)
            uplink = message.kind is MessageKind.UP
            sightings[message.dev_eui] = Sighting(
                device.id,
                message.time,
                best and best.rssi,
                best and best.snr,
                error,
                spreading_factor=message.radio and message.radio.spreading_factor,
                f_cnt=message.f_cnt if uplink else None,
                battery_percent=_battery(device, "percent", newest),
                battery_volts=_battery(device, "volts", newest),
            )
        for reception in message.receptions:
            if reception.gateway_id:
                gateways[reception.gateway_id] = GatewaySighting(reception.gateway_id, message.time, reception.position)
        await _special(ctx, message, device)
    await note_sightings(ctx.session, list(sightings.values()))
    if gateways:
        await note_gateways(ctx.session, gateways, ctx.now())


def _battery(device: KnownDevice, kind: str, values: Mapping[int, float]) -> float | None:
    for series, battery in device.batteries.items():
        if battery.kind == kind and series in values:
            return values[series] * battery.factor
    return None


async def _special(ctx: Ctx, message: Message, device: KnownDevice) -> None:
    """Joins, status, logs and locations: rare, so one statement each is cheap enough."""
    details = message.details
    match message.kind:
        case MessageKind.JOIN:
            await _update(ctx, device, last_joined_at=message.time)
        case MessageKind.STATUS:
            unknown = bool(details["batteryLevelUnavailable"]) or bool(details["externalPowerSource"])
            level = details["batteryLevel"]
            await _update(
                ctx,
                device,
                battery_percent=None if unknown or not isinstance(level, int | float) else float(level),
                external_power=bool(details["externalPowerSource"]),
                link_margin_db=cast(int, details["margin"]) if isinstance(details["margin"], int) else None,
            )
        case MessageKind.LOG if details["level"] == "ERROR":
            told = printable(f"{details['code']}: {details['description']}")
            await _update(
                ctx,
                device,
                error_code=CodecFailed.code if details["code"] == "UPLINK_CODEC" else "NETWORK_SERVER",
                error_de=f"Der Netzwerkserver meldet: {told}",
                error_en=f"The network server reports: {told}",
                error_at=message.time,
            )
        case MessageKind.LOCATION if message.position is not None:
            thing = select(Device.thing_id).where(Device.id == device.id).scalar_subquery()
            await ctx.session.execute(
                update(Thing).where(Thing.id == thing).values(place=message.position.geojson(), updated_at=ctx.now())
            )
        case _:
            pass


async def _update(ctx: Ctx, device: KnownDevice, **values: object) -> None:
    await ctx.session.execute(update(Device).where(Device.id == device.id).values(**values))
