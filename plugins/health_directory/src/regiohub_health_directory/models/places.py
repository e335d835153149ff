"""Where: locations with their accessibility, and phones."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, geometry, reference, unique


class HealthLocationType(StrEnum):
    """The kinds of place that HSDS knows."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class WheelchairAccess(StrEnum):
    """Whether a wheelchair gets in; unknown is an answer of its own and never shown as no."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Location(TenantModel, Timestamps):
    """A place with its address; `place` is a GeoJSON point."""

    __tablename__ = "health_directory_location"
    organization_id: Mapped[UUID | None] = reference("health_directory_organization", ondelete="CASCADE", nullable=True)
    name: Mapped[str]
    location_type: Mapped[HealthLocationType]
    address: Mapped[str | None]
    """Street and number."""
    postal_code: Mapped[str | None]
    city: Mapped[str | None]
    district: Mapped[str | None]
    """Part of the town, e.g. a village."""
    transportation: Mapped[str | None]
    url: Mapped[str | None]
    place: Mapped[dict[str, Any] | None] = geometry()
    wheelchair: Mapped[WheelchairAccess]
    accessibility: Mapped[list[str]]
    """Codes of features, see `service.accessibility`."""
    accessibility_note: Mapped[str | None]
    source_key: Mapped[str | None]
    __table_args__ = (unique("source_key"),)


class Phone(TenantModel):
    """A phone number of a service or of an organisation."""

    __tablename__ = "health_directory_phone"
    service_id: Mapped[UUID | None] = reference("health_directory_service", ondelete="CASCADE", nullable=True)
    organization_id: Mapped[UUID | None] = reference("health_directory_organization", ondelete="CASCADE", nullable=True)
    number: Mapped[str]
    kind: Mapped[str]
    """voice, fax, text or tty."""
    description: Mapped[str | None]
