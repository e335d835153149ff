"""What callers fill in; each input becomes a draft of the service layer."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from regiohub.api import UNSET, GeoJSON, column, input_type
from regiohub_health_directory.models import (
    AcceptingPatients,
    HealthLocationType,
    HealthServiceStatus,
    WheelchairAccess,
)
from regiohub_health_directory.service import drafts
from regiohub_health_directory.service.suggestions import Proposal

D = TypeVar("D")


@input_type
class HealthPhoneInput:
    """A phone number."""

    number: str = column("Number.")
    kind: str = column("voice, fax, text or tty.", default="voice")
    description: str | None = column("When or for what to call it.", default=None)


@input_type
class HealthContactInput:
    """A role one can turn to."""

    name: str | None = column("Name of the desk or person.", default=None)
    title: str | None = column("Role.", default=None)
    email: str | None = column("Mail address.", default=None)


@input_type
class HealthOrganizationInput:
    """An existing organisation by its id, or a new one by its name."""

    id: UUID | None = column("Identifier of an existing organisation.", default=None)
    name: str | None = column("Name of a new one.", default=None)
    description: str | None = column("What it is.", default=None)
    email: str | None = column("Mail address.", default=None)
    website: str | None = column("Web page (https).", default=None)
    phones: list[HealthPhoneInput] | None = column("Phone numbers of a new one.", default=None)


@input_type
class HealthLocationInput:
    """An existing location by its id, or a new one."""

    id: UUID | None = column("Identifier of an existing location.", default=None)
    name: str | None = column("Name of a new one.", default=None)
    location_type: HealthLocationType = column("Kind of place.", default=HealthLocationType.PHYSICAL)
    address: str | None = column("Street and number.", default=None)
    postal_code: str | None = column("Postal code.", default=None)
    city: str | None = column("Town.", default=None)
    district: str | None = column("Part of the town.", default=None)
    transportation: str | None = column("How to get there.", default=None)
    url: str | None = column("Web page (https), also that of a virtual place.", default=None)
    place: GeoJSON | None = column("Point (GeoJSON, WGS 84).", default=None)
    wheelchair: WheelchairAccess = column("Whether a wheelchair gets in.", default=WheelchairAccess.UNKNOWN)
    accessibility: list[str] | None = column("Codes of features.", default=None)
    accessibility_note: str | None = column("Accessibility in words.", default=None)


@input_type
class HealthPlaceInput:
    """A service at a location."""

    location: HealthLocationInput = column("The location.")
    opening_hours: str | None = column("Hours at this place as OSM opening_hours text.", default=None)
    description: str | None = column("What is special at this place.", default=None)


@input_type
class HealthCostOptionInput:
    """A price under one condition."""

    option: str = column("The condition.")
    amount: Decimal | None = column("Amount.", default=None)
    currency: str | None = column("ISO 4217 code.", default=None)
    amount_description: str | None = column("The price in words.", default=None)


@input_type
class HealthServiceInput:
    """A whole service: what is left out is empty."""

    name: str = column("Name.")
    organization: HealthOrganizationInput = column("Who offers it.")
    categories: list[str] = column("Codes of the taxonomy; at least one.")
    description: str | None = column("What is offered.", default=None)
    alternate_name: str | None = column("Another name.", default=None)
    summary_easy: str | None = column("The offer in plain language.", default=None)
    status: HealthServiceStatus = column("Whether it is running.", default=HealthServiceStatus.ACTIVE)
    url: str | None = column("Web page (https).", default=None)
    email: str | None = column("Mail address.", default=None)
    alert: str | None = column("Short-term notice.", default=None)
    application_process: str | None = column("How to get an appointment.", default=None)
    fees_description: str | None = column("What it costs, in words.", default=None)
    eligibility_description: str | None = column("For whom it is.", default=None)
    minimum_age: int | None = column("Youngest age in years.", default=None)
    maximum_age: int | None = column("Oldest age in years.", default=None)
    opening_hours: str | None = column("Hours where a place has none of its own, as OSM text.", default=None)
    appointment_required: bool = column("Whether one needs an appointment.", default=False)
    appointment_url: str | None = column("Where to make one (https).", default=None)
    telehealth: bool = column("Whether it can be had by phone or video.", default=False)
    telehealth_url: str | None = column("Where that starts (https).", default=None)
    accepting: AcceptingPatients = column("Whether new patients are taken on.", default=AcceptingPatients.UNKNOWN)
    accepting_on: date | None = column("Day of that answer; today if it is new.", default=None)
    accepting_note: str | None = column("Remark to that answer.", default=None)
    languages: list[str] | None = column("ISO 639 codes; gsg for German Sign Language.", default=None)
    places: list[HealthPlaceInput] | None = column("Where it is offered.", default=None)
    phones: list[HealthPhoneInput] | None = column("Phone numbers.", default=None)
    contacts: list[HealthContactInput] | None = column("Whom to turn to.", default=None)
    cost_options: list[HealthCostOptionInput] | None = column("Prices.", default=None)


@input_type
class HealthProposalInput:
    """What should be listed or changed, as far as it is known."""

    name: str | None = column("Name of the offer.", default=None)
    description: str | None = column("What is offered.", default=None)
    provider: str | None = column("Who offers it.", default=None)
    address: str | None = column("Where.", default=None)
    phone: str | None = column("Phone number.", default=None)
    url: str | None = column("Web page (https).", default=None)
    opening_hours: str | None = column("Opening hours as OSM text.", default=None)


def service_draft(given: HealthServiceInput) -> drafts.ServiceDraft:
    """The draft of a service."""
    return _copy(
        drafts.ServiceDraft,
        given,
        description=given.description or "",
        organization=organization_draft(given.organization),
        languages=list(given.languages or ()),
        places=[_place(place) for place in given.places or ()],
        phones=[_copy(drafts.PhoneDraft, phone) for phone in given.phones or ()],
        contacts=[_copy(drafts.ContactDraft, contact) for contact in given.contacts or ()],
        costs=[_copy(drafts.CostDraft, cost) for cost in given.cost_options or ()],
    )


def organization_draft(given: HealthOrganizationInput) -> drafts.OrganizationDraft:
    """The draft of an organisation."""
    return _copy(drafts.OrganizationDraft, given, phones=[_copy(drafts.PhoneDraft, p) for p in given.phones or ()])


def location_draft(given: HealthLocationInput) -> drafts.LocationDraft:
    """The draft of a location."""
    return _copy(drafts.LocationDraft, given, accessibility=list(given.accessibility or ()))


def proposal(given: HealthProposalInput) -> Proposal:
    """The proposal of a resident."""
    return _copy(Proposal, given)


def _place(given: HealthPlaceInput) -> drafts.PlaceDraft:
    return _copy(drafts.PlaceDraft, given, location=location_draft(given.location))


def _copy(draft: Callable[..., D], given: Any, **instead: Any) -> D:
    """A draft with the values of the same names; those that differ in shape are given."""
    names = {part.name for part in fields(draft)} & {part.name for part in fields(given)}  # type: ignore[arg-type]
    values = {name: getattr(given, name) for name in names if name not in instead}
    return draft(**{name: value for name, value in values.items() if value is not UNSET}, **instead)
