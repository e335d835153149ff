"""What staff fill in: a service as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from regiohub_health_directory.models import (
    AcceptingPatients,
    HealthLocationType,
    HealthServiceStatus,
    WheelchairAccess,
)


@dataclass
class PhoneDraft:
    """A number with its kind: voice, fax, text or tty."""

    number: str
    kind: str = "voice"
    description: str | None = None


@dataclass
class ContactDraft:
    """A role one can turn to."""

    name: str | None = None
    title: str | None = None
    email: str | None = None


@dataclass
class OrganizationDraft:
    """An existing organisation by id, or a new one by its name."""

    id: UUID | None = None
    name: str | None = None
    description: str | None = None
    email: str | None = None
    website: str | None = None
    phones: list[PhoneDraft] = field(default_factory=list[PhoneDraft])


@dataclass
class LocationDraft:
    """An existing location by id, or a new one by its name; degrees are WGS 84."""

    id: UUID | None = None
    name: str | None = None
    location_type: HealthLocationType = HealthLocationType.PHYSICAL
    address: str | None = None
    postal_code: str | None = None
    city: str | None = None
    district: str | None = None
    transportation: str | None = None
    url: str | None = None
    place: Mapping[str, Any] | None = None
    wheelchair: WheelchairAccess = WheelchairAccess.UNKNOWN
    accessibility: list[str] = field(default_factory=list[str])
    accessibility_note: str | None = None


@dataclass
class PlaceDraft:
    """A service at a location, with the hours that hold there."""

    location: LocationDraft
    opening_hours: str | None = None
    description: str | None = None


@dataclass
class CostDraft:
    """A price under one condition."""

    option: str
    amount: Decimal | None = None
    currency: str | None = None
    amount_description: str | None = None


@dataclass
class ServiceDraft:
    """A whole service. Saving the same draft twice changes nothing."""

    name: str
    organization: OrganizationDraft
    categories: list[str]
    description: str = ""
    alternate_name: str | None = None
    summary_easy: str | None = None
    status: HealthServiceStatus = HealthServiceStatus.ACTIVE
    url: str | None = None
    email: str | None = None
    alert: str | None = None
    application_process: str | None = None
    fees_description: str | None = None
    eligibility_description: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    opening_hours: str | None = None
    appointment_required: bool = False
    appointment_url: str | None = None
    telehealth: bool = False
    telehealth_url: str | None = None
    accepting: AcceptingPatients = AcceptingPatients.UNKNOWN
    accepting_on: date | None = None
    accepting_note: str | None = None
    languages: list[str] = field(default_factory=list[str])
    places: list[PlaceDraft] = field(default_factory=list[PlaceDraft])
    phones: list[PhoneDraft] = field(default_factory=list[PhoneDraft])
    contacts: list[ContactDraft] = field(default_factory=list[ContactDraft])
    costs: list[CostDraft] = field(default_factory=list[CostDraft])
    verified_on: date | None = None
    """Only counts for new services; afterwards checks are recorded one by one."""
    example: bool = False
    source_key: str | None = None
