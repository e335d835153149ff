"""Organisations and services."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from regiohub.api import Connection, Ctx, batched, bound, column, computed, input_type, to_many, to_one
from regiohub_health_directory.models import (
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
from regiohub_health_directory.service.freshness import HealthFreshness, current_accepting, freshness
from regiohub_health_directory.service.hours import HoursStatus
from regiohub_health_directory.service.languages import language_name
from regiohub_health_directory.taxonomy import load_taxonomy

from .places import HealthContactType, HealthCostOptionType, HealthPhoneType, HealthPlaceType, hours_in_words
from .values import HealthLanguageType, HealthTermType, OpeningStateType, opening_state, term_value


@input_type
class PointInput:
    """A point on the map."""

    lon: float = column("Longitude in degrees (WGS 84), east positive.")
    lat: float = column("Latitude in degrees (WGS 84), north positive.")


def visible(ctx: Ctx) -> Any:
    """Staff see every service, everybody else the active and temporarily closed ones."""
    return None if ctx.can(MANAGE) else visible_to_public()


def _accepting(row: Service, ctx: Ctx) -> AcceptingPatients:
    return current_accepting(row, ctx)


@bound(Service, rows=visible)
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
    )
    appointment_required: bool = column("Whether one needs an appointment.")
    appointment_url: str | None = column("Where to make an appointment.")
    telehealth: bool = column("Whether it can be had by phone or video.")
    telehealth_url: str | None = column("Where the video or phone consultation starts.")
    accepting_new_patients: AcceptingPatients = computed(
        "Whether new patients or participants are taken on; an answer that is too old counts as unknown.",
        python=_accepting,
    )
    accepting_on: date | None = column("Day of that answer.")
    accepting_note: str | None = column("Remark to that answer.")
    verified_on: date | None = column("Day on which somebody last confirmed the entry.")
    freshness: HealthFreshness = computed("Traffic light for that day.", python=freshness)
    updated_at: datetime = column("When the entry last changed; says nothing about whether it was checked.")
    revision: int = column("Number of the last change.")
    example: bool = column("Whether this is made-up demonstration data.")
    organization: "HealthOrganizationType" = to_one("Who offers it.", Service.organization)
    places: Connection[HealthPlaceType] = to_many("Where it is offered.", Service.places)
    phones: Connection[HealthPhoneType] = to_many("Phone numbers.", Service.phones)
    contacts: Connection[HealthContactType] = to_many("Whom to turn to.", Service.contacts)
    cost_options: Connection[HealthCostOptionType] = to_many("Prices.", Service.cost_options)

    @batched("Terms of the taxonomy it falls under.")
    @staticmethod
    async def categories(rows: Sequence[Service], ctx: Ctx) -> "list[list[HealthTermType]]":
        terms = load_taxonomy().terms
        found = await answers.codes_of(ctx, ServiceTerm, rows)
        return [[term_value(terms[code], ctx) for code in codes if code in terms] for codes in found]

    @batched("Languages in which it can be had.")
    @staticmethod
    async def languages(rows: Sequence[Service], ctx: Ctx) -> "list[list[HealthLanguageType]]":
        found = await answers.codes_of(ctx, ServiceLanguage, rows)
        return [
            [HealthLanguageType(code=code, name=language_name(code, ctx.locale)) for code in codes] for codes in found
        ]

    @batched("Whether a wheelchair gets in at one of its places at least.")
    @staticmethod
    async def wheelchair(rows: Sequence[Service], ctx: Ctx) -> list[WheelchairAccess]:
        return await answers.wheelchair_access(ctx, rows)

    @batched("What a visitor meets now, over all places; public holidays of the town's state are known.")
    @staticmethod
    async def opening(rows: Sequence[Service], ctx: Ctx) -> list[OpeningStateType]:
        return [opening_state(state) for state in await answers.opening_states(ctx, rows)]

    @batched("Whether it is open now; null if no hours are known.")
    @staticmethod
    async def open_now(rows: Sequence[Service], ctx: Ctx) -> list[bool | None]:
        states = await answers.opening_states(ctx, rows)
        return [None if s.status is HoursStatus.UNKNOWN else s.status is HoursStatus.OPEN for s in states]

    @batched("When it opens or closes next.")
    @staticmethod
    async def next_change(rows: Sequence[Service], ctx: Ctx) -> list[datetime | None]:
        return [state.next_change for state in await answers.opening_states(ctx, rows)]

    @batched(
        "Distance in metres from a point to its nearest place; null without a place.", args={"from_": "The point."}
    )
    @staticmethod
    async def distance(rows: Sequence[Service], ctx: Ctx, from_: PointInput) -> list[float | None]:
        return await answers.distances(ctx, rows, Around(from_.lon, from_.lat, 1.0))


@bound(Organization)
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
