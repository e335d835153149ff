"""Organisations and services."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from regiohub.api import Connection, Ctx, bound, column, computed, input_type, to_many, to_one
from regiohub.api.graphql import watch
from regiohub_health_directory.models import (
    LANGUAGE_CODES,
    PLACE_HOURS,
    TERM_CODES,
    AcceptingPatients,
    HealthServiceStatus,
    Organization,
    Service,
    ServiceLanguage,
    ServiceTerm,
    WheelchairAccess,
)
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service import answers
from regiohub_health_directory.service.conditions import Around, visible_to_public
from regiohub_health_directory.service.freshness import (
    HealthFreshness,
    accepting_now,
    current_accepting,
    freshness,
    freshness_now,
)
from regiohub_health_directory.service.hours import HoursState, HoursStatus
from regiohub_health_directory.service.languages import language_name
from regiohub_health_directory.taxonomy import load_taxonomy

from .places import HealthContactType, HealthCostOptionType, HealthPhoneType, HealthPlaceType, hours_in_words
from .values import HealthLanguageType, HealthTermType, OpeningStateType, opening_state, term_value

# No type shows these tables, but what is cacheable reads them.
watch(ServiceTerm, ServiceLanguage)


@input_type
class PointInput:
    """A point on the map."""

    lon: float = column("Longitude in degrees (WGS 84), east positive.")
    lat: float = column("Latitude in degrees (WGS 84), north positive.")


def visible(ctx: Ctx) -> Any:
    """Staff see every service, everybody else the active and temporarily closed ones."""
    return None if ctx.can(MANAGE) else visible_to_public()


_OPENING = (Service.status, Service.opening_hours, PLACE_HOURS)


def _state(row: Any, ctx: Ctx) -> HoursState:
    return answers.opening_state(ctx, row.status, row.opening_hours, row.place_hours)


def _open_now(row: Any, ctx: Ctx) -> bool | None:
    status = _state(row, ctx).status
    return None if status is HoursStatus.UNKNOWN else status is HoursStatus.OPEN


def _categories(row: Any, ctx: Ctx) -> list[HealthTermType]:
    terms = load_taxonomy().terms
    return [term_value(terms[code], ctx) for code in answers.codes(row.term_codes) if code in terms]


def _languages(row: Any, ctx: Ctx) -> list[HealthLanguageType]:
    found = answers.codes(row.language_codes)
    return [HealthLanguageType(code=code, name=language_name(code, ctx.locale)) for code in found]


def _distance(from_: PointInput) -> Any:
    return answers.distance(Around(from_.lon, from_.lat, 1.0))


@bound(Service, rows=visible, cacheable=True)
class HealthServiceType:
    """An offer for health: a practice's consultation, a care service, a group, a course."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    alternate_name: str | None = column("Another name it is known by.")
    description: str = column("What is offered.")
    summary_easy: str | None = column("The offer in plain language.")
    status: HealthServiceStatus = column("Whether it is running.")
    url: str | None = column("Web page.")
    email: str | None = column("Mail address.")
    alert: str | None = column("Short-term notice.")
    application_process: str | None = column("How to get an appointment or a place.")
    fees_description: str | None = column("What it costs, in words.")
    eligibility_description: str | None = column("For whom it is.")
    minimum_age: int | None = column("Youngest age in years.")
    maximum_age: int | None = column("Oldest age in years.")
    opening_hours: str | None = column("Hours that hold where a place has none of its own, as OSM opening_hours text.")
    opening_hours_text: str | None = computed(
        "Those hours in words, in the caller's language.",
        python=lambda row, ctx: hours_in_words(row.opening_hours, ctx),
        reads=(Service.opening_hours,),
    )
    appointment_required: bool = column("Whether one needs an appointment.")
    appointment_url: str | None = column("Where to make an appointment.")
    telehealth: bool = column("Whether it can be had by phone or video.")
    telehealth_url: str | None = column("Where the video or phone consultation starts.")
    accepting_new_patients: AcceptingPatients = computed(
        "Whether new patients or participants are taken on; an answer that is too old counts as unknown.",
        sql=accepting_now,
        python=current_accepting,
        reads=(Service.accepting, Service.accepting_on),
    )
    accepting_on: date | None = column("Day of that answer.")
    accepting_note: str | None = column("Remark to that answer.")
    verified_on: date | None = column("Day on which somebody last confirmed the entry.")
    freshness: HealthFreshness = computed(
        "Traffic light for that day.", sql=freshness_now, python=freshness, reads=(Service.verified_on,)
    )
    updated_at: datetime = column("When the entry last changed; says nothing about whether it was checked.")
    revision: int = column("Number of the last change.")
    example: bool = column("Whether this is made-up demonstration data.")
    organization: "HealthOrganizationType" = to_one("Who offers it.", Service.organization)
    places: Connection[HealthPlaceType] = to_many("Where it is offered.", Service.places)
    phones: Connection[HealthPhoneType] = to_many("Phone numbers.", Service.phones)
    contacts: Connection[HealthContactType] = to_many("Whom to turn to.", Service.contacts)
    cost_options: Connection[HealthCostOptionType] = to_many("Prices.", Service.cost_options)

    categories: list[HealthTermType] = computed(
        "Terms of the taxonomy it falls under.", python=_categories, reads=(TERM_CODES,), cacheable=True
    )
    languages: list[HealthLanguageType] = computed(
        "Languages in which it can be had.", python=_languages, reads=(LANGUAGE_CODES,), cacheable=True
    )
    wheelchair: WheelchairAccess = computed(
        "Whether a wheelchair gets in at one of its places at least.", sql=answers.wheelchair_access
    )
    opening: OpeningStateType = computed(
        "What a visitor meets now, over all places; public holidays of the town's state are known.",
        python=lambda row, ctx: opening_state(_state(row, ctx)),
        reads=_OPENING,
    )
    open_now: bool | None = computed(
        "Whether it is open now; null if no hours are known.", python=_open_now, reads=_OPENING
    )
    next_change: datetime | None = computed(
        "When it opens or closes next.", python=lambda row, ctx: _state(row, ctx).next_change, reads=_OPENING
    )
    distance: float | None = computed(
        "Distance in metres from a point to its nearest place; null without a place.",
        sql=_distance,
        args={"from_": "The point."},
    )


@bound(Organization, cacheable=True)
class HealthOrganizationType:
    """Who answers for offers: a practice, a provider of care, a club."""

    id: UUID = column("Identifier.")
    name: str = column("Name.")
    description: str = column("What it is.")
    email: str | None = column("Mail address.")
    website: str | None = column("Web page.")
    phones: Connection[HealthPhoneType] = to_many("Phone numbers.", Organization.phones)
    services: Connection[HealthServiceType] = to_many(
        "What it offers.", Organization.services, order_by=(Service.sort_name,)
    )
