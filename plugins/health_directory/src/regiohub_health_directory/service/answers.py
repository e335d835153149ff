"""What is asked about a service beyond its columns: worked out of what stands beside its row, or as SQL over it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Double, Numeric, case, cast, func, literal, select

from regiohub.api import Ctx, distance_to
from regiohub_health_directory.models import (
    HealthServiceStatus,
    Location,
    Service,
    ServiceAtLocation,
    WheelchairAccess,
)

from .calendar import town_calendar
from .conditions import OF_SERVICE, PLACES_OF, Around, at_place, checked_circle
from .hours import HoursState, HoursStatus, next_status_change

Gathered = Sequence[Sequence[Any]] | None
"""Rows below a service, in no order (see `models.gathered`)."""


def codes(gathered: Gathered) -> list[str]:
    """The codes (terms or languages) of a service, in order."""
    return sorted(code for (code,) in gathered or ())


def opening_state(ctx: Ctx, status: HealthServiceStatus, hours: str | None, place_hours: Gathered) -> HoursState:
    """The state of a service over all its places; a service that is not active is closed."""
    if status is not HealthServiceStatus.ACTIVE:
        return HoursState(HoursStatus.CLOSED)
    at_places = [text or hours for _, text in sorted(place_hours or (), key=lambda row: row[0])]
    return next_status_change(at_places or [hours], town_calendar(ctx), ctx.now())


def wheelchair_access() -> Any:
    """Yes when one place can be entered, no when no place can, unknown otherwise; over a service's row."""
    kind, access = Location.wheelchair.type, Location.wheelchair
    return case(
        (at_place(access == WheelchairAccess.YES), literal(WheelchairAccess.YES, kind)),
        (at_place(access != WheelchairAccess.NO), literal(WheelchairAccess.UNKNOWN, kind)),
        (at_place(), literal(WheelchairAccess.NO, kind)),
        else_=literal(WheelchairAccess.UNKNOWN, kind),
    )


def nearest_place(point: Around) -> Any:
    """Metres from the middle of `point` to the nearest place of a service, over its row; null without a place."""
    metres = func.min(distance_to(Location.place, point.lon, point.lat))
    nearest = select(metres).select_from(ServiceAtLocation).join(Location, PLACES_OF)
    return nearest.where(OF_SERVICE, Location.place.is_not(None)).correlate(Service).scalar_subquery()


def distance(point: Around) -> Any:
    """The same, rounded to decimetres. Raises `InvalidInput` for a point that is not on the earth."""
    return cast(func.round(cast(nearest_place(checked_circle(point)), Numeric), 1), Double)
