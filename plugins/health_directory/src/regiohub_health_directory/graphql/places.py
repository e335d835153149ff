"""Organisations, locations and what belongs to a service."""

from typing import Any
from uuid import UUID

from regiohub.api import Ctx, GeoJSON, bound, column, computed, to_one
from regiohub_health_directory.models import (
    Contact,
    CostOption,
    HealthLocationType,
    Location,
    Phone,
    ServiceAtLocation,
    WheelchairAccess,
)
from regiohub_health_directory.service.accessibility import FEATURES
from regiohub_health_directory.service.calendar import town_calendar
from regiohub_health_directory.service.hours import describe_hours, status_at

from .values import HealthFeatureType, OpeningStateType, opening_state


@bound(Phone, cacheable=True)
class HealthPhoneType:
    """A phone number."""

    id: UUID = column("Identifier.")
    number: str = column("Number as it is dialled.")
    kind: str = column("voice, fax, text or tty.")
    description: str | None = column("When or for what to call it.")


@bound(Contact, cacheable=True)
class HealthContactType:
    """A role one can turn to."""

    id: UUID = column("Identifier.")
    name: str | None = column("Name of the desk or person.")
    title: str | None = column("Role.")
    email: str | None = column("Mail address.")


@bound(CostOption, cacheable=True)
class HealthCostOptionType:
    """What an offer costs under one condition."""

    id: UUID = column("Identifier.")
    option: str = column("The condition, e.g. with a prescription.")
    amount: str | None = computed(
        "Amount as a decimal number.",
        python=lambda row, _: f"{row.amount:.2f}" if row.amount is not None else None,
        reads=(CostOption.amount,),
        cacheable=True,
    )
    currency: str | None = column("ISO 4217 code.")
    amount_description: str | None = column("The price in words.")


def _features(row: Any, ctx: Ctx) -> list[HealthFeatureType]:
    return [HealthFeatureType(code=code, title=FEATURES[code].get(ctx.locale)) for code in row.accessibility]


@bound(Location, name="HealthLocation", cacheable=True)
class HealthLocationNode:
    """A place where offers are, with its accessibility."""

    id: UUID = column("Identifier.")
    name: str = column("Name of the place.")
    location_type: HealthLocationType = column("Physical, postal or virtual.")
    address: str | None = column("Street and number.")
    postal_code: str | None = column("Postal code.")
    city: str | None = column("Town.")
    district: str | None = column("Part of the town, e.g. a village.")
    transportation: str | None = column("How to get there.")
    url: str | None = column("Web page, also that of a virtual place.")
    place: GeoJSON | None = column("Point (GeoJSON, WGS 84).")
    wheelchair: WheelchairAccess = column("Whether a wheelchair gets in.")
    accessibility_note: str | None = column("Accessibility in words.")
    features: list[HealthFeatureType] = computed(
        "Agreed features of accessibility.", python=_features, reads=(Location.accessibility,), cacheable=True
    )


def hours_in_words(text: str | None, ctx: Ctx) -> str | None:
    """Opening hours in the caller's language, or None without any."""
    day = ctx.now().astimezone(ctx.tenant.timezone).date()
    return describe_hours(text, ctx.locale, day) if text else None


def _opening(row: Any, ctx: Ctx) -> OpeningStateType | None:
    if not row.opening_hours:
        return None
    return opening_state(status_at(row.opening_hours, town_calendar(ctx), ctx.now()))


@bound(ServiceAtLocation, cacheable=True)
class HealthPlaceType:
    """A service at one of its places."""

    id: UUID = column("Identifier.")
    location: HealthLocationNode = to_one("The place.", ServiceAtLocation.location)
    description: str | None = column("What is special at this place.")
    opening_hours: str | None = column("Hours at this place as OSM opening_hours text; null if the service's own hold.")
    opening_hours_text: str | None = computed(
        "Hours at this place in words, in the caller's language.",
        python=lambda row, ctx: hours_in_words(row.opening_hours, ctx),
        reads=(ServiceAtLocation.opening_hours,),
    )
    opening: OpeningStateType | None = computed(
        "What a visitor meets at this place now; null if the service's own hours hold.",
        python=_opening,
        reads=(ServiceAtLocation.opening_hours,),
    )
