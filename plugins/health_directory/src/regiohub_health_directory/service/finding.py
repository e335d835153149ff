"""Finding services: conditions in the database, words and hours in one piece of Python, the same on both databases."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select

from regiohub.api import Ctx, InvalidInput, TenantSession, distance_to, near, t
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

from .calendar import town_calendar
from .freshness import accepting_since
from .hours import HoursStatus, status_at
from .search.index import scores
from .search.query import Query, QueryTooLongError, parse_query
from .search.ranking import rank

MOST_METRES = 500_000
_MOST_IN_STATEMENT = 500
_NEAR_BAND = 5.0
"""Near a point, a few points of score count less than the way there."""


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


@dataclass(frozen=True)
class Hit:
    """One found service, its distance in metres if a point was given, and its score if words were."""

    id: UUID
    distance: float | None = None
    score: float | None = None


async def find_services(ctx: Ctx, search: ServiceSearch) -> list[Hit]:
    """All services that fit, best first: by words, else by distance, else by name.

    The number of statements does not depend on the number of services. Raises `InvalidInput` for an unknown category,
    a point outside the world or an endless question.
    """
    query = parsed_query(search.text)
    distances = await _distances(ctx.session, checked_circle(search.around)) if search.around else None
    scored = await scores(ctx.session, load_taxonomy(), query) if query else None
    chosen = _common(distances, scored)
    names = await _candidates(ctx, search, chosen)
    if search.open_now and names:
        names = await _open_only(ctx, names)
    metres = distances or {}

    def tie(identifier: UUID) -> tuple[Any, ...]:
        return metres.get(identifier, 0.0), names[identifier], identifier

    if query is None or scored is None:
        return [Hit(identifier, metres.get(identifier)) for identifier in sorted(names, key=tie)]
    fitting = {identifier: scored[identifier] for identifier in names}
    ranked = rank(query.words, fitting, tie=tie, band=_NEAR_BAND if search.around else 0.01)
    return [Hit(candidate.id, metres.get(candidate.id), candidate.score) for candidate in ranked]


def is_plain(search: ServiceSearch) -> bool:
    """Whether the database alone can answer: no words, no point, no hours."""
    return not (search.text and search.text.strip()) and search.around is None and not search.open_now


def plain_statement(ctx: Ctx, search: ServiceSearch) -> Select[Service]:
    """The services of a plain search; order them by `Service.sort_name`."""
    return select(Service).where(*_conditions(ctx, search))


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


def _common(*found: Mapping[UUID, Any] | None) -> set[UUID] | None:
    """The ids that all given findings share; None when there is no finding to restrict by."""
    given = [set(ids) for ids in found if ids is not None]
    return set.intersection(*given) if given else None


def parsed_query(text: str | None) -> Query | None:
    """The words of a question, or None without any; raises `InvalidInput` for an endless one."""
    if not text or not text.strip():
        return None
    try:
        query = parse_query(text)
    except QueryTooLongError:
        message = t(
            "Die Suche ist zu lang: höchstens 12 Wörter und 200 Zeichen.",
            "The search is too long: at most 12 words and 200 characters.",
        )
        # Without the cause: a traceback must not carry the words either.
        raise InvalidInput(message, field="text") from None
    return query if query.words else None


async def _candidates(ctx: Ctx, search: ServiceSearch, chosen: set[UUID] | None) -> dict[UUID, str]:
    statement = select(Service.id, Service.sort_name).where(*_conditions(ctx, search))
    if chosen is not None and len(chosen) <= _MOST_IN_STATEMENT:
        statement = statement.where(Service.id.in_(chosen))
    rows = await ctx.session.execute(statement)
    return {row.id: row.sort_name for row in rows if chosen is None or row.id in chosen}


def visible_to_public() -> ColumnElement[bool]:
    """The services that everybody may see."""
    return Service.status.in_(PUBLIC_STATUSES)


def _conditions(ctx: Ctx, search: ServiceSearch) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not search.hidden_too:
        found.append(visible_to_public())
    if search.categories:
        found.append(_has(ServiceTerm, ServiceTerm.code.in_(category_codes(search.categories))))
    if search.languages:
        found.extend(_has(ServiceLanguage, ServiceLanguage.code == code) for code in sorted(search.languages))
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
    place: list[ColumnElement[bool]] = []
    if search.wheelchair:
        place.append(Location.wheelchair == search.wheelchair)
    if search.postal_code:
        place.append(Location.postal_code == search.postal_code)
    if place:
        found.append(_at_place(*place))
    return found


def category_codes(wanted: frozenset[str]) -> set[str]:
    """The codes with everything below them; raises `InvalidInput` for a code that does not exist."""
    taxonomy = load_taxonomy()
    unknown = sorted(wanted - taxonomy.terms.keys())
    if unknown:
        message = t("Diese Kategorie gibt es nicht: {code}.", "There is no such category: {code}.")
        raise InvalidInput(message.format(code=unknown[0][:40]), field="categories")
    return {below for code in wanted for below in taxonomy.with_descendants(code)}


def _has(model: type[ServiceTerm] | type[ServiceLanguage], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(model.tenant_id == Service.tenant_id, model.service_id == Service.id, condition)


def _at_place(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        ServiceAtLocation.tenant_id == Service.tenant_id,
        ServiceAtLocation.service_id == Service.id,
        Location.tenant_id == ServiceAtLocation.tenant_id,
        Location.id == ServiceAtLocation.location_id,
        *conditions,
    )


async def _distances(session: TenantSession, around: Around) -> dict[UUID, float]:
    metres = func.min(distance_to(Location.place, around.lon, around.lat))
    rows = await session.execute(
        select(ServiceAtLocation.service_id, metres)
        .join(
            Location,
            and_(Location.tenant_id == ServiceAtLocation.tenant_id, Location.id == ServiceAtLocation.location_id),
        )
        .where(near(Location.place, around.lon, around.lat, around.metres))
        .group_by(ServiceAtLocation.service_id)
    )
    return {service_id: float(distance) for service_id, distance in rows}


async def _open_only(ctx: Ctx, names: Mapping[UUID, str]) -> dict[UUID, str]:
    calendar, now = town_calendar(ctx), ctx.now()
    open_texts: dict[str, bool] = {}

    def is_open(text: str | None) -> bool:
        if not text:
            return False
        if text not in open_texts:
            open_texts[text] = status_at(text, calendar, now).status is HoursStatus.OPEN
        return open_texts[text]

    statement = (
        select(Service.id, Service.opening_hours, ServiceAtLocation.opening_hours)
        .outerjoin(
            ServiceAtLocation,
            and_(ServiceAtLocation.tenant_id == Service.tenant_id, ServiceAtLocation.service_id == Service.id),
        )
        .where(Service.status == HealthServiceStatus.ACTIVE)
        .where(or_(Service.opening_hours.is_not(None), ServiceAtLocation.opening_hours.is_not(None)))
    )
    if len(names) <= _MOST_IN_STATEMENT:
        statement = statement.where(Service.id.in_(names))
    rows = await ctx.session.execute(statement)
    opened = {service_id for service_id, own, at_place in rows if is_open(at_place or own)}
    return {identifier: name for identifier, name in names.items() if identifier in opened}
