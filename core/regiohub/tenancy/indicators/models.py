"""Tables of objectives, indicators and figures."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.db.base import TenantModel, Timestamps
from regiohub.db.keys import reference, relation, unique


class ImpactKind(StrEnum):
    """Where an indicator stands in the impact chain: what is put in, what is made, what it changes, what it is for."""

    INPUT = "input"
    OUTPUT = "output"
    OUTCOME = "outcome"
    IMPACT = "impact"


class Direction(StrEnum):
    """Whether larger or smaller figures are better."""

    UP = "up"
    DOWN = "down"


class Objective(TenantModel, Timestamps):
    """What a measure wants to reach, in words (the O of OKR); its key results are indicators with a target."""

    __tablename__ = "core_objective"

    measure_id: Mapped[UUID] = reference("core_measure")
    position: Mapped[int]
    title: Mapped[str]
    title_en: Mapped[str | None]
    indicators: Mapped[list[Indicator]] = relation("Indicator", back="objective_id")


class Indicator(TenantModel, Timestamps):
    """A figure that a measure is judged by. With an objective it is one of its key results.

    `unit` is a UCUM symbol or words; without a start or a target there is no progress to show. Only what is
    `published` is seen by residents.
    """

    __tablename__ = "core_indicator"

    measure_id: Mapped[UUID] = reference("core_measure")
    objective_id: Mapped[UUID | None] = reference("core_objective", nullable=True)
    position: Mapped[int]
    kind: Mapped[ImpactKind]
    title: Mapped[str]
    title_en: Mapped[str | None]
    unit: Mapped[str]
    start_value: Mapped[float | None]
    target_value: Mapped[float | None]
    direction: Mapped[Direction]
    due: Mapped[date | None] = mapped_column(sa.Date())
    published: Mapped[bool]
    figures: Mapped[list[Figure]] = relation("Figure", back="indicator_id")


class Figure(TenantModel, Timestamps):
    """The value of an indicator on a day, with its source. Who entered it stands in the audit log, as a pseudonym."""

    __tablename__ = "core_figure"

    indicator_id: Mapped[UUID] = reference("core_indicator")
    on: Mapped[date] = mapped_column(sa.Date())
    value: Mapped[float]
    note: Mapped[str | None]

    __table_args__ = (unique("indicator_id", "on"),)
