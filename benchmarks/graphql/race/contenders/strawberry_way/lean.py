"""As lean as Strawberry gets: rows of one statement per root field, relations joined, no resolver below the root."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from regiohub_booking.models import ResourceKind
from regiohub_lorawan.permissions import VIEW

from .. import statements
from .inputs import BusyTimeFilter, From, Nodes, Order, ResourceFilter, Town
from .types import Info, Measure, Organization, Procedure, Topic


@strawberry.type(name="BookingPlace")
class House:
    """A house."""

    id: UUID
    name: str
    address: str
    wheelchair: bool | None = None
    position: JSON | None = None


@strawberry.type
class BusyTime:
    """A booking as the public sees it."""

    starts_at: datetime
    ends_at: datetime
    quantity: int


@strawberry.type
class Resource:
    """What can be booked; its bookings were read with it."""

    id: UUID
    slug: str
    name: str
    kind: ResourceKind
    description: str
    persons: int | None
    wheelchair: bool | None
    units: int
    equipment: list[str]
    place: House
    busy: strawberry.Private[list[BusyTime]]

    @strawberry.field
    def bookings(self, first: int = 20, filter: BusyTimeFilter | None = None) -> Nodes[BusyTime]:
        """Its bookings."""
        return Nodes(nodes=self.busy)


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
    organization: Organization


@strawberry.type
class Thing:
    """What is observed."""

    id: UUID
    name: str
    place: JSON | None


@strawberry.type
class Device:
    """A sensor."""

    name: str
    dev_eui: str


@strawberry.type
class Value:
    """A measured value."""

    time: datetime
    value: float


@strawberry.type
class Datastream:
    """A series of values; those asked for were read with it."""

    id: UUID
    title: str
    unit: str
    thing: Thing | None
    device: Device | None
    values: strawberry.Private[list[Value]]

    @strawberry.field
    def observations(self, from_: From, to: datetime, first: int = 20) -> Nodes[Value]:
        """Its values."""
        return Nodes(nodes=self.values)


def _arguments(info: Info, *path: str) -> dict[str, Any] | None:
    """Arguments of a field further down, or None where it is not asked for."""
    fields: Any = info.selected_fields
    found: Any = None
    for name in path:
        found = next((field for field in fields if getattr(field, "name", "") == name), None)
        if found is None:
            return None
        fields = found.selections
    return found.arguments


def _moment(value: Any) -> Any:
    """From a literal it is text, from a variable a moment."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


async def _busy(info: Info, ids: list[UUID], given: dict[str, Any]) -> dict[UUID, list[BusyTime]]:
    # Without a moment all of them are wanted, as of the earliest one there is.
    after = _moment((given.get("filter") or {}).get("from")) or datetime(1, 1, 1, tzinfo=UTC)
    first, now = int(given.get("first", 20)), datetime.now(UTC)
    rows = await info.context.rows(statements.BUSY, ids=ids, after=after, first=first, now=now)
    return {
        key: [BusyTime(starts_at=row[1], ends_at=row[2], quantity=row[3]) for row in group]
        for key, group in groupby(rows, key=lambda row: row[0])
    }


async def _page(info: Info, statement: Any, kind: Any, first: int) -> Any:
    rows = await info.context.rows(statement, first=first)
    keys = statement.selected_columns.keys()
    return Nodes(nodes=[kind(**dict(zip(keys, row, strict=True))) for row in rows])


@strawberry.type
class AtlasQuery:
    """Participation."""

    @strawberry.field
    async def topics(self, info: Info, first: int = 20) -> Nodes[Topic]:
        """Topics."""
        return await _page(info, statements.TOPICS, Topic, first)

    @strawberry.field
    async def procedures(self, info: Info, first: int = 20, order_by: Order | None = None) -> Nodes[Procedure]:
        """Published procedures."""
        statement = statements.PROCEDURES if order_by is None else statements.NEWEST_PROCEDURES
        return await _page(info, statement, Procedure, first)


@strawberry.type
class HealthDirectoryQuery:
    """Health."""

    @strawberry.field
    async def organizations(self, info: Info, first: int = 20) -> Nodes[Organization]:
        """Who offers something."""
        return await _page(info, statements.ORGANIZATIONS, Organization, first)

    @strawberry.field
    async def service(self, info: Info, id: strawberry.ID) -> Service | None:
        """One service."""
        rows = await info.context.rows(statements.SERVICE, id=UUID(id))
        return next(
            (
                Service(
                    **dict(zip(statements.S, row, strict=False)),
                    organization=Organization(id=row[-3], name=row[-2], website=row[-1]),
                )
                for row in rows
            ),
            None,
        )


@strawberry.type
class BookingQuery:
    """Booking."""

    @strawberry.field
    async def places(self, info: Info, first: int = 20) -> Nodes[House]:
        """Houses."""
        return await _page(info, statements.PLACES, House, first)

    @strawberry.field
    async def resources(self, info: Info, first: int = 20, filter: ResourceFilter | None = None) -> Nodes[Resource]:
        """What can be booked."""
        if filter and filter.kind:
            rows = await info.context.rows(statements.OF_KIND, first=first, kind=filter.kind)
        else:
            rows = await info.context.rows(statements.RESOURCES, first=first)
        given = _arguments(info, "resources", "nodes", "bookings")
        busy = {} if given is None else await _busy(info, [row[0] for row in rows], given)
        return Nodes(
            nodes=[
                Resource(
                    **dict(zip(statements.R, row, strict=False)),
                    place=House(id=row[-3], name=row[-2], address=row[-1]),
                    busy=busy.get(row[0], []),
                )
                for row in rows
            ]
        )


@strawberry.type
class LorawanQuery:
    """Sensors."""

    @strawberry.field
    async def datastreams(self, info: Info, first: int = 20) -> Nodes[Datastream]:
        """Series."""
        return Nodes(
            nodes=[
                Datastream(
                    id=row[0], title=row[1], unit=row[2], device=None, values=[],
                    thing=Thing(id=row[-3], name=row[-2], place=row[-1]),
                )
                for row in await info.context.rows(statements.DATASTREAMS, first=first)
            ]
        )  # fmt: skip

    @strawberry.field
    async def datastream(self, info: Info, id: strawberry.ID) -> Datastream | None:
        """One series with its sensor, whose radio identifier is for staff."""
        info.context.caller.require(VIEW)
        row = next(iter(await info.context.rows(statements.DATASTREAM, id=UUID(id))), None)
        if row is None:
            return None
        given = _arguments(info, "datastream", "observations")
        values: list[Value] = []
        if given is not None:
            since, until = _moment(given["from"]), _moment(given["to"])
            found = await info.context.rows(
                statements.VALUES, series=row[3], since=since, until=until, first=int(given["first"])
            )
            values = [Value(time=r[0], value=r[1]) for r in found]
        return Datastream(
            id=row[0], title=row[1], unit=row[2], thing=None, device=Device(name=row[4], dev_eui=row[5]), values=values
        )


@strawberry.type
class Query:
    """Everything."""

    @strawberry.field
    async def tenant(self, info: Info) -> Town:
        """The town."""
        rows = await info.context.rows(statements.TOWN)
        return Town(slug=rows[0][0], name=rows[0][1])

    @strawberry.field
    async def measures(self, info: Info, first: int = 20) -> Nodes[Measure]:
        """Measures."""
        return await _page(info, statements.MEASURES, Measure, first)

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
