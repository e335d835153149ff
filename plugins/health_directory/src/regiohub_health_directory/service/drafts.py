"""What staff fill in: a service as a whole, checked before anything is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from regiohub.api import InvalidInput, t
from regiohub_health_directory.errors import malformed_hours
from regiohub_health_directory.models import (
    AcceptingPatients,
    HealthLocationType,
    HealthServiceStatus,
    WheelchairAccess,
)
from regiohub_health_directory.taxonomy import load_taxonomy

from .accessibility import FEATURES
from .hours import HoursSyntaxError, check_hours
from .languages import is_language

MAX_TEXT = 5000
MAX_LINE = 300
MAX_PARTS = 20


@dataclass
class OrganizationDraft:
    """An existing organisation by id, or a new one by its name."""

    id: UUID | None = None
    name: str | None = None
    description: str | None = None
    email: str | None = None
    website: str | None = None


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
class PhoneDraft:
    """A number with its kind: voice, fax, text or tty."""

    number: str
    kind: str = "voice"
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
    costs: list[CostDraft] = field(default_factory=list[CostDraft])
    verified_on: date | None = None
    """Only counts for new services; afterwards checks are recorded one by one."""
    example: bool = False
    source_key: str | None = None


def checked(draft: ServiceDraft) -> ServiceDraft:
    """The draft with trimmed texts and canonical hours; raises `InvalidInput` with the offending field."""
    draft.name = required(draft.name, "name")
    for name in ("description", "summary_easy", "application_process", "fees_description", "eligibility_description"):
        setattr(draft, name, optional(getattr(draft, name), name, MAX_TEXT))
    for name in ("alternate_name", "email", "alert", "accepting_note"):
        setattr(draft, name, optional(getattr(draft, name), name))
    for name in ("url", "appointment_url", "telehealth_url"):
        setattr(draft, name, web_address(getattr(draft, name), name))
    draft.description = draft.description or ""
    draft.opening_hours = hours(draft.opening_hours, "openingHours")
    _check_ages(draft)
    _check_lists(draft)
    for number, place in enumerate(draft.places):
        place.opening_hours = hours(place.opening_hours, f"places.{number}.openingHours")
        place.description = optional(place.description, f"places.{number}.description")
    for number, phone in enumerate(draft.phones):
        phone.number = phone_number(phone.number, f"phones.{number}.number")
        if phone.kind not in ("voice", "fax", "text", "tty"):
            raise _wrong(f"phones.{number}.kind")
    return draft


def hours(text: str | None, field_name: str) -> str | None:
    """Canonical opening hours, or None for an empty text."""
    if not text or not text.strip():
        return None
    try:
        return check_hours(text).text
    except HoursSyntaxError as error:
        raise malformed_hours(error, field_name) from error


def required(text: str | None, field_name: str) -> str:
    """A line that must not be empty."""
    found = optional(text, field_name)
    if not found:
        raise InvalidInput(t("Bitte ausfüllen.", "Please fill this in."), field=field_name)
    return found


def optional(text: str | None, field_name: str, longest: int = MAX_LINE) -> str | None:
    """A trimmed text, or None for an empty one; refused when it is too long."""
    found = (text or "").strip()
    if len(found) > longest:
        message = t("Höchstens {longest} Zeichen.", "At most {longest} characters.")
        raise InvalidInput(message.format(longest=longest), field=field_name)
    return found or None


def web_address(text: str | None, field_name: str) -> str | None:
    """An http or https address: other schemes could run script on a page that links to them."""
    found = optional(text, field_name)
    if found and not found.lower().startswith(("https://", "http://")):
        message = t("Bitte eine Adresse mit https:// angeben.", "Please give an address that starts with https://.")
        raise InvalidInput(message, field=field_name)
    return found


def phone_number(text: str, field_name: str) -> str:
    """A phone number of digits, blanks and the usual separators."""
    found = required(text, field_name)
    if not set(found) <= set("0123456789 +-/()") or sum(c.isdigit() for c in found) < 3:
        raise InvalidInput(t("Das ist keine Telefonnummer.", "This is not a phone number."), field=field_name)
    return found


def _check_ages(draft: ServiceDraft) -> None:
    low, high = draft.minimum_age, draft.maximum_age
    if any(age is not None and not 0 <= age <= 130 for age in (low, high)):
        raise _wrong("minimumAge")
    if low is not None and high is not None and low > high:
        message = t("Das Mindestalter liegt über dem Höchstalter.", "The minimum age is above the maximum age.")
        raise InvalidInput(message, field="minimumAge")


def _check_lists(draft: ServiceDraft) -> None:
    terms = load_taxonomy().terms
    draft.categories = sorted(set(draft.categories))
    draft.languages = sorted(set(draft.languages))
    if not draft.categories:
        message = t("Bitte mindestens eine Kategorie wählen.", "Please choose at least one category.")
        raise InvalidInput(message, field="categories")
    for code in draft.categories:
        if code not in terms:
            raise _wrong("categories", code)
    for code in draft.languages:
        if not is_language(code):
            raise _wrong("languages", code)
    for name in ("places", "phones", "costs"):
        if len(getattr(draft, name)) > MAX_PARTS:
            raise _wrong(name)


def check_location(location: LocationDraft, path: str) -> None:
    """Trim and check the texts of a new or changed location; `path` stands before the field's name in errors."""
    location.name = required(location.name, f"{path}name")
    for name in ("address", "postal_code", "city", "district", "transportation", "accessibility_note"):
        setattr(location, name, optional(getattr(location, name), f"{path}{name}"))
    location.accessibility = sorted(set(location.accessibility))
    for code in location.accessibility:
        if code not in FEATURES:
            raise _wrong(f"{path}accessibility", code)


def _wrong(field_name: str, value: str = "") -> InvalidInput:
    shown = f": {value[:40]}" if value else ""
    return InvalidInput(
        t("Dieser Wert ist nicht erlaubt{shown}.", "This value is not allowed{shown}.").format(shown=shown),
        field=field_name,
    )
