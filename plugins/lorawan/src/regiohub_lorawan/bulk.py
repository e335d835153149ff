"""A town full of sensors within seconds, for benchmarks: devices, series, newest values, messages, traffic."""

import asyncio
from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from regiohub.api import Ctx, TenantScope, uuid7
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.models import Datastream, Device, Gateway, StoredMessage, Thing
from regiohub_lorawan.models.kinds import CodecKind, MessageState, Origin
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import catalogue
from regiohub_lorawan.service.catalogue import MappingPlan
from regiohub_lorawan.store.observations import HOUR_MS
from regiohub_lorawan.store.traffic import Tally, add

_PROFILES = 20
_PORTION = 2_000
_MAPPINGS = (
    MappingPlan("temperature", "air_temperature", "Lufttemperatur", "Cel", -40, 60, 3600),
    MappingPlan("humidity", "relative_humidity", "Luftfeuchte", "%", 0, 100, 3600),
)


async def fill(scope: TenantScope, devices: int, *, gateways: int = 40, days: int = 30) -> None:
    """Register ``devices`` made-up devices with two series each, ``gateways``, and ``days`` of hourly traffic.

    One device in fifty is silent, one in a hundred has a fault and an open message. Written in bulk, past the
    services: for a town that holds no sensors yet.
    """
    async with scope.write() as ctx:
        profiles = await _profiles(ctx)
    for first in range(0, devices, _PORTION):
        async with scope.write() as ctx:
            await _devices(ctx, profiles, range(first, min(first + _PORTION, devices)))
        await asyncio.sleep(0)
    async with scope.write() as ctx:
        await _network(ctx, devices, gateways, days)


async def _profiles(ctx: Ctx) -> list[Any]:
    codec = await catalogue.create_codec(ctx, "Messung", CodecKind.NETWORK_SERVER, None, None)
    return [
        (await catalogue.create_profile(ctx, f"Profil {number:02}", codec.id, _MAPPINGS)).id
        for number in range(_PROFILES)
    ]


async def _devices(ctx: Ctx, profiles: list[Any], numbers: range) -> None:
    now, tenant = ctx.now(), ctx.tenant.id
    stamps = {"tenant_id": tenant, "created_at": now, "updated_at": now}
    longitude, latitude = ctx.tenant.centre
    things: list[dict[str, Any]] = []
    devices: list[dict[str, Any]] = []
    streams: list[dict[str, Any]] = []
    messages: list[dict[str, Any]] = []
    for n in numbers:
        thing, device, silent, faulty = uuid7(), uuid7(), n % 50 == 0, n % 100 == 1
        seen = now - timedelta(days=3) if silent else now - timedelta(seconds=n % 3600)
        point = [longitude + (n % 100 - 50) / 500, latitude + (n // 100 % 100 - 50) / 800]
        place = {"type": "Point", "coordinates": point}
        things.append({**stamps, "id": thing, "name": f"Ort {n:05}", "description": None, "place": place})
        devices.append(
            {
                **stamps, "id": device, "dev_eui": f"{n:016x}", "name": f"Sensor {n * 7919 % 100_003:06}",
                "profile_id": profiles[n % _PROFILES], "thing_id": thing, "origin": Origin.OFFICIAL, "variables": {},
                "last_seen_at": seen, "rssi_dbm": -70.0 - n % 50, "snr_db": 9.0 - n % 20, "battery_percent": n % 101,
                "spreading_factor": 7 + n % 6, "f_cnt": n, "expected_interval_s": 3600,
                "silent_since": seen if silent else None, "error_code": "CODEC_EXCEPTION" if faulty else None,
                "error_de": "Fehler" if faulty else None, "error_en": "error" if faulty else None,
            }
        )  # fmt: skip
        streams += [
            {
                **stamps, "id": uuid7(), "series": 2 * n + at + 1, "device_id": device, "thing_id": thing,
                "path": m.path, "observed_property": m.observed_property, "title": m.title, "unit": m.unit,
                "minimum": m.minimum, "maximum": m.maximum, "expected_interval_s": m.expected_interval_s,
                "origin": Origin.OFFICIAL, "latest_at": seen, "latest_value": 20.0, "latest_quality": 0,
                "silent_since": seen if silent else None,
            }
            for at, m in enumerate(_MAPPINGS)
        ]  # fmt: skip
        if faulty:
            messages.append(
                {
                    "tenant_id": tenant, "id": uuid7(), "dedup_key": f"bulk-{n}", "source": Source.CHIRPSTACK,
                    "kind": MessageKind.UP, "dev_eui": f"{n:016x}", "time": seen, "received_at": seen, "body": "{}",
                    "state": MessageState.FAILED, "error_code": "CODEC_EXCEPTION", "error_de": "Fehler",
                    "error_en": "error",
                }
            )  # fmt: skip
    for model, rows in ((Thing, things), (Device, devices), (Datastream, streams), (StoredMessage, messages)):
        if rows:
            await ctx.session.execute(insert(model), rows)


async def _network(ctx: Ctx, devices: int, gateways: int, days: int) -> None:
    now, longitude, latitude = ctx.now(), *ctx.tenant.centre
    stamps = {"tenant_id": ctx.tenant.id, "created_at": now, "updated_at": now}
    await ctx.session.execute(
        insert(Gateway),
        [
            {
                **stamps, "id": uuid7(), "gateway_id": f"{n:016x}", "name": f"Gateway {n:02}", "registered": True,
                "place": {"type": "Point", "coordinates": [longitude + n / 500, latitude]}, "last_seen_at": now,
            }
            for n in range(gateways)
        ],
    )  # fmt: skip
    tally, last = Tally(), to_millis(now) // HOUR_MS * HOUR_MS
    for hour in range(last - days * 24 * HOUR_MS, last, HOUR_MS):
        for factor in range(7, 13):
            sums = tally.radio[hour, factor]
            sums.uplinks, sums.alone, sums.lost, sums.airtime_ms = devices // 6, devices // 30, devices // 500, 60_000.0
        for n in range(gateways):
            heard = tally.gateways[hour, f"{n:016x}"]
            heard.uplinks, heard.rssi_best, heard.rssi_total = 100, -70.0, -9_000.0
            heard.snr_best, heard.snr_total = 10.0, 500.0
    await add(ctx.session, tally)
