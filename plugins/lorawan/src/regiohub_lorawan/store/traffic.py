"""Counting what the radio network did: sums per hour that batches add to."""

# ruff: noqa: S608 - only fixed fragments are joined to statements here, every value is a bound parameter

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from regiohub.api import TenantSession
from regiohub_lorawan.store.batch import source

K = TypeVar("K", int, str)


@dataclass(slots=True)
class RadioSums:
    """What is added to one hour of one spreading factor; see the model ``RadioHour``."""

    uplinks: int = 0
    alone: int = 0
    lost: int = 0
    repeated: int = 0
    failed: int = 0
    airtime_ms: float = 0.0


@dataclass(slots=True)
class GatewaySums:
    """What is added to one hour of one gateway; see the model ``GatewayHour``."""

    uplinks: int = 0
    rssi_best: float = -999.0
    rssi_total: float = 0.0
    snr_best: float = -999.0
    snr_total: float = 0.0

    def hear(self, rssi: float, snr: float) -> None:
        """Add one reception."""
        self.uplinks += 1
        self.rssi_best, self.snr_best = max(self.rssi_best, rssi), max(self.snr_best, snr)
        self.rssi_total += rssi
        self.snr_total += snr


class Tally:
    """The sums of one batch: by (hour, spreading factor) and by (hour, gateway). Hours in milliseconds."""

    def __init__(self) -> None:
        self.radio: defaultdict[tuple[int, int], RadioSums] = defaultdict(RadioSums)
        self.gateways: defaultdict[tuple[int, str], GatewaySums] = defaultdict(GatewaySums)


async def add(session: TenantSession, tally: Tally) -> None:
    """Add a batch's sums to the hours; always in the order of the key, so that two writers never wait in a ring."""
    await _add(session, "lorawan_radio_hour", "spreading_factor", "int", tally.radio)
    await _add(session, "lorawan_gateway_hour", "gateway_id", "text", tally.gateways)


async def _add(session: TenantSession, table: str, name: str, kind: str, sums: Mapping[tuple[int, K], Any]) -> None:
    if not sums:
        return
    keys = sorted(sums)
    rows = [sums[key] for key in keys]
    columns: dict[str, tuple[str, list[Any]]] = {
        "bucket": ("bigint", [key[0] for key in keys]),
        name: (kind, [key[1] for key in keys]),
    }
    counted = [item.name for item in fields(rows[0])]
    for column in counted:
        whole = isinstance(getattr(rows[0], column), int)
        columns[column] = ("bigint" if whole else "double precision", [getattr(row, column) for row in rows])
    best = {"rssi_best", "snr_best"}
    larger = "GREATEST" if session.dialect == "postgresql" else "max"
    changes = ", ".join(
        f"{c} = {larger}(h.{c}, excluded.{c})" if c in best else f"{c} = h.{c} + excluded.{c}" for c in counted
    )
    names = ", ".join(columns)
    rows_from, parameters = source(session, columns)
    await session.sql(
        f"INSERT INTO {table} AS h (tenant_id, {names}) SELECT :tenant_id, {names} FROM {rows_from} WHERE true"
        f" ON CONFLICT (tenant_id, bucket, {name}) DO UPDATE SET {changes}",
        parameters,
    )
