"""Devices, the things they are fixed to, and the gateways that hear them."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, geometry, index, reference, relation, unique
from regiohub_lorawan.models.kinds import Origin
from regiohub_lorawan.models.profiles import Profile


class Thing(TenantModel, Timestamps):
    """What is observed: a place, a building, a tree, a river gauge (SensorThings: Thing with its Location)."""

    __tablename__ = "lorawan_thing"

    name: Mapped[str]
    description: Mapped[str | None]
    place: Mapped[dict[str, Any] | None] = geometry()


class Gateway(TenantModel, Timestamps):
    """A radio gateway, registered by staff or noticed in an uplink; ``registered`` tells the two apart."""

    __tablename__ = "lorawan_gateway"
    __table_args__ = (unique("gateway_id"),)

    gateway_id: Mapped[str]
    name: Mapped[str]
    registered: Mapped[bool]
    place: Mapped[dict[str, Any] | None] = geometry()
    last_seen_at: Mapped[datetime | None]


class Device(TenantModel, Timestamps):
    """A LoRaWAN end device. ``error_*`` hold the last message that could not be turned into values.

    What a list of devices shows and sorts by stands in its own row: signal of the last uplink, battery, the shortest
    interval at which one of its series should speak, and since when one of them is silent.
    """

    __tablename__ = "lorawan_device"
    __table_args__ = (unique("dev_eui"), index("lorawan_device", "name"))

    dev_eui: Mapped[str]
    name: Mapped[str]
    profile_id: Mapped[UUID] = reference("lorawan_profile", ondelete="RESTRICT")
    thing_id: Mapped[UUID] = reference("lorawan_thing", ondelete="RESTRICT")
    profile: Mapped[Profile] = relation("Profile", by="profile_id")
    thing: Mapped[Thing] = relation("Thing", by="thing_id")
    origin: Mapped[Origin]
    variables: Mapped[dict[str, Any]]
    last_seen_at: Mapped[datetime | None]
    last_joined_at: Mapped[datetime | None]
    battery_percent: Mapped[float | None]
    external_power: Mapped[bool | None]
    link_margin_db: Mapped[int | None]
    rssi_dbm: Mapped[float | None]
    snr_db: Mapped[float | None]
    error_code: Mapped[str | None]
    error_de: Mapped[str | None]
    error_en: Mapped[str | None]
    error_at: Mapped[datetime | None]
    spreading_factor: Mapped[int | None] = mapped_column(sa.SmallInteger())
    f_cnt: Mapped[int | None]
    battery_volts: Mapped[float | None]
    expected_interval_s: Mapped[int | None]
    silent_since: Mapped[datetime | None]
