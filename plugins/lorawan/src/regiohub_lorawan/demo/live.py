"""Keeping the example sensors alive while the demo runs, with the habits of real ones: late and double messages."""

import asyncio
import base64
import random

import orjson
from sqlalchemy import and_, select

from regiohub.api import TenantScope, Unavailable
from regiohub_lorawan.demo.kinds import KINDS, SILENT, DemoKind
from regiohub_lorawan.demo.network import radio
from regiohub_lorawan.demo.signal import Signal
from regiohub_lorawan.formats.uplink import Source
from regiohub_lorawan.models import Device, Profile
from regiohub_lorawan.models.moments import to_millis
from regiohub_lorawan.service import intake
from regiohub_lorawan.service.pipeline import pipeline

_EACH_SECONDS = 60.0
_LATE, _DOUBLE = 0.02, 0.01


async def live(scope: TenantScope) -> None:
    """Send one message per sensor and minute, spread over the minute, until cancelled."""
    random_ = random.Random(scope.tenant.slug)  # noqa: S311 - no secret
    held_back: list[bytes] = []
    while True:
        sensors = await _sensors(scope)
        for eui, kind in sensors:
            body = message(scope, eui, kind)
            if random_.random() < _LATE:
                held_back.append(body)
            else:
                await _send(scope, body)
            if random_.random() < _DOUBLE:
                await _send(scope, body)
            await asyncio.sleep(_EACH_SECONDS / len(sensors))
        for body in held_back:
            await _send(scope, body)
        held_back.clear()
        if not sensors:
            await asyncio.sleep(_EACH_SECONDS)


async def _sensors(scope: TenantScope) -> list[tuple[str, DemoKind]]:
    """Example sensors that are not meant to be silent."""
    names = {f"{kind.title} (Beispiel)": kind for kind in KINDS.values()}
    async with scope.read() as ctx:
        rows = await ctx.session.execute(
            select(Device.dev_eui, Device.variables, Profile.name)
            .join(Profile, and_(Profile.tenant_id == Device.tenant_id, Profile.id == Device.profile_id))
            .where(Profile.name.in_(names))
            .order_by(Device.dev_eui)
        )
        return [(eui, names[name]) for eui, variables, name in rows.all() if SILENT not in variables]


def message(scope: TenantScope, eui: str, kind: DemoKind) -> bytes:
    """A ChirpStack uplink of an example sensor at this moment."""
    now = scope.now()
    ts = to_millis(now)
    values = tuple(Signal.of(q.curve, f"{eui}/{q.mapping.path}").at(ts) for q in kind.quantities)
    return orjson.dumps(
        {
            "time": now.isoformat(),
            "deviceInfo": {"devEui": eui, "deviceName": kind.title},
            "devAddr": eui[8:],
            "fCnt": ts // 60_000 % 2**31,
            "fPort": 1,
            "data": base64.b64encode(kind.pack(values)).decode(),
            **radio(eui, random.Random(ts)),  # noqa: S311 - no secret
        }
    )


async def _send(scope: TenantScope, body: bytes) -> None:
    try:
        await pipeline(scope).take(intake.read(scope, Source.CHIRPSTACK, body))
    except Unavailable:
        await asyncio.sleep(1)
