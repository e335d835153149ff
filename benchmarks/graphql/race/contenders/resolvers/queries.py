"""The functions: the statements of the lean contender, on the connection of the request's unit of work."""

from __future__ import annotations

from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, field, query
from regiohub.db.guards import SEEN
from regiohub_booking.models import ResourceKind
from regiohub_lorawan.permissions import VIEW

from .. import statements
from . import types


async def _rows(ctx: Ctx, statement: Any, **values: Any) -> list[Any]:
    # Plain rows, as the lean contender reads them: the session's own reading would make ORM statements of them.
    connection = await ctx.session.connection()
    # Each of them is held to one town by its first parameter; the session, which would see to that, is passed by.
    found = await connection.execute(statement, {"tenant": ctx.tenant.id, **values}, execution_options={SEEN: True})
    return list(found.all())


async def _page(ctx: Ctx, statement: Any, kind: Any, first: int) -> list[Any]:
    rows = await _rows(ctx, statement, first=first)
    keys = statement.selected_columns.keys()
    return [kind(**dict(zip(keys, row, strict=True))) for row in rows]


async def _busy(ctx: Ctx, ids: list[UUID], after: datetime, first: int) -> dict[UUID, list[types.RaceBusyTime]]:
    rows = await _rows(ctx, statements.BUSY, ids=ids, after=after, first=first, now=ctx.now())
    return {
        key: [types.RaceBusyTime(starts_at=row[1], ends_at=row[2], quantity=row[3]) for row in group]
        for key, group in groupby(rows, key=lambda row: row[0])
    }


@query
class RaceQuery:
    """The operations of the race, by functions."""

    @field("The town.")
    @staticmethod
    async def town(ctx: Ctx) -> types.RaceTown:
        """One row."""
        rows = await _rows(ctx, statements.TOWN)
        return types.RaceTown(slug=rows[0][0], name=rows[0][1])

    @field("Measures.", args={"first": "How many."})
    @staticmethod
    async def measures(ctx: Ctx, first: int) -> list[types.RaceMeasure]:
        """In the town's order."""
        return await _page(ctx, statements.MEASURES, types.RaceMeasure, first)

    @field("Topics.", args={"first": "How many."})
    @staticmethod
    async def topics(ctx: Ctx, first: int) -> list[types.RaceTopic]:
        """By title."""
        return await _page(ctx, statements.TOPICS, types.RaceTopic, first)

    @field("Published procedures, newest first.", args={"first": "How many."})
    @staticmethod
    async def procedures(ctx: Ctx, first: int) -> list[types.RaceProcedure]:
        """Only those that are published."""
        return await _page(ctx, statements.NEWEST_PROCEDURES, types.RaceProcedure, first)

    @field("Who offers something.", args={"first": "How many."})
    @staticmethod
    async def organizations(ctx: Ctx, first: int) -> list[types.RaceOrganization]:
        """By name."""
        return await _page(ctx, statements.ORGANIZATIONS, types.RaceOrganization, first)

    @field("One service.", args={"id": "Identifier."})
    @staticmethod
    async def service(ctx: Ctx, id: UUID) -> types.RaceService | None:
        """With its organisation."""
        for row in await _rows(ctx, statements.SERVICE, id=id):
            return types.RaceService(
                **dict(zip(statements.S, row, strict=False)),
                organization=types.RaceOrganization(id=row[-3], name=row[-2], website=row[-1]),
            )
        return None

    @field("Houses.", args={"first": "How many."})
    @staticmethod
    async def places(ctx: Ctx, first: int) -> list[types.RaceHouse]:
        """By name."""
        return await _page(ctx, statements.PLACES, types.RaceHouse, first)

    @field(
        "What can be booked.",
        args={
            "first": "How many.", "kind": "Only of this kind.", "after": "Bookings that end later; none without it.",
            "bookings": "How many bookings of each.",
        },
    )  # fmt: skip
    @staticmethod
    async def resources(
        ctx: Ctx, first: int, kind: ResourceKind | None = None, after: datetime | None = None, bookings: int = 20
    ) -> list[types.RaceResource]:
        """By name, with their houses."""
        if kind is None:
            rows = await _rows(ctx, statements.RESOURCES, first=first)
        else:
            rows = await _rows(ctx, statements.OF_KIND, first=first, kind=kind)
        busy = {} if after is None else await _busy(ctx, [row[0] for row in rows], after, bookings)
        return [
            types.RaceResource(
                **dict(zip(statements.R, row, strict=False)),
                place=types.RaceHouse(id=row[-3], name=row[-2], address=row[-1]),
                bookings=busy.get(row[0], []),
            )
            for row in rows
        ]

    @field("Series.", args={"first": "How many."})
    @staticmethod
    async def datastreams(ctx: Ctx, first: int) -> list[types.RaceDatastream]:
        """By number."""
        return [
            types.RaceDatastream(
                id=row[0], title=row[1], unit=row[2], device=None, observations=[],
                thing=types.RaceThing(id=row[-3], name=row[-2], place=row[-1]),
            )
            for row in await _rows(ctx, statements.DATASTREAMS, first=first)
        ]  # fmt: skip

    @field(
        "One series with its sensor, whose radio identifier is for staff.",
        args={"id": "Identifier.", "from_": "First moment.", "to": "End.", "points": "How many values."},
    )
    @staticmethod
    async def datastream(ctx: Ctx, id: UUID, from_: datetime, to: datetime, points: int) -> types.RaceDatastream | None:
        """Two statements."""
        ctx.require(VIEW)
        for row in await _rows(ctx, statements.DATASTREAM, id=id):
            found = await _rows(ctx, statements.VALUES, series=row[3], since=from_, until=to, first=points)
            return types.RaceDatastream(
                id=row[0], title=row[1], unit=row[2], thing=None,
                device=types.RaceDevice(name=row[4], dev_eui=row[5]),
                observations=[types.RaceObservation(time=r[0], value=r[1]) for r in found],
            )  # fmt: skip
        return None
