"""The sensor plugin keeps the contract of plugins."""

from datetime import timedelta
from pathlib import Path

from regiohub.api import Ctx, TenantScope
from regiohub.testing import make
from regiohub.testing.contract import contract
from regiohub_lorawan import models
from regiohub_lorawan.formats.uplink import MessageKind, Source
from regiohub_lorawan.models.kinds import CodecKind, MessageState, Origin, Step
from regiohub_lorawan.store.observations import ensure_month

SCRIPT = "function decodeUplink(input) { return { data: { temperature: input.bytes[0] } }; }"


async def fill(scope: TenantScope, rows: int) -> None:
    """Devices with a kind, a thing, a series and values of their own."""
    async with scope.write() as ctx:
        if ctx.session.dialect == "postgresql":
            await ensure_month(ctx.session, ctx.now())
        for number in range(1, rows + 1):
            await _device(ctx, number)


async def _device(ctx: Ctx, number: int) -> None:
    name = f"{ctx.tenant.slug}-{number}"
    codec = await make(ctx, models.Codec, name=f"Codec {name}", kind=CodecKind.JAVASCRIPT, current_version=1)
    await make(ctx, models.CodecVersion, codec_id=codec.id, version=1, source=SCRIPT)
    await make(ctx, models.CodecExample, codec_id=codec.id, name=f"Probe {name}", payload=b"\x01", f_port=1)
    profile = await make(ctx, models.Profile, codec_id=codec.id, name=f"Profil {name}")
    meant = {
        "path": "temperature", "observed_property": "air_temperature", "title": "Lufttemperatur", "unit": "Cel",
    }  # fmt: skip
    await make(ctx, models.Mapping, profile_id=profile.id, **meant)
    point = {"type": "Point", "coordinates": list(ctx.tenant.centre)}
    thing = await make(ctx, models.Thing, name=f"Ort {name}", place=point)
    eui = f"{ctx.tenant.id:04x}{number:012x}"
    await make(ctx, models.Gateway, gateway_id=f"a{eui[1:]}", name=f"Antenne {name}", registered=True, place=point)
    device = await make(
        ctx, models.Device, dev_eui=eui, name=f"Sensor {name}", profile_id=profile.id, thing_id=thing.id,
        origin=Origin.OFFICIAL, variables={}, last_seen_at=ctx.now(),
    )  # fmt: skip
    await make(
        ctx, models.Datastream, **meant, device_id=device.id, thing_id=thing.id, series=number, origin=Origin.OFFICIAL,
        latest_at=ctx.now(), latest_value=20.0, latest_quality=0,
    )  # fmt: skip
    await make(ctx, models.IngestCredential, label=f"Netz {name}", secret_hash=eui.encode().ljust(32))
    await make(
        ctx, models.StoredMessage, dedup_key=f"nachricht-{name}", source=Source.CHIRPSTACK, kind=MessageKind.UP,
        dev_eui=eui, time=ctx.now(), received_at=ctx.now(), body="{}", state=MessageState.DONE,
    )  # fmt: skip
    hour = ctx.now().replace(minute=0) - timedelta(hours=number)
    await make(ctx, models.Observation, series=number, ts=ctx.now() - timedelta(minutes=1), value=20.0, quality=0)
    sums = {"count": 1, "total": 20.0, "minimum": 20.0, "maximum": 20.0, "last": 20.0}
    await make(ctx, models.Rollup, series=number, step=Step.HOUR, bucket=hour, **sums)
    await make(ctx, models.DirtyHour, series=number, bucket=hour, touched=1)
    await make(ctx, models.RadioHour, bucket=hour, spreading_factor=7)
    await make(ctx, models.GatewayHour, bucket=hour, gateway_id=f"a{eui[1:]}")
    await make(ctx, models.BrokerLink, name=f"mqtt-{name}", connected=True, changed_at=ctx.now())


TestContract = contract("lorawan", fill=fill, seeds=Path(__file__).parents[3] / "tenants")
