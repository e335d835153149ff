"""What messages change in devices and gateways, one statement per kind of change and batch."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from regiohub.api import DomainError, TenantSession, uuid7
from regiohub_lorawan.formats.uplink import Position
from regiohub_lorawan.models import Gateway
from regiohub_lorawan.store.batch import source, update
from regiohub_lorawan.store.messages import fault_columns
from regiohub_lorawan.store.values import identifier, moment


@dataclass(frozen=True, slots=True)
class Sighting:
    """A device was heard: when, how well, and what went wrong with its newest message, if anything."""

    device_id: UUID
    at: datetime
    rssi: float | None
    snr: float | None
    error: DomainError | None
    spreading_factor: int | None = None
    f_cnt: int | None = None
    battery_percent: float | None = None
    battery_volts: float | None = None


async def note_sightings(session: TenantSession, sightings: Sequence[Sighting]) -> None:
    """Move "last seen" forward; a message that comes late changes nothing. One sighting per device, please."""
    if not sightings:
        return
    ordered = sorted(sightings, key=lambda item: item.device_id)
    await update(
        session,
        "UPDATE lorawan_device SET last_seen_at = {n_at}, rssi_dbm = COALESCE({n_rssi}, rssi_dbm),"
        " snr_db = COALESCE({n_snr}, snr_db),"
        " spreading_factor = COALESCE({n_sf}, spreading_factor), f_cnt = COALESCE({n_f_cnt}, f_cnt),"
        " battery_percent = COALESCE({n_percent}, battery_percent),"
        " battery_volts = COALESCE({n_volts}, battery_volts), error_code = {n_error_code}, error_de = {n_error_de},"
        " error_en = {n_error_en}, error_at = {n_error_at} {rows}"
        " WHERE tenant_id = :tenant_id AND id = {n_id} AND (last_seen_at IS NULL OR last_seen_at <= {n_at})",
        {
            "n_id": ("uuid", [identifier(session, item.device_id) for item in ordered]),
            "n_at": ("timestamptz", [moment(session, item.at) for item in ordered]),
            "n_rssi": ("double precision", [item.rssi for item in ordered]),
            "n_snr": ("double precision", [item.snr for item in ordered]),
            "n_sf": ("smallint", [item.spreading_factor for item in ordered]),
            "n_f_cnt": ("bigint", [item.f_cnt for item in ordered]),
            "n_percent": ("double precision", [item.battery_percent for item in ordered]),
            "n_volts": ("double precision", [item.battery_volts for item in ordered]),
            "n_error_at": ("timestamptz", [moment(session, item.at) if item.error else None for item in ordered]),
            **fault_columns([item.error for item in ordered], "n_"),
        },
    )


@dataclass(frozen=True, slots=True)
class GatewaySighting:
    """A gateway has received something; its position if it told one."""

    gateway_id: str
    at: datetime
    position: Position | None


async def note_gateways(session: TenantSession, sightings: Mapping[str, GatewaySighting], now: datetime) -> None:
    """Remember the gateways that were named in receptions. One that is known keeps its name and place."""
    rows = [
        {
            "id": uuid7(),
            "gateway_id": gateway_id,
            "name": gateway_id,
            "registered": False,
            "place": None if item.position is None else item.position.geojson(),
            "last_seen_at": item.at,
            "created_at": now,
            "updated_at": now,
        }
        for gateway_id, item in sorted(sightings.items())
    ]
    await session.upsert(Gateway, rows, key=("gateway_id",), update=("last_seen_at",))


async def wake_devices(session: TenantSession, series: Sequence[int]) -> None:
    """Mark the devices of these series as heard again, unless another of their series is still silent."""
    if not series:
        return
    table, parameters = source(session, {"n_series": ("int", series)})
    await session.sql(
        "UPDATE lorawan_device SET silent_since = NULL WHERE tenant_id = :tenant_id AND silent_since IS NOT NULL"
        " AND id IN (SELECT s.device_id FROM lorawan_datastream s WHERE s.tenant_id = :tenant_id"
        f" AND s.series IN (SELECT n_series FROM {table})) AND NOT EXISTS (SELECT 1 FROM lorawan_datastream q"
        " WHERE q.tenant_id = :tenant_id AND q.device_id = lorawan_device.id AND q.silent_since IS NOT NULL)",
        parameters,
    )
