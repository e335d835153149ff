"""SQLite: writes with and without the guarding triggers; reads with the town in key and condition, and without."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from regiohub.api import uuid7
from regiohub.db.database import Database
from regiohub.db.direct import ANNOUNCED
from regiohub.db.guards import CHECKED
from regiohub.db.scope import Scope
from regiohub.testing.databases import SqliteTemplate, prepare

from . import spots
from .spots import OPEN, TABLE, Spot
from .timing import Work, race

TENANT, BATCH = 1, 100


async def report(*, rounds: int, seconds: float, small: bool) -> None:
    """One table."""
    each = 200 if small else 5_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = SqliteTemplate(folder)
        await prepare(template.address, folder)
        database = Database(template.address.url)
        # No guards, and no more pragmas than SQLite's own.
        plain = create_async_engine(template.address.url, pool_size=10, max_overflow=0)
        try:
            await spots.create(database)
            ids = await _fill(database, each)
            print(f"\n### SQLite: {each:,} rows in the table\n")
            print("| work | without | with | price | by CPU time |\n|---|---|---|---|---|")
            for title, contenders in _ways(database, plain, ids).items():
                found = await race(contenders, rounds=rounds, seconds=seconds)
                none, walls = found["none"], found["walls"]
                rates = f"{none.rate:,.0f}/s | {walls.rate:,.0f}/s | {walls.price(none):.0%}"
                print(f"| {title} | {rates} | {walls.cpu_price(none):.0%} |")
        finally:
            await plain.dispose()
            await database.close()


async def _fill(database: Database, each: int) -> list[Any]:
    rows = [{"id": uuid7(), "name": f"Ort {number}", "visits": 0} for number in range(each)]
    async with database.write(TENANT) as session:
        await session.execute(sa.insert(Spot), [{**row, "tenant_id": TENANT} for row in rows])
        await session.execute(sa.insert(OPEN), rows)
        await session.commit()
    return [row["id"] for row in rows]


def _ways(database: Database, plain: AsyncEngine, ids: list[Any]) -> Mapping[str, dict[str, Work]]:
    keys, numbers = itertools.cycle(ids), itertools.cycle(range(len(ids) - BATCH))
    scope = Scope(tenant=TENANT)
    visited = "UPDATE {table} SET visits = visits + 1 WHERE {where}"
    one = f"SELECT id, name, visits FROM {{table}} WHERE {ANNOUNCED} AND {{where}}"

    async def write(text: str) -> None:
        """A hundred rows, one statement each, in one transaction."""
        at = next(numbers)
        async with database.write(TENANT) as session:
            statement = sa.text(text).execution_options(**{CHECKED: True})
            changed = await session.execute(
                statement, [{"id": str(id_), "tenant_id": TENANT} for id_ in ids[at : at + BATCH]]
            )
            assert changed.rowcount == BATCH  # pyright: ignore[reportAttributeAccessIssue]
            await session.commit()

    async def read(text: str, *values: Any) -> None:
        assert len(await database.direct.rows(scope, text, (*values, str(next(keys))))) == 1

    async def mapped() -> None:
        async with database.read(TENANT) as session:
            assert await session.find(Spot, next(keys)) is not None

    async def plainly() -> None:
        async with AsyncSession(plain) as session:
            by_key = sa.select(Spot).where(Spot.tenant_id == TENANT, Spot.id == next(keys))
            assert (await session.scalars(by_key)).one_or_none() is not None

    walled = "tenant_id = {} AND id = {}"
    return {
        f"{BATCH} rows changed in a transaction (triggers)": {
            "none": lambda: write(visited.format(table=OPEN.name, where="id = :id")),
            "walls": lambda: write(visited.format(table=TABLE, where=walled.format(":tenant_id", ":id"))),
        },
        "one row read, compiled (town in key and condition)": {
            "none": lambda: read(one.format(table=OPEN.name, where="id = ?")),
            "walls": lambda: read(one.format(table=TABLE, where=walled.format("?", "?")), TENANT),
        },
        "one row read by the ORM (session of a town)": {"none": plainly, "walls": mapped},
    }
