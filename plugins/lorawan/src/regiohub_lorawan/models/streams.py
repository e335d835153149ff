"""Datastreams and their values: the raw series, its rollups, and which rollups are out of date."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, TenantSession, TenantTable, Timestamps, index, reference, relation, unique
from regiohub_lorawan.models.devices import Device, Thing
from regiohub_lorawan.models.kinds import Origin
from regiohub_lorawan.models.moments import EpochMillis, to_millis


class Datastream(TenantModel, Timestamps):
    """One observed property of one device at one thing.

    ``series`` is the short integer key of its values. The latest value stands here too, so that a list of datastreams
    with their latest values is one read of one table.
    """

    __tablename__ = "lorawan_datastream"
    __table_args__ = (unique("series"), unique("device_id", "path"), index("lorawan_datastream", "observed_property"))

    series: Mapped[int]
    device_id: Mapped[UUID] = reference("lorawan_device", ondelete="CASCADE")
    thing_id: Mapped[UUID] = reference("lorawan_thing", ondelete="RESTRICT")
    device: Mapped[Device] = relation("Device", by="device_id")
    thing: Mapped[Thing] = relation("Thing", by="thing_id")
    path: Mapped[str]
    observed_property: Mapped[str]
    title: Mapped[str]
    unit: Mapped[str]
    minimum: Mapped[float | None]
    maximum: Mapped[float | None]
    expected_interval_s: Mapped[int | None]
    origin: Mapped[Origin]
    latest_at: Mapped[datetime | None] = mapped_column(EpochMillis())
    latest_value: Mapped[float | None]
    latest_quality: Mapped[int | None] = mapped_column(sa.SmallInteger())
    silent_since: Mapped[datetime | None]

    observations: Mapped[list["Observation"]] = relation("Observation", back="series", key="series")


class Observation(TenantTable):
    """One value of one series at one moment. The key makes every write repeatable.

    No foreign keys: checking two of them for each of millions of rows costs more than writing the row. Rows go with
    their datastream in the service, and with their tenant when the plugin's data is purged.
    """

    __tablename__ = "lorawan_observation"
    __table_args__ = {"sqlite_with_rowid": False, "postgresql_partition_by": "RANGE (ts)"}

    tenant_id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True, sort_order=-100)
    series: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    ts: Mapped[datetime] = mapped_column(EpochMillis(), primary_key=True)
    value: Mapped[float]
    quality: Mapped[int] = mapped_column(sa.SmallInteger())

    @classmethod
    async def make_room(cls, session: TenantSession, rows: Sequence[Mapping[str, Any]]) -> None:
        """Make the partitions of the months that these values are from."""
        if session.dialect != "postgresql":
            return
        moments = {(row["ts"].year, row["ts"].month): to_millis(row["ts"]) for row in rows}
        for _, moment in sorted(moments.items()):
            await session.execute(sa.select(sa.func.lorawan_ensure_month(sa.cast(moment, sa.BigInteger))))


class Rollup(TenantTable):
    """Count, sum, extremes and last value of the good observations of a series within one hour or one day."""

    __tablename__ = "lorawan_rollup"
    __table_args__ = {"sqlite_with_rowid": False}

    series: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    step: Mapped[int] = mapped_column(sa.SmallInteger(), primary_key=True)
    bucket: Mapped[datetime] = mapped_column(EpochMillis(), primary_key=True)
    count: Mapped[int]
    total: Mapped[float]
    minimum: Mapped[float]
    maximum: Mapped[float]
    last: Mapped[float]


class DirtyHour(TenantTable):
    """An hour of a series that has changed since its rollup was made. ``touched`` counts writes: see the rollup job."""

    __tablename__ = "lorawan_dirty_hour"
    __table_args__ = {"sqlite_with_rowid": False}

    series: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    bucket: Mapped[datetime] = mapped_column(EpochMillis(), primary_key=True)
    touched: Mapped[int]
