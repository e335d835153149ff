"""What the radio network did, hour by hour, and whether the town's broker is reached."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantTable
from regiohub_lorawan.models.moments import EpochMillis


class RadioHour(TenantTable):
    """Uplinks of one hour with one spreading factor (0: not told).

    ``alone``: heard by a single gateway. ``lost``: frames that the devices' counters say are missing; a frame that
    comes late takes its loss back, so a single hour may be negative. ``repeated``: deliveries that were known already.
    """

    __tablename__ = "lorawan_radio_hour"
    __table_args__ = {"sqlite_with_rowid": False}

    bucket: Mapped[datetime] = mapped_column(EpochMillis(), primary_key=True)
    spreading_factor: Mapped[int] = mapped_column(sa.SmallInteger(), primary_key=True)
    uplinks: Mapped[int]
    alone: Mapped[int]
    lost: Mapped[int]
    repeated: Mapped[int]
    failed: Mapped[int]
    airtime_ms: Mapped[float]


class GatewayHour(TenantTable):
    """What one gateway heard in one hour. ``*_total`` divided by ``uplinks`` are the means."""

    __tablename__ = "lorawan_gateway_hour"
    __table_args__ = {"sqlite_with_rowid": False}

    bucket: Mapped[datetime] = mapped_column(EpochMillis(), primary_key=True)
    gateway_id: Mapped[str] = mapped_column(sa.Text(), primary_key=True)
    uplinks: Mapped[int]
    rssi_best: Mapped[float]
    rssi_total: Mapped[float]
    snr_best: Mapped[float]
    snr_total: Mapped[float]


class BrokerLink(TenantTable):
    """The connection to a message broker as the process that keeps it sees it; ``name`` is "mqtt"."""

    __tablename__ = "lorawan_broker_link"

    name: Mapped[str] = mapped_column(sa.Text(), primary_key=True)
    connected: Mapped[bool]
    changed_at: Mapped[datetime]
    detail: Mapped[str | None]
