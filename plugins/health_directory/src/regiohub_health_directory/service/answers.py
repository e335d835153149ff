"""What is asked about many services at once; each answer takes one statement for all of them."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, select

from regiohub.api import Ctx, distance_to
from regiohub_health_directory.models import (
    HealthServiceStatus,
    Location,
    Service,
    ServiceAtLocation,
    ServiceLanguage,
    ServiceTerm,
    WheelchairAccess,
)

from .calendar import town_calendar
from .conditions import Around, checked_circle
from .hours import HoursState, HoursStatus, next_status_change

_AT = and_(Location.tenant_id == ServiceAtLocation.tenant_id, Location.id == ServiceAtLocation.location_id)


async def opening_states(ctx: Ctx, services: Sequence[Service]) -> list[HoursState]:
    """The state of each service over all its places; a service that is not active is closed."""
    own = {service.id: service.opening_hours for service in services}
    texts: defaultdict[UUID, list[str | None]] = defaultdict(list)
    rows = await ctx.session.execute(
        select(ServiceAtLocation.service_id, ServiceAtLocation.opening_hours)
        .where(ServiceAtLocation.service_id.in_([service.id for service in services]))
        .order_by(ServiceAtLocation.id)
    )
    for service_id, text in rows:
        texts[service_id].append(text or own[service_id])
    calendar, now = town_calendar(ctx), ctx.now()
    return [
        next_status_change(texts[service.id] or [service.opening_hours], calendar, now)
        if service.status is HealthServiceStatus.ACTIVE
        else HoursState(HoursStatus.CLOSED)
        for service in services
    ]


async def wheelchair_access(ctx: Ctx, services: Sequence[Service]) -> list[WheelchairAccess]:
    """Yes when one place can be entered, no when no place can, unknown otherwise."""
    found: defaultdict[UUID, set[WheelchairAccess]] = defaultdict(set)
    rows = await ctx.session.execute(
        select(ServiceAtLocation.service_id, Location.wheelchair)
        .join(Location, _AT)
        .where(ServiceAtLocation.service_id.in_([service.id for service in services]))
    )
    for service_id, access in rows:
        found[service_id].add(access)
    return [_combined(found[service.id]) for service in services]


def _combined(answers: set[WheelchairAccess]) -> WheelchairAccess:
    if WheelchairAccess.YES in answers:
        return WheelchairAccess.YES
    return WheelchairAccess.NO if answers == {WheelchairAccess.NO} else WheelchairAccess.UNKNOWN


async def distances(ctx: Ctx, services: Sequence[Service], point: Around) -> list[float | None]:
    """Metres from the middle of `point` to the nearest place of each service; None without a place."""
    checked_circle(point)
    rows = await ctx.session.execute(
        select(ServiceAtLocation.service_id, func.min(distance_to(Location.place, point.lon, point.lat)))
        .join(Location, _AT)
        .where(ServiceAtLocation.service_id.in_([service.id for service in services]), Location.place.is_not(None))
        .group_by(ServiceAtLocation.service_id)
    )
    found = {service_id: round(float(metres), 1) for service_id, metres in rows}
    return [found.get(service.id) for service in services]


async def codes_of(
    ctx: Ctx, model: type[ServiceTerm] | type[ServiceLanguage], services: Sequence[Service]
) -> list[list[str]]:
    """The codes (terms or languages) of each service, in order."""
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = await ctx.session.execute(
        select(model.service_id, model.code)
        .where(model.service_id.in_([service.id for service in services]))
        .order_by(model.code)
    )
    for service_id, code in rows:
        found[service_id].append(code)
    return [found[service.id] for service in services]
