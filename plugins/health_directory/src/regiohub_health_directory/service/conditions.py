"""What is looked for, and the conditions that the database answers."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, select

from regiohub.api import Ctx, InvalidInput, t
from regiohub_health_directory.models import (
    PUBLIC_STATUSES,
    AcceptingPatients,
    HealthServiceStatus,
    Location,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTerm,
    WheelchairAccess,
)
from regiohub_health_directory.taxonomy import load_taxonomy

from .freshness import HealthFreshness, accepting_since, is_fresh

MOST_METRES = 500_000


@dataclass(frozen=True)
class Around:
    """A circle: degrees (WGS 84) and metres."""

    lon: float
    lat: float
    metres: float


@dataclass(frozen=True, repr=False)
class ServiceSearch:
    """What is looked for; every condition has to hold. `text` stays out of the object's own text form."""

    text: str | None = None
    categories: frozenset[str] = field(default_factory=frozenset[str])
    around: Around | None = None
    open_now: bool = False
    wheelchair: WheelchairAccess | None = None
    languages: frozenset[str] = field(default_factory=frozenset[str])
    accepting: bool = False
    telehealth: bool | None = None
    appointment_required: bool | None = None
    organization_id: UUID | None = None
    postal_code: str | None = None
    modified_after: datetime | None = None
    hidden_too: bool = False
    freshness: frozenset[HealthFreshness] = field(default_factory=frozenset[HealthFreshness])
    status: frozenset[HealthServiceStatus] = field(default_factory=frozenset[HealthServiceStatus])


def checked_circle(around: Around) -> Around:
    """The circle, or `InvalidInput` for one that is not on the earth."""
    # Written so that NaN fails too.
    if not (-180 <= around.lon <= 180 and -90 <= around.lat <= 90 and 0 < around.metres <= MOST_METRES):
        message = t(
            "Der Umkreis liegt nicht auf der Erde: Länge -180 bis 180, Breite -90 bis 90, höchstens 500 km.",
            "The circle is not on the earth: longitude -180 to 180, latitude -90 to 90, at most 500 km.",
        )
        raise InvalidInput(message, field="near")
    return around


def visible_to_public() -> ColumnElement[bool]:
    """The services that everybody may see."""
    return Service.status.in_(PUBLIC_STATUSES)


def conditions(ctx: Ctx, search: ServiceSearch) -> list[ColumnElement[bool]]:
    """The predicates on `Service` behind a search, without words, point and hours."""
    found: list[ColumnElement[bool]] = []
    if not search.hidden_too:
        found.append(visible_to_public())
    if search.categories:
        found.append(has_part(ServiceTerm, ServiceTerm.code.in_(category_codes(search.categories))))
    if search.languages:
        found.extend(has_part(ServiceLanguage, ServiceLanguage.code == code) for code in sorted(search.languages))
    if search.accepting:
        found += [Service.accepting == AcceptingPatients.YES, Service.accepting_on >= accepting_since(ctx)]
    if search.telehealth is not None:
        found.append(Service.telehealth.is_(search.telehealth))
    if search.appointment_required is not None:
        found.append(Service.appointment_required.is_(search.appointment_required))
    if search.organization_id:
        found.append(Service.organization_id == search.organization_id)
    if search.modified_after:
        found.append(Service.updated_at >= search.modified_after)
    if search.freshness:
        found.append(is_fresh(ctx, *sorted(search.freshness)))
    if search.status:
        found.append(Service.status.in_(search.status))
    place: list[ColumnElement[bool]] = []
    if search.wheelchair:
        place.append(Location.wheelchair == search.wheelchair)
    if search.postal_code:
        place.append(Location.postal_code == search.postal_code)
    if place:
        found.append(at_place(*place))
    return found


def category_codes(wanted: frozenset[str]) -> set[str]:
    """The codes with everything below them; raises `InvalidInput` for a code that does not exist."""
    taxonomy = load_taxonomy()
    unknown = sorted(wanted - taxonomy.terms.keys())
    if unknown:
        message = t("Diese Kategorie gibt es nicht: {code}.", "There is no such category: {code}.")
        raise InvalidInput(message.format(code=unknown[0][:40]), field="categories")
    return {below for code in wanted for below in taxonomy.with_descendants(code)}


def has_part(model: type[ServiceTerm] | type[ServiceLanguage], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a service has a term or a language with this property, over its row."""
    below = exists().where(model.tenant_id == Service.tenant_id, model.service_id == Service.id, condition)
    return below.correlate(Service)


PLACES_OF = and_(Location.tenant_id == ServiceAtLocation.tenant_id, Location.id == ServiceAtLocation.location_id)
"""Joins a service at a place to the place."""
OF_SERVICE = and_(ServiceAtLocation.tenant_id == Service.tenant_id, ServiceAtLocation.service_id == Service.id)
"""Holds places to those of a service's row."""


def at_place(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a service is offered at a place (`Location`) with these properties."""
    places = select(ServiceAtLocation.id).join(Location, PLACES_OF).where(OF_SERVICE, *conditions)
    return places.correlate(Service).exists()
