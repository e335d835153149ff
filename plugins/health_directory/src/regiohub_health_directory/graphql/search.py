"""The conditions of a search."""

from uuid import UUID

from regiohub.api import Ctx, NearInput, column, input_type
from regiohub_health_directory.models import HealthServiceStatus, WheelchairAccess
from regiohub_health_directory.permissions import MANAGE
from regiohub_health_directory.service.conditions import Around, ServiceSearch
from regiohub_health_directory.service.freshness import HealthFreshness


@input_type
class HealthServiceFilter:
    """What is looked for; all conditions have to hold. Send words as a variable: they are never logged."""

    text: str | None = column(
        "Words as people type them: typos, umlauts and everyday names are understood.", default=None
    )
    categories: list[str] | None = column("Codes of the taxonomy; what is below them counts too.", default=None)
    near: NearInput | None = column("Not further away than this.", default=None)
    open_now: bool | None = column("Open at this moment.", default=None)
    wheelchair: WheelchairAccess | None = column("Answer on access by wheelchair at one of the places.", default=None)
    languages: list[str] | None = column("All of these languages (ISO 639 codes).", default=None)
    accepting_new_patients: bool | None = column(
        "New patients are taken on, by an answer that still holds.", default=None
    )
    telehealth: bool | None = column("Can be had by phone or video.", default=None)
    appointment_required: bool | None = column("Needs an appointment.", default=None)
    organization_id: UUID | None = column("Of this organisation.", default=None)
    postal_code: str | None = column("At a place with this postal code.", default=None)
    freshness: list[HealthFreshness] | None = column("Shows one of these traffic lights.", default=None)
    status: list[HealthServiceStatus] | None = column(
        "Of one of these states; only staff find hidden ones.", default=None
    )


def search_of(given: HealthServiceFilter | None, ctx: Ctx) -> ServiceSearch:
    """The search behind a filter; staff see services of every status."""
    hidden_too = ctx.can(MANAGE)
    if given is None:
        return ServiceSearch(hidden_too=hidden_too)
    return ServiceSearch(
        text=given.text,
        categories=frozenset(given.categories or ()),
        around=Around(given.near.lon, given.near.lat, given.near.metres) if given.near else None,
        open_now=bool(given.open_now),
        wheelchair=given.wheelchair,
        languages=frozenset(given.languages or ()),
        accepting=bool(given.accepting_new_patients),
        telehealth=given.telehealth,
        appointment_required=given.appointment_required,
        organization_id=given.organization_id,
        postal_code=given.postal_code,
        hidden_too=hidden_too,
        freshness=frozenset(given.freshness or ()),
        status=frozenset(given.status or ()),
    )
