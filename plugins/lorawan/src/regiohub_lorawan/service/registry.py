"""What is known about the devices of a batch: how to decode them and where their values go. Four statements."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, or_, select

from regiohub.api import TenantSession
from regiohub_lorawan.codec.result import CodecKey
from regiohub_lorawan.mapping.battery import Battery, battery_of
from regiohub_lorawan.mapping.extract import Target
from regiohub_lorawan.mapping.paths import parse_path
from regiohub_lorawan.models import Codec, CodecVersion, Datastream, Device, Profile
from regiohub_lorawan.models.kinds import CodecKind


@dataclass(frozen=True, slots=True)
class Decoder:
    """A codec in its current version; ``source`` is empty for built-in kinds."""

    kind: CodecKind
    key: CodecKey
    source: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """One device with everything that processing its messages needs."""

    id: UUID
    dev_eui: str
    variables: Mapping[str, str]
    decoder: Decoder
    targets: tuple[Target, ...]
    f_cnt: int | None
    """Frame counter of the newest uplink."""
    heard_at: datetime | None
    batteries: Mapping[int, Battery]
    """Series that tell the state of the battery."""
    silent: Mapping[int, UUID]
    """Series that are reported silent, with the id of their datastream."""


async def load(session: TenantSession, euis: Sequence[str]) -> dict[str, KnownDevice]:
    """The registered ones among these devices, by EUI."""
    devices = (
        await session.execute(
            select(
                Device.id,
                Device.dev_eui,
                Device.variables,
                Codec.id,
                Codec.kind,
                Codec.current_version,
                Device.f_cnt,
                Device.last_seen_at,
            )
            .join(Profile, and_(Profile.tenant_id == Device.tenant_id, Profile.id == Device.profile_id))
            .join(Codec, and_(Codec.tenant_id == Profile.tenant_id, Codec.id == Profile.codec_id))
            .where(Device.dev_eui.in_(euis))
        )
    ).all()
    if not devices:
        return {}
    decoders = await _decoders(session, {(row[3], row[4], row[5]) for row in devices})
    streams = await _streams(session, [row[0] for row in devices])
    found: dict[str, KnownDevice] = {}
    for id_, eui, variables, codec_id, _, _, f_cnt, heard_at in devices:
        rows = streams.get(id_, [])
        found[eui] = KnownDevice(
            id=id_,
            dev_eui=eui,
            variables={str(name): str(value) for name, value in variables.items()},
            decoder=decoders[codec_id],
            targets=tuple(Target(r.series, parse_path(r.path), r.minimum, r.maximum) for r in rows),
            f_cnt=f_cnt,
            heard_at=heard_at,
            batteries={r.series: kind for r in rows if (kind := battery_of(r.observed_property, r.unit))},
            silent={r.series: r.id for r in rows if r.silent_since is not None},
        )
    return found


async def _decoders(session: TenantSession, wanted: set[tuple[UUID, CodecKind, int]]) -> dict[UUID, Decoder]:
    scripts = [(codec, version) for codec, kind, version in wanted if kind is CodecKind.JAVASCRIPT]
    sources: dict[UUID, str] = {}
    if scripts:
        rows = await session.execute(
            select(CodecVersion.codec_id, CodecVersion.source).where(
                or_(*(and_(CodecVersion.codec_id == codec, CodecVersion.version == v) for codec, v in scripts))
            )
        )
        sources = {row.codec_id: row.source for row in rows}
    return {
        codec: Decoder(kind, CodecKey(session.tenant_id, codec.hex, version), sources.get(codec, ""))
        for codec, kind, version in wanted
    }


async def _streams(session: TenantSession, devices: Sequence[UUID]) -> dict[UUID, list[Any]]:
    rows = await session.execute(
        select(
            Datastream.device_id,
            Datastream.id,
            Datastream.series,
            Datastream.path,
            Datastream.observed_property,
            Datastream.unit,
            Datastream.minimum,
            Datastream.maximum,
            Datastream.silent_since,
        ).where(Datastream.device_id.in_(devices))
    )
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows.all():
        found[row.device_id].append(row)
    return found
