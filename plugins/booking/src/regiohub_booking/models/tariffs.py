"""What a booking costs: named groups of prices of a resource or of a house."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from regiohub.api import TenantModel, Timestamps, reference, relation
from regiohub_booking.models.places import Place
from regiohub_booking.models.resources import Resource
from regiohub_booking.rules.prices import PriceBasis

EURO = sa.Numeric(12, 2)


class Tariff(TenantModel, Timestamps):
    """A price for one group of people ("own clubs", "private parties"). Amounts are euros, gross.

    A resource that has tariffs of its own on a day uses those, otherwise the tariffs of its house.
    """

    __tablename__ = "booking_tariff"

    resource_id: Mapped[UUID | None] = reference("booking_resource", ondelete="NO ACTION")
    place_id: Mapped[UUID | None] = reference("booking_place", ondelete="NO ACTION")
    name: Mapped[str]
    name_en: Mapped[str | None]
    note: Mapped[str | None]
    note_en: Mapped[str | None]
    position: Mapped[int]
    basis: Mapped[PriceBasis]
    price: Mapped[Decimal] = mapped_column(EURO)
    minimum: Mapped[Decimal | None] = mapped_column(EURO)
    deposit: Mapped[Decimal] = mapped_column(EURO)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    # Whoever asks for this price may have to prove that he belongs to the group: the house decides on the booking.
    on_request: Mapped[bool]
    example: Mapped[bool]

    resource: Mapped["Resource | None"] = relation("Resource", by="resource_id")
    place: Mapped["Place | None"] = relation("Place", by="place_id")

    __table_args__ = (
        sa.CheckConstraint("(resource_id IS NULL) <> (place_id IS NULL)", name="one_subject"),
        sa.CheckConstraint("price >= 0 AND deposit >= 0 AND (minimum IS NULL OR minimum >= 0)", name="amounts"),
    )
