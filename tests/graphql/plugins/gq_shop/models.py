"""Things that are lent out, their owners, their loans, and readings of what hangs on them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import Guid, TenantModel, TenantTable, geometry, reference, relation, unique


class ThingKind(StrEnum):
    """Sort of thing."""

    TOOL = "tool"
    TOY = "toy"


class Owner(TenantModel):
    __tablename__ = "shop_owner"

    name: Mapped[str]
    phone: Mapped[str | None]
    things: Mapped[list[Thing]] = relation("Thing", back="owner_id")


class Thing(TenantModel):
    __tablename__ = "shop_thing"

    name: Mapped[str]
    kind: Mapped[ThingKind]
    rank: Mapped[int | None] = mapped_column(sa.Integer())
    price: Mapped[Decimal]
    secret: Mapped[str | None]
    hidden: Mapped[bool]
    place: Mapped[dict[str, Any] | None] = geometry()
    owner_id: Mapped[UUID] = reference("shop_owner")
    owner: Mapped[Owner] = relation("Owner", by="owner_id")
    loans: Mapped[list[Loan]] = relation("Loan", back="thing_id")
    readings: Mapped[list[Reading]] = relation("Reading", back="thing_id")

    __table_args__ = (unique("name"),)

    @property
    def label(self) -> str:
        """Name in capitals."""
        return self.name.upper()


class Loan(TenantModel):
    __tablename__ = "shop_loan"

    thing_id: Mapped[UUID] = reference("shop_thing")
    thing: Mapped[Thing] = relation("Thing", by="thing_id")
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    counts: Mapped[bool]


class Reading(TenantTable):
    __tablename__ = "shop_reading"

    thing_id: Mapped[UUID] = mapped_column(Guid(), primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)
    value: Mapped[float]

    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["tenant_id", "thing_id"], ["shop_thing.tenant_id", "shop_thing.id"], ondelete="CASCADE"
        ),
    )
