"""Root fields over ORM instances, and the loaders of their relations."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
import strawberry
from sqlalchemy import select
from strawberry.dataloader import DataLoader

from regiohub.tenancy.models import Measure as MeasureRow
from regiohub.tenancy.models import TenantRow
from regiohub_atlas.models import Procedure as ProcedureRow
from regiohub_atlas.models import Topic as TopicRow
from regiohub_booking.models import Booking, Place
from regiohub_booking.models import Resource as ResourceRow
from regiohub_health_directory.models import Organization as OrganizationRow
from regiohub_health_directory.models import Service as ServiceRow
from regiohub_health_directory.models.offers import PUBLIC_STATUSES
from regiohub_lorawan.models import Datastream as DatastreamRow
from regiohub_lorawan.models import Device as DeviceRow
from regiohub_lorawan.models import Thing as ThingRow

from ..statements import occupying
from .inputs import Nodes, Order, ResourceFilter, Town
from .sessions import Access
from .types import Datastream, House, Info, Measure, Organization, Procedure, Resource, Service, Topic

Key = tuple[UUID, datetime | None, int]


def loaders(access: Access) -> dict[str, Any]:
    """One loader per relation, new for each request."""

    def by_id(model: Any) -> DataLoader[UUID, Any]:
        async def load(keys: list[UUID]) -> list[Any]:
            found = await access.scalars(select(model).where(model.tenant_id == access.tenant, model.id.in_(keys)))
            rows = {row.id: row for row in found}
            return [rows.get(key) for key in keys]

        return DataLoader(load_fn=load)

    async def bookings(keys: list[Key]) -> list[list[Any]]:
        _, after, first = keys[0]
        order = (Booking.starts_at, Booking.id)
        place = sa.func.row_number().over(partition_by=Booking.resource_id, order_by=order).label("place")
        numbered = (
            select(Booking.id, place)
            .where(
                Booking.tenant_id == access.tenant,
                Booking.resource_id.in_([key[0] for key in keys]),
                occupying(after, datetime.now(UTC)),
            )
            .subquery()
        )
        found = select(Booking).join(numbered, numbered.c.id == Booking.id)
        found = found.where(Booking.tenant_id == access.tenant, numbered.c.place <= first).order_by(*order)
        grouped: dict[UUID, list[Any]] = defaultdict(list)
        for row in await access.scalars(found):
            grouped[row.resource_id].append(row)
        return [grouped[key[0]] for key in keys]

    return {
        "house": by_id(Place), "organization": by_id(OrganizationRow), "thing": by_id(ThingRow),
        "device": by_id(DeviceRow), "bookings": DataLoader(load_fn=bookings),
    }  # fmt: skip


async def page(info: Info, model: Any, first: int, *order: Any, where: Any = sa.true()) -> Nodes[Any]:
    """The first rows of a model in the town."""
    found = select(model).where(model.tenant_id == info.context.tenant, where).order_by(*order, model.id).limit(first)
    return Nodes(nodes=await info.context.scalars(found))


@strawberry.type
class AtlasQuery:
    """Participation."""

    @strawberry.field
    async def topics(self, info: Info, first: int = 20) -> Nodes[Topic]:
        """Topics."""
        return await page(info, TopicRow, first, TopicRow.title)

    @strawberry.field
    async def procedures(self, info: Info, first: int = 20, order_by: Order | None = None) -> Nodes[Procedure]:
        """Published procedures."""
        order = ProcedureRow.title if order_by is None else ProcedureRow.published_at.desc()
        return await page(info, ProcedureRow, first, order, where=ProcedureRow.published_at.is_not(None))


@strawberry.type
class HealthDirectoryQuery:
    """Health."""

    @strawberry.field
    async def organizations(self, info: Info, first: int = 20) -> Nodes[Organization]:
        """Who offers something."""
        return await page(info, OrganizationRow, first, OrganizationRow.name)

    @strawberry.field
    async def service(self, info: Info, id: strawberry.ID) -> Service | None:
        """One service."""
        row = ServiceRow
        open_ = row.status.in_(PUBLIC_STATUSES)
        found = select(row).where(row.tenant_id == info.context.tenant, row.id == UUID(id), open_)
        return next(iter(await info.context.scalars(found)), None)


@strawberry.type
class BookingQuery:
    """Booking."""

    @strawberry.field
    async def places(self, info: Info, first: int = 20) -> Nodes[House]:
        """Houses."""
        return await page(info, Place, first, Place.name)

    @strawberry.field
    async def resources(self, info: Info, first: int = 20, filter: ResourceFilter | None = None) -> Nodes[Resource]:
        """What can be booked."""
        where = ResourceRow.active
        if filter and filter.kind:
            where = sa.and_(where, ResourceRow.kind == filter.kind)
        return await page(info, ResourceRow, first, ResourceRow.name, where=where)


@strawberry.type
class LorawanQuery:
    """Sensors."""

    @strawberry.field
    async def datastreams(self, info: Info, first: int = 20) -> Nodes[Datastream]:
        """Series."""
        return await page(info, DatastreamRow, first, DatastreamRow.series)

    @strawberry.field
    async def datastream(self, info: Info, id: strawberry.ID) -> Datastream | None:
        """One series."""
        row = DatastreamRow
        found = select(row).where(row.tenant_id == info.context.tenant, row.id == UUID(id))
        return next(iter(await info.context.scalars(found)), None)


@strawberry.type
class Query:
    """Everything."""

    @strawberry.field
    async def tenant(self, info: Info) -> Town:
        """The town."""
        return (await info.context.scalars(select(TenantRow).where(TenantRow.id == info.context.tenant)))[0]

    @strawberry.field
    async def measures(self, info: Info, first: int = 20) -> Nodes[Measure]:
        """Measures."""
        return await page(info, MeasureRow, first, MeasureRow.position, MeasureRow.key)

    @strawberry.field
    def atlas(self) -> AtlasQuery:
        """Participation."""
        return AtlasQuery()

    @strawberry.field
    def health_directory(self) -> HealthDirectoryQuery:
        """Health."""
        return HealthDirectoryQuery()

    @strawberry.field
    def booking(self) -> BookingQuery:
        """Booking."""
        return BookingQuery()

    @strawberry.field
    def lorawan(self) -> LorawanQuery:
        """Sensors."""
        return LorawanQuery()
