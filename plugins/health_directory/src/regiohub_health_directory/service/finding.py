"""Finding services: conditions in the database, words and hours in one piece of Python, the same on both databases."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select

from regiohub.api import Ctx, InvalidInput, TenantSession, distance_to, near, t
from regiohub_health_directory.models import HealthServiceStatus, Location, Service, ServiceAtLocation
from regiohub_health_directory.taxonomy import load_taxonomy

from .answers import nearest_place
from .calendar import town_calendar
from .conditions import Around, ServiceSearch, at_place, checked_circle, conditions
from .hours import HoursStatus, status_at
from .search.index import scores
from .search.query import Query, QueryTooLongError, parse_query
from .search.ranking import rank

_MOST_IN_STATEMENT = 500
_NEAR_BAND = 5.0
"""Near a point, a few points of score count less than the way there."""


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


def in_database(ctx: Ctx, search: ServiceSearch) -> Select[Service] | None:
    """The services that fit, if the database alone can tell: None for words and hours, which `find_services` knows.

    Order them by `in_order`. Raises `InvalidInput` as that does.
    """
    if search.open_now or (search.text and search.text.strip()):
        return None
    found = select(Service).where(*conditions(ctx, search))
    if search.around is None:
        return found
    around = checked_circle(search.around)
    return found.where(at_place(near(Location.place, around.lon, around.lat, around.metres)))


def in_order(search: ServiceSearch) -> tuple[Any, ...]:
    """By distance if a point is given, else by name."""
    return (Service.sort_name,) if search.around is None else (nearest_place(search.around), Service.sort_name)


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
    statement = select(Service.id, Service.sort_name).where(*conditions(ctx, search))
    if chosen is not None and len(chosen) <= _MOST_IN_STATEMENT:
        statement = statement.where(Service.id.in_(chosen))
    rows = await ctx.session.execute(statement)
    return {row.id: row.sort_name for row in rows if chosen is None or row.id in chosen}


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
