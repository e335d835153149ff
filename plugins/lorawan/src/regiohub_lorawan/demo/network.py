"""The radio network around the example sensors: two gateways, and how they hear. Nothing of it exists."""

import random
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from regiohub.api import Ctx
from regiohub_lorawan.demo.content import DemoSensor
from regiohub_lorawan.formats.airtime import airtime_ms
from regiohub_lorawan.models import Device, Gateway, RadioHour
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import devices
from regiohub_lorawan.store.devices import Sighting, note_sightings
from regiohub_lorawan.store.observations import HOUR_MS
from regiohub_lorawan.store.traffic import Tally, add

_GATEWAYS = (
    ("00000000000de301", "Gateway Rathausdach (Beispiel)", (0.004, 0.003)),
    ("00000000000de302", "Gateway Wasserturm (Beispiel)", (-0.022, 0.014)),
)
_DAYS = 30
_PER_HOUR = 60
_BANDWIDTH, _PAYLOAD = 125_000, 4


def factor_of(eui: str) -> int:
    """Spreading factor with which an example sensor sends, always the same."""
    return 7 + int(eui, 16) % 4


def radio(eui: str, random_: random.Random) -> dict[str, Any]:
    """Members of a ChirpStack uplink that tell how it was received: by both gateways, now and then by one."""
    factor = factor_of(eui)
    heard = [
        {
            "gatewayId": id_,
            "rssi": round(-78 - 8 * (factor - 7) - 7 * at + random_.gauss(0, 3)),
            "snr": round(9.5 - 4 * (factor - 7) - 2 * at + random_.gauss(0, 1), 1),
        }
        for at, (id_, _, _) in enumerate(_GATEWAYS)
    ]
    lora = {"bandwidth": _BANDWIDTH, "spreadingFactor": factor, "codeRate": "CR_4_5"}
    return {"rxInfo": heard if random_.random() < 0.8 else heard[:1], "txInfo": {"modulation": {"lora": lora}}}


async def load(ctx: Ctx, sensors: tuple[DemoSensor, ...]) -> None:
    """Register the gateways, invent a month of traffic, and note when silent sensors were heard. Repeatable."""
    known = set(await ctx.session.scalars(select(Gateway.gateway_id).where(Gateway.registered)))
    longitude, latitude = ctx.tenant.centre
    for id_, name, (east, north) in _GATEWAYS:
        if id_ not in known:
            place = {"type": "Point", "coordinates": [longitude + east, latitude + north]}
            await devices.register_gateway(ctx, id_, name, place)
    if await ctx.session.scalar(select(RadioHour.bucket).limit(1)) is None:
        await add(ctx.session, _traffic(ctx, sensors))
    await _last_words(ctx, {sensor.dev_eui: sensor.silent_days for sensor in sensors if sensor.silent_days})


def _traffic(ctx: Ctx, sensors: tuple[DemoSensor, ...]) -> Tally:
    random_ = random.Random(ctx.tenant.slug)  # noqa: S311 - repeatable on purpose
    tally, now = Tally(), to_millis(ctx.now())
    first = now - now % HOUR_MS - _DAYS * 24 * HOUR_MS
    for hour in range(first, now - HOUR_MS, HOUR_MS):
        for sensor in sensors:
            sums = tally.radio[hour, factor_of(sensor.dev_eui)]
            lost = max(0, round(random_.gauss(0.6, 1)))
            sums.uplinks += _PER_HOUR - lost
            sums.lost += lost
            sums.alone += round(_PER_HOUR * random_.uniform(0.12, 0.28))
            sums.repeated += random_.random() < 0.3
            sums.airtime_ms += _PER_HOUR * airtime_ms(_PAYLOAD, factor_of(sensor.dev_eui), _BANDWIDTH)
        for at, (id_, _, _) in enumerate(_GATEWAYS):
            gateway = tally.gateways[hour, id_]
            count = round(len(sensors) * _PER_HOUR * (1 - 0.2 * at))
            mean = random_.gauss(-88 - 6 * at, 1.5)
            gateway.uplinks, gateway.rssi_best, gateway.rssi_total = count, mean + 12, mean * count
            gateway.snr_best, gateway.snr_total = 10.0, random_.gauss(4.5 - at, 0.5) * count
    return tally


async def _last_words(ctx: Ctx, silent: dict[str, int]) -> None:
    rows = await ctx.session.execute(
        select(Device.id, Device.dev_eui).where(Device.dev_eui.in_(silent), Device.last_seen_at.is_(None))
    )
    await note_sightings(
        ctx.session,
        [
            Sighting(id_, ctx.now() - timedelta(days=silent[eui]), -108.0, -4.0, None, spreading_factor=factor_of(eui))
            for id_, eui in rows.all()
        ],
    )
