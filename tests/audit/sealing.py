"""Filling, sealing, checking and forging logs in tests."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from regiohub.audit import AuditEntry, Head, Report, head, seal_town, verify
from regiohub.auth.principal import PrincipalKind
from regiohub.db.base import uuid7
from regiohub.testing import World

TOWN = "potsdam"


def entry(number: int, at: datetime, **values: Any) -> AuditEntry:
    """An entry with something in every column."""
    wanted = {
        "id": uuid7(), "at": at, "actor_kind": PrincipalKind.PERSON, "actor": f"{number:020x}",
        "action": "sampler.act", "object_kind": "thing", "object_id": str(number),
        "before": {"state": "open", "count": number},
        "after": {"state": "closed", "share": number + 0.5, "ö": None},
        "note": "so beschlossen", "text_de": f"Nummer {number} geändert", "text_en": f"Number {number} changed",
        "plugin": "sampler", "plugin_version": "1.0",
    }  # fmt: skip
    return AuditEntry(**(wanted | values))


async def fill(world: World, count: int, town: str = TOWN, *, since: datetime | None = None, **values: Any) -> None:
    """Add entries, one second apart."""
    begin = since or world.clock.now()
    async with world.platform.database.write(world.tenant(town).id) as session, session.begin():
        for number in range(count):
            session.add(entry(number, begin + timedelta(seconds=number), **values))


async def seal(world: World, town: str = TOWN, **kwargs: Any) -> Any:
    """One round of the sealer."""
    return await seal_town(world.platform, world.tenant(town), **kwargs)


async def checked(world: World, *heads: Head, town: str = TOWN) -> Report:
    """A check of a town's log."""
    async with world.scope(town).read() as ctx:
        return await verify(ctx, heads)


async def newest(world: World, town: str = TOWN) -> Head:
    """The head of a town's log."""
    async with world.scope(town).read() as ctx:
        found = await head(ctx)
    assert found is not None
    return found


def _plain(value: Any) -> Any:
    match value:
        case UUID():
            return str(value)
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        case Enum():
            return value.value
        case _:
            return value


async def exported(world: World, model: Any, order: Any) -> list[dict[str, Any]]:
    """Rows as a town's archive holds them."""
    async with world.scope(TOWN).read() as ctx:
        rows = (await ctx.session.scalars(sa.select(model).order_by(order))).all()
    return [{c.name: _plain(getattr(row, c.name)) for c in model.__table__.columns} for row in rows]


@asynccontextmanager
async def as_owner(world: World) -> AsyncGenerator[AsyncConnection]:
    """A connection of somebody who may do everything to the tables, and knows no key of the platform."""
    engine = world.platform.database.migrating()
    try:
        async with engine.begin() as connection:
            yield connection
    finally:
        await engine.dispose()


async def forge(world: World, statement: str, values: Mapping[str, Any] | None = None, town: str = TOWN) -> int:
    """Change the tables as their owner; how many rows."""
    async with as_owner(world) as connection:
        done = await connection.execute(sa.text(statement), {"town": world.tenant(town).id, **(values or {})})
    return done.rowcount
