"""Tables of towns and measures."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import PlatformModel, TenantModel, Timestamps
from regiohub.db.keys import reference, relation, unique
from regiohub.tenancy.indicators.models import Indicator, Objective


class TenantRow(PlatformModel, Timestamps):
    """A municipality. The slug stands here once; everywhere else the integer id does."""

    __tablename__ = "tenant"

    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    short_name: Mapped[str]
    ags: Mapped[str]
    state: Mapped[str]
    population: Mapped[int | None]
    area_km2: Mapped[float | None]
    lon: Mapped[float]
    lat: Mapped[float]
    locale: Mapped[str]
    timezone: Mapped[str]
    programme_id: Mapped[str | None]
    programme: Mapped[str | None]
    phase: Mapped[str | None]
    phase_until: Mapped[date | None] = mapped_column(sa.Date())
    motto: Mapped[str | None]
    office: Mapped[str | None]
    client: Mapped[str | None]
    innovation_fields: Mapped[list[str]]
    branding: Mapped[dict[str, Any]]
    hosts: Mapped[list[str]]
    cors_origins: Mapped[list[str]]


class ProgrammeRow(PlatformModel):
    """A programme that several towns carry together."""

    __tablename__ = "programme"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    title_en: Mapped[str | None]
    summary: Mapped[str | None]
    summary_en: Mapped[str | None]


class PlatformState(PlatformModel):
    """One row whose number rises with every change of towns, switches or settings: other processes reload then."""

    __tablename__ = "platform_state"

    id: Mapped[int] = mapped_column(sa.Integer(), primary_key=True)
    version: Mapped[int]


class Origin(StrEnum):
    """Where a row comes from: a file may replace only what no person has changed."""

    FILE = "file"
    LOCAL = "local"


class Measure(TenantModel, Timestamps):
    """A measure (Maßnahme) of a town's strategy. A shared programme gives each town rows of its own."""

    __tablename__ = "core_measure"

    key: Mapped[str]
    position: Mapped[int]
    origin: Mapped[Origin]
    title: Mapped[str]
    title_en: Mapped[str | None]
    bundle_key: Mapped[str | None]
    bundle_title: Mapped[str | None]
    bundle_title_en: Mapped[str | None]
    summary: Mapped[str | None]
    summary_en: Mapped[str | None]
    lead: Mapped[str | None]
    partners: Mapped[list[str]]
    fields: Mapped[list[str]]
    from_year: Mapped[int | None]
    to_year: Mapped[int | None]
    phase: Mapped[str | None]
    status: Mapped[str | None]
    later: Mapped[list[str]]
    programme_id: Mapped[str | None]
    retired_at: Mapped[datetime | None]
    """When it was taken out of the portfolio; its rows stay, and it can come back."""
    objectives: Mapped[list[Objective]] = relation("Objective", back="measure_id")
    indicators: Mapped[list[Indicator]] = relation("Indicator", back="measure_id")

    __table_args__ = (unique("key"),)


class Activation(TenantModel):
    """A plugin switched on or off in a town, for a measure or directly.

    A plugin is on while at least one of its rows is. A row of origin `local` was switched by a person and is
    left alone when the town's file is read again.
    """

    __tablename__ = "core_activation"

    plugin: Mapped[str]
    measure_id: Mapped[UUID | None] = reference("core_measure", nullable=True)
    on: Mapped[bool]
    origin: Mapped[Origin]
    changed_at: Mapped[datetime]

    __table_args__ = (unique("plugin", "measure_id"),)


class PluginSetting(TenantModel):
    """Settings of a plugin in a town: one row from the file, one from the console that overrides it."""

    __tablename__ = "core_plugin_setting"

    plugin: Mapped[str]
    origin: Mapped[Origin]
    values: Mapped[dict[str, Any]]

    __table_args__ = (unique("plugin", "origin"),)
