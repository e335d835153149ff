"""The form of a place: its address, how accessible it is, and the hours of one entry there."""

from typing import Any

from regiohub.api import t
from regiohub.api.console import FormModel, asked
from regiohub_health_directory.models import HealthLocationType, Location, ServiceAtLocation, WheelchairAccess
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.drafts import LocationDraft

from . import words
from .entry_form import HOURS_HELP

_TYPES = (
    ("physical", t("Ort zum Hingehen", "place to go to")),
    ("postal", t("nur Postanschrift", "postal address only")),
    ("virtual", t("nur im Netz", "online only")),
)


class LocationForm(FormModel):
    """A place, for all entries there."""

    name: str = asked(t("Name des Ortes", "Name of the place"), min_length=1, max_length=300)
    location_type: HealthLocationType = asked(t("Art", "Kind"), default=HealthLocationType.PHYSICAL, choices=_TYPES)
    address: str | None = asked(t("Straße und Hausnummer", "Street and number"), default=None)
    postal_code: str | None = asked(t("Postleitzahl", "Postal code"), default=None, max_length=10)
    city: str | None = asked(t("Stadt oder Gemeinde", "Town"), default=None)
    district: str | None = asked(t("Ortsteil", "Part of the town"), default=None)
    transportation: str | None = asked(t("Anfahrt", "How to get there"), default=None)
    wheelchair: WheelchairAccess = asked(
        t("Mit dem Rollstuhl zugänglich", "Accessible by wheelchair"),
        default=WheelchairAccess.UNKNOWN,
        choices=words.YES_NO,
        help=t("„Unbekannt“ ist eine eigene Auskunft und wird nie als „nein“ gezeigt.",
               "“Unknown” is an answer of its own and never shown as “no”."),
    )  # fmt: skip
    accessibility: list[str] = asked(
        t("Merkmale der Barrierefreiheit", "Features of accessibility"),
        default=[], kind="several", choices=tuple(FEATURES.items()),
    )  # fmt: skip
    accessibility_note: str | None = asked(
        t("Barrierefreiheit in Worten", "Accessibility in words"), default=None, kind="textarea", rows=2
    )
    place: dict[str, Any] | None = asked(t("Lage (Punkt)", "Position (point)"), default=None, kind="geometry")


class PlaceForm(LocationForm):
    """The place and the hours of one entry there."""

    opening_hours: str | None = asked(
        t("Öffnungszeiten an diesem Ort", "Opening hours at this place"), default=None, kind="textarea", rows=2,
        help=HOURS_HELP,
    )  # fmt: skip
    remark: str | None = asked(t("Besonderheit an diesem Ort", "What is special at this place"), default=None)


def initial_location(location: Location) -> dict[str, Any]:
    """What stands in the form of a place."""
    return {name: getattr(location, name) for name in LocationForm.model_fields}


def initial_place(at: ServiceAtLocation, location: Location) -> dict[str, Any]:
    """What stands in the form of an entry's place."""
    return initial_location(location) | {"opening_hours": at.opening_hours, "remark": at.description}


def location_draft(value: LocationForm, url: str | None = None) -> LocationDraft:
    """The draft to store; the place's own web page is not in the form and stays."""
    return LocationDraft(url=url, **{name: getattr(value, name) for name in LocationForm.model_fields})
