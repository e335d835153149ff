"""The SQL of both contenders that answer by functions over plain rows, so that they differ in nothing but the server.

Each is made once, since making one costs more than much of what a request does; what differs from request to request
is a parameter: `tenant` in all of them, `first` in lists, `id` for one row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from regiohub.db.types import Guid, UtcDateTime
from regiohub.tenancy.models import Measure, TenantRow
from regiohub_atlas.models import Procedure, Topic
from regiohub_booking.models import Booking, Place, Resource
from regiohub_booking.rules.states import BookingState
from regiohub_health_directory.models import Organization, Service
from regiohub_health_directory.models.offers import PUBLIC_STATUSES
from regiohub_lorawan.models import Datastream, Device, Observation, Thing

_TENANT = sa.bindparam("tenant", type_=sa.Integer())
_FIRST = sa.bindparam("first", type_=sa.Integer())
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
    .where(Resource.tenant_id == _TENANT, Resource.active)
    .order_by(Resource.name, Resource.id)
    .limit(_FIRST)
)
OF_KIND = RESOURCES.where(Resource.kind == sa.bindparam("kind"))
SERVICE = (
    select(*_columns(Service, S), *_columns(Organization, ("id", "name", "website")))
    .join(Organization, _joined(Service, Organization, "organization_id"))
    .where(Service.tenant_id == _TENANT, Service.id == sa.bindparam("id"), Service.status.in_(PUBLIC_STATUSES))
)
DATASTREAMS = (
    select(*_columns(Datastream, _D), *_columns(Thing, ("id", "name", "place")))
    .join(Thing, _joined(Datastream, Thing, "thing_id"))
    .where(Datastream.tenant_id == _TENANT)
    .order_by(Datastream.series)
    .limit(_FIRST)
)
DATASTREAM = (
    select(*_columns(Datastream, _D), *_columns(Device, ("name", "dev_eui")))
    .join(Device, _joined(Datastream, Device, "device_id"))
    .where(Datastream.tenant_id == _TENANT, Datastream.id == sa.bindparam("id"))
)
VALUES = (
    select(Observation.ts, Observation.value)
    .where(
        Observation.tenant_id == _TENANT, Observation.series == sa.bindparam("series"),
        Observation.ts >= sa.bindparam("since"), Observation.ts < sa.bindparam("until"),
    )
    .order_by(Observation.ts)
    .limit(_FIRST)
)  # fmt: skip
TOWN = select(TenantRow.slug, TenantRow.name).where(TenantRow.id == _TENANT)


def _page(model: Any, names: str, *order: Any) -> Any:
    found = select(*_columns(model, names.split())).where(model.tenant_id == _TENANT)
    return found.order_by(*order, model.id).limit(_FIRST)


MEASURES = _page(Measure, "key title lead from_year", Measure.position, Measure.key)
TOPICS = _page(Topic, "key title", Topic.title)
ORGANIZATIONS = _page(Organization, "id name website", Organization.name)
PLACES = _page(Place, "id name address wheelchair position", Place.name)
_PROCEDURE = (Procedure, "id slug title summary kind published_at")
PROCEDURES = _page(*_PROCEDURE, Procedure.title).where(Procedure.published_at.is_not(None))
NEWEST_PROCEDURES = _page(*_PROCEDURE, Procedure.published_at.desc()).where(Procedure.published_at.is_not(None))


def occupying(after: Any, now: Any) -> sa.ColumnElement[bool]:
    """Bookings that keep others away and end after the moment."""
    held = sa.and_(Booking.state == BookingState.HELD, Booking.expires_at > now)
    states = sa.or_(Booking.state.in_((BookingState.PENDING, BookingState.CONFIRMED)), held)
    return states if after is None else sa.and_(states, Booking.ends_at > after)


def _busy() -> Any:
    order = (Booking.starts_at, Booking.id)
    place = sa.func.row_number().over(partition_by=Booking.resource_id, order_by=order).label("place")
    among = Booking.resource_id.in_(sa.bindparam("ids", expanding=True, type_=Guid()))
    after, now = (sa.bindparam(name, type_=UtcDateTime()) for name in ("after", "now"))
    found = (
        select(Booking.resource_id, Booking.starts_at, Booking.ends_at, Booking.quantity, place)
        .where(Booking.tenant_id == _TENANT, among, occupying(after, now))
        .subquery()
    )
    return select(found).where(found.c.place <= _FIRST).order_by(found.c.resource_id, found.c.place)


BUSY = _busy()
"""The next bookings of each resource (`ids`, `after`, `now`): its id, beginning, end, quantity."""
