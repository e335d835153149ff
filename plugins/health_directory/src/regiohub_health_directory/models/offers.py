"""Who offers what: organisations, services and what belongs to them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy.orm import Mapped

from regiohub.api import TenantModel, Timestamps, index, reference, relation, unique

if TYPE_CHECKING:
    from .places import Location, Phone


class HealthServiceStatus(StrEnum):
    """The states that HSDS knows; the public sees active and temporarily closed services."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


PUBLIC_STATUSES = (HealthServiceStatus.ACTIVE, HealthServiceStatus.TEMPORARILY_CLOSED)


class AcceptingPatients(StrEnum):
    """Whether new patients or participants are taken on."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Organization(TenantModel, Timestamps):
    """A practice, a provider of care, a club: who answers for the services."""

    __tablename__ = "health_directory_organization"
    name: Mapped[str]
    description: Mapped[str]
    email: Mapped[str | None]
    website: Mapped[str | None]
    source_key: Mapped[str | None]
    """Stable key of the source a row came from (demo content, an import); `None` for rows made by hand."""
    services: Mapped[list["Service"]] = relation("Service", back="organization_id")
    phones: Mapped[list["Phone"]] = relation("Phone", back="organization_id")
    locations: Mapped[list["Location"]] = relation("Location", back="organization_id")
    __table_args__ = (unique("source_key"),)


class Service(TenantModel, Timestamps):
    """One offer. `revision` grows with each change of the service or of its parts, `verified_on` with none."""

    __tablename__ = "health_directory_service"
    organization_id: Mapped[UUID] = reference("health_directory_organization", ondelete="CASCADE")
    name: Mapped[str]
    alternate_name: Mapped[str | None]
    description: Mapped[str]
    summary_easy: Mapped[str | None]
    """The offer in plain language."""
    status: Mapped[HealthServiceStatus]
    url: Mapped[str | None]
    email: Mapped[str | None]
    alert: Mapped[str | None]
    application_process: Mapped[str | None]
    fees_description: Mapped[str | None]
    eligibility_description: Mapped[str | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    opening_hours: Mapped[str | None]
    """Hours that hold wherever a place has none of its own, as OSM text."""
    appointment_required: Mapped[bool]
    appointment_url: Mapped[str | None]
    telehealth: Mapped[bool]
    telehealth_url: Mapped[str | None]
    accepting: Mapped[AcceptingPatients]
    accepting_on: Mapped[date | None]
    """The day on which somebody said so; the answer expires from there."""
    accepting_note: Mapped[str | None]
    verified_on: Mapped[date | None]
    """The day on which somebody confirmed the entry; not the day of the last edit."""
    example: Mapped[bool]
    """Made-up demonstration data."""
    revision: Mapped[int]
    source_key: Mapped[str | None]
    merged_into_id: Mapped[UUID | None]
    """The service that took this one's place as its duplicate; the row itself stays, hidden from the public."""
    sort_name: Mapped[str]
    """Letters and digits of the name only, so that every database sorts it the same way."""
    organization: Mapped[Organization] = relation("Organization", by="organization_id")
    places: Mapped[list["ServiceAtLocation"]] = relation("ServiceAtLocation", back="service_id")
    phones: Mapped[list["Phone"]] = relation("Phone", back="service_id")
    contacts: Mapped[list["Contact"]] = relation("Contact", back="service_id")
    languages: Mapped[list["ServiceLanguage"]] = relation("ServiceLanguage", back="service_id")
    terms: Mapped[list["ServiceTerm"]] = relation("ServiceTerm", back="service_id")
    cost_options: Mapped[list["CostOption"]] = relation("CostOption", back="service_id")
    __table_args__ = (
        unique("source_key"),
        index("health_directory_service", "sort_name"),
        index("health_directory_service", "verified_on"),
    )


class ServiceAtLocation(TenantModel):
    """A service at one of its places, with the hours that hold there."""

    __tablename__ = "health_directory_service_at_location"
    service_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    location_id: Mapped[UUID] = reference("health_directory_location", ondelete="CASCADE")
    description: Mapped[str | None]
    opening_hours: Mapped[str | None]
    service: Mapped[Service] = relation("Service", by="service_id")
    location: Mapped["Location"] = relation("Location", by="location_id")
    __table_args__ = (unique("service_id", "location_id"),)


class ServiceTerm(TenantModel):
    """A term of the taxonomy that a service falls under, by its code."""

    __tablename__ = "health_directory_service_term"
    service_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    code: Mapped[str]
    __table_args__ = (
        unique("code", "service_id"),
        # Without statistics SQLite would go through a town's whole list of terms for each service.
        index("health_directory_service_term", "service_id", "code"),
    )


class ServiceLanguage(TenantModel):
    """A language in which the service can be had: ISO 639 code, or `gsg` (German Sign Language)."""

    __tablename__ = "health_directory_service_language"
    service_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    code: Mapped[str]
    __table_args__ = (unique("code", "service_id"),)


class Contact(TenantModel):
    """A role one can turn to; no names of private persons are needed."""

    __tablename__ = "health_directory_contact"
    service_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    name: Mapped[str | None]
    title: Mapped[str | None]
    email: Mapped[str | None]


class CostOption(TenantModel):
    """What the service costs under one condition; no amount means as described."""

    __tablename__ = "health_directory_cost_option"
    service_id: Mapped[UUID] = reference("health_directory_service", ondelete="CASCADE")
    option: Mapped[str]
    amount: Mapped[Decimal | None]
    currency: Mapped[str | None]
    amount_description: Mapped[str | None]
