"""A registered device with a script codec, and messages for it: for tests and benchmarks."""

import asyncio
import base64
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, TenantScope
from regiohub_lorawan.bulk import fill
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.models import Datastream
from regiohub_lorawan.models.kinds import CodecKind
from regiohub_lorawan.service import catalogue, devices, intake
from regiohub_lorawan.service.catalogue import MappingPlan
from regiohub_lorawan.service.devices import DevicePlan
from regiohub_lorawan.service.intake import Receipt
from regiohub_lorawan.service.pipeline import pipeline

__all__ = ["CODEC", "EUI", "HUMIDITY", "TEMPERATURE", "Sensor", "fill", "hours", "register", "send", "up"]

EUI = "0102030405060708"
CODEC = """
function decodeUplink(input) {
  var b = input.bytes;
  if (input.fPort === 9) throw new Error('unknown frame');
  return { data: { temperature: ((b[0] << 8 | b[1]) - 1000) / 10, humidity: b[2] === 255 ? NaN : b[2] } };
}
"""
TEMPERATURE = MappingPlan("temperature", "air_temperature", "Lufttemperatur", "Cel", -40, 60, 3600)
HUMIDITY = MappingPlan("humidity", "relative_humidity", "Luftfeuchte", "%", 0, 100, 3600)


@dataclass(frozen=True)
class Sensor:
    """What a test needs of a registered device."""

    scope: TenantScope
    codec_id: UUID
    profile_id: UUID
    device_id: UUID
    temperature: Datastream
    humidity: Datastream


def up(
    time: datetime,
    temperature: float = 20.0,
    humidity: int = 50,
    *,
    f_cnt: int = 0,
    eui: str = EUI,
    f_port: int = 1,
    **extra: Any,
) -> bytes:
    """A ChirpStack uplink of the test sensor."""
    payload = round(temperature * 10 + 1000).to_bytes(2, "big") + bytes([humidity])
    body = {
        "deduplicationId": f"{eui}-{time.timestamp()}-{f_cnt}",
        "time": time.isoformat(),
        "deviceInfo": {"devEui": eui, "deviceName": "x"},
        "devAddr": "00189440",
        "fCnt": f_cnt,
        "fPort": f_port,
        "data": base64.b64encode(payload).decode(),
        "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -71, "snr": 8.5}],
        **extra,
    }
    return json.dumps(body).encode()


async def send(scope: TenantScope, *bodies: bytes, kind: MessageKind = MessageKind.UP) -> list[Receipt]:
    """Take messages in and wait until they have become values."""
    line = pipeline(scope)
    receipts = await asyncio.gather(*(line.take(intake.read(scope, Source.CHIRPSTACK, body, kind)) for body in bodies))
    await line.idle()
    return receipts


async def register(scope: TenantScope, *, codec: str = CODEC, eui: str = EUI, name: str = "Pegel") -> Sensor:
    """Register codec, profile and device."""

    async def work(ctx: Ctx) -> Sensor:
        made = await catalogue.create_codec(ctx, f"{name}-Codec", CodecKind.JAVASCRIPT, codec, None)
        profile = await catalogue.create_profile(ctx, f"{name}-Profil", made.id, [TEMPERATURE, HUMIDITY])
        place = {"type": "Point", "coordinates": [13.06, 52.39]}
        device = await devices.register_device(ctx, DevicePlan(eui, name, profile.id, place=place))
        rows = await ctx.session.scalars(select(Datastream).where(Datastream.device_id == device.id))
        streams = {row.path: row for row in rows}
        return Sensor(scope, made.id, profile.id, device.id, streams["temperature"], streams["humidity"])

    return await scope.run(work)


def hours(count: int, start: datetime) -> list[datetime]:
    """Consecutive full hours."""
    return [start + timedelta(hours=number) for number in range(count)]
