"""Types over ORM instances: attributes answer plain fields, relations go through loaders."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import strawberry
from sqlalchemy import select
from strawberry.scalars import JSON

from regiohub_atlas.models.enums import ProcedureKind
from regiohub_booking.models import ResourceKind
from regiohub_lorawan.models import Observation
from regiohub_lorawan.permissions import VIEW

from .inputs import BusyTimeFilter, From, Nodes
from .sessions import Access

strawberry.enum(ProcedureKind, name="ProcedureKind")
Info = strawberry.Info[Access, None]


@strawberry.type(name="BookingPlace")
class House:
    """A house."""

    id: UUID
    name: str
    address: str
    wheelchair: bool | None
    position: JSON | None


@strawberry.type(name="BusyTime")
class BusyTime:
    """A booking as the public sees it."""

    starts_at: datetime
    ends_at: datetime
    quantity: int


@strawberry.type(name="Resource")
class Resource:
    """What can be booked."""

    id: UUID
    slug: str
    name: str
    kind: ResourceKind
    description: str
    persons: int | None
    wheelchair: bool | None
    units: int
    equipment: list[str]

    @strawberry.field
    async def place(self, info: Info) -> House:
        """Its house."""
        return await info.context.loaders["house"].load(self.place_id)  # type: ignore[attr-defined]

    @strawberry.field
    async def bookings(self, info: Info, first: int = 20, filter: BusyTimeFilter | None = None) -> Nodes[BusyTime]:
        """Its bookings."""
        after = filter.from_ if filter else None
        return Nodes(nodes=await info.context.loaders["bookings"].load((self.id, after, first)))


@strawberry.type(name="HealthOrganization")
class Organization:
    """Who offers something."""

    id: UUID
    name: str
    website: str | None


@strawberry.type(name="HealthService")
class Service:
    """An offer for health."""

    id: UUID
    name: str
    alternate_name: str | None
    description: str
    url: str | None
    email: str | None
    fees_description: str | None
    opening_hours: str | None
    appointment_required: bool
    telehealth: bool
    verified_on: date | None
    updated_at: datetime

    @strawberry.field
    async def organization(self, info: Info) -> Organization:
        """Who offers it."""
        return await info.context.loaders["organization"].load(self.organization_id)  # type: ignore[attr-defined]


@strawberry.type(name="Thing")
class Thing:
    """What is observed."""

    id: UUID
    name: str
    place: JSON | None


@strawberry.type(name="Device")
class Device:
    """A sensor."""

    name: str

    @strawberry.field
    async def dev_eui(self, info: Info) -> str:
        """Its radio identifier, for staff."""
        info.context.caller.require(VIEW)
        return self.__dict__["dev_eui"]


@strawberry.type(name="Observation")
class Value:
    """A measured value."""

    value: float

    @strawberry.field
    async def time(self) -> datetime:
        """When it was measured."""
        return self.ts  # type: ignore[attr-defined]


@strawberry.type(name="Datastream")
class Datastream:
    """A series of values."""

    id: UUID
    title: str
    unit: str

    @strawberry.field
    async def thing(self, info: Info) -> Thing:
        """What is observed."""
        return await info.context.loaders["thing"].load(self.thing_id)  # type: ignore[attr-defined]

    @strawberry.field
    async def device(self, info: Info) -> Device:
        """The sensor."""
        return await info.context.loaders["device"].load(self.device_id)  # type: ignore[attr-defined]

    @strawberry.field
    async def observations(self, info: Info, from_: From, to: datetime, first: int = 20) -> Nodes[Value]:
        """Its values."""
        found = select(Observation).where(
            Observation.tenant_id == info.context.tenant,
            Observation.series == self.series,  # type: ignore[attr-defined]
            Observation.ts >= from_,
            Observation.ts < to,
        )
        return Nodes(nodes=await info.context.scalars(found.order_by(Observation.ts).limit(first)))


@strawberry.type(name="Topic")
class Topic:
    """A topic."""

    key: str
    title: str


@strawberry.type(name="Procedure")
class Procedure:
    """A participation procedure."""

    id: UUID
    slug: str
    title: str
    summary: str | None
    kind: ProcedureKind
    published_at: datetime | None


@strawberry.type(name="Measure")
class Measure:
    """A measure."""

    key: str
    title: str
    lead: str | None
    from_year: int | None
