"""Houses and pick-up points, who owns what, and which units of a pool lie where."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, geometry, index, reference, relation, unique


class Place(TenantModel):
    """A house with rooms, or a point where things are picked up and returned."""

    __tablename__ = "booking_place"

    slug: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    position: Mapped[dict[str, Any] | None] = geometry()
    wheelchair: Mapped[bool | None]
    contact: Mapped[str | None]
    caretaker_email: Mapped[str | None]
    example: Mapped[bool]

    __table_args__ = (unique("slug"),)


class Owner(TenantModel):
    """An institution or club that lends things out."""

    __tablename__ = "booking_owner"

    slug: Mapped[str]
    name: Mapped[str]
    contact: Mapped[str | None]
    example: Mapped[bool]

    __table_args__ = (unique("slug"),)


class Lot(TenantModel):
    """Units ``first_unit`` … ``first_unit + units - 1`` of a resource: who owns them and where they are picked up."""

    __tablename__ = "booking_lot"

    resource_id: Mapped[UUID] = reference("booking_resource")
    owner_id: Mapped[UUID] = reference("booking_owner", ondelete="NO ACTION")
    place_id: Mapped[UUID] = reference("booking_place", ondelete="NO ACTION")
    first_unit: Mapped[int]
    units: Mapped[int]

    owner: Mapped["Owner"] = relation("Owner", by="owner_id")
    place: Mapped["Place"] = relation("Place", by="place_id")

    __table_args__ = (unique("resource_id", "first_unit"), index("booking_lot", "place_id", "resource_id"))
