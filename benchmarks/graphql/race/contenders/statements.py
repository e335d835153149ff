"""The SQL of both contenders that answer by functions over plain rows, so that they differ in nothing but the server.

Every statement names the town by the parameter `tenant`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import select

from regiohub_booking.models import Booking, Place, Resource
from regiohub_booking.rules.states import BookingState
from regiohub_health_directory.models import Organization, Service
from regiohub_health_directory.models.offers import PUBLIC_STATUSES
from regiohub_lorawan.models import Datastream, Device, Observation, Thing

TENANT = sa.bindparam("tenant", type_=sa.Integer())
R = ("id", "slug", "name", "kind", "description", "persons", "wheelchair", "units", "equipment")
"""Columns of a resource; behind them come id, name and address of its house."""
S = (
    "id", "name", "alternate_name", "description", "url", "email", "fees_description", "opening_hours",
    "appointment_required", "telehealth", "verified_on", "updated_at",
)  # fmt: skip
"""Columns of a health service; behind them come id, name and website of its organisation."""
_D = ("id", "title", "unit", "series")


def _columns(model: Any, names: Sequence[str]) -> list[Any]:
    return [getattr(model, name) for name in names]


def _joined(parent: Any, target: Any, key: str) -> Any:
    return sa.and_(target.tenant_id == parent.tenant_id, target.id == getattr(parent, key))


RESOURCES = (
    select(*_columns(Resource, R), *_columns(Place, ("id", "name", "address")))
    .join(Place, _joined(Resource, Place, "place_id"))
    .where(Resource.tenant_id == TENANT, Resource.active)
    .order_by(Resource.name, Resource.id)
)
SERVICE = (
    select(*_columns(Service, S), *_columns(Organization, ("id", "name", "website")))
    .join(Organization, _joined(Service, Organization, "organization_id"))
    .where(Service.tenant_id == TENANT, Service.status.in_(PUBLIC_STATUSES))
)
DATASTREAMS = (
    select(*_columns(Datastream, _D), *_columns(Thing, ("id", "name", "place")))
    .join(Thing, _joined(Datastream, Thing, "thing_id"))
    .where(Datastream.tenant_id == TENANT)
    .order_by(Datastream.series)
)
DATASTREAM = (
    select(*_columns(Datastream, _D), *_columns(Device, ("name", "dev_eui")))
    .join(Device, _joined(Datastream, Device, "device_id"))
    .where(Datastream.tenant_id == TENANT)
)
_VALUES = select(Observation.ts, Observation.value).where(Observation.tenant_id == TENANT).order_by(Observation.ts)


def page(model: Any, names: Sequence[str], first: int, *order: Any, where: Any = None) -> Any:
    """The first rows of a model in the town."""
    statement = select(*_columns(model, names)).where(model.tenant_id == TENANT).order_by(*order, model.id)
    return (statement if where is None else statement.where(where)).limit(first)


def values(series: int, since: datetime, until: datetime, first: int) -> Any:
    """Moments and values of a series."""
    found = _VALUES.where(Observation.series == series, Observation.ts >= since, Observation.ts < until)
    return found.limit(first)


def busy(ids: Sequence[UUID], after: datetime | None, first: int) -> Any:
    """The next bookings of each resource: its id, beginning, end, quantity."""
    order = (Booking.starts_at, Booking.id)
    place = sa.func.row_number().over(partition_by=Booking.resource_id, order_by=order).label("place")
    found = (
        select(Booking.resource_id, Booking.starts_at, Booking.ends_at, Booking.quantity, place)
        .where(Booking.tenant_id == TENANT, Booking.resource_id.in_(ids), occupying(after))
        .subquery()
    )
    return select(found).where(found.c.place <= first).order_by(found.c.resource_id, found.c.place)


def occupying(after: datetime | None) -> sa.ColumnElement[bool]:
    """Bookings that keep others away and end after the moment."""
    held = sa.and_(Booking.state == BookingState.HELD, Booking.expires_at > datetime.now(UTC))
    states = sa.or_(Booking.state.in_((BookingState.PENDING, BookingState.CONFIRMED)), held)
    return sa.and_(states, Booking.ends_at > after) if after is not None else states
