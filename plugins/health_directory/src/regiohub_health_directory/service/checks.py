"""Checks of what staff and residents fill in, before anything is stored."""

from collections.abc import Sequence

from regiohub.api import InvalidInput, t
from regiohub_health_directory.errors import malformed_hours
from regiohub_health_directory.taxonomy import load_taxonomy

from .accessibility import FEATURES
from .drafts import LocationDraft, PhoneDraft, ServiceDraft
from .hours import HoursSyntaxError, check_hours
from .languages import is_language

MAX_TEXT = 5000
MAX_LINE = 300
MAX_PARTS = 20


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
    check_phones(draft.phones, "")
    for number, contact in enumerate(draft.contacts):
        for name in ("name", "title", "email"):
            setattr(contact, name, optional(getattr(contact, name), f"contacts.{number}.{name}"))
    return draft


def check_phones(phones: Sequence[PhoneDraft], path: str) -> None:
    """Check and trim phone numbers; `path` stands before the field's name in errors."""
    for number, phone in enumerate(phones):
        phone.number = phone_number(phone.number, f"{path}phones.{number}.number")
        phone.description = optional(phone.description, f"{path}phones.{number}.description")
        if phone.kind not in ("voice", "fax", "text", "tty"):
            raise _wrong(f"{path}phones.{number}.kind")


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
    for name in ("places", "phones", "contacts", "costs"):
        if len(getattr(draft, name)) > MAX_PARTS:
            raise _wrong(name)


def check_location(location: LocationDraft, path: str) -> None:
    """Trim and check the texts of a new or changed location; `path` stands before the field's name in errors."""
    location.name = required(location.name, f"{path}name")
    for name in ("address", "postal_code", "city", "district", "transportation", "accessibility_note"):
        setattr(location, name, optional(getattr(location, name), f"{path}{name}"))
    location.url = web_address(location.url, f"{path}url")
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
