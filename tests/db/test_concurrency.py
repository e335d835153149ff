"""Many writers at once: no update is lost, no session sees another's town."""

from __future__ import annotations

import asyncio
import random

import sqlalchemy as sa

from regiohub.db.database import Database

from .conftest import BELZIG, POTSDAM, Spot, add_spot


async def test_no_update_is_lost_among_32_writers(db: Database) -> None:
    id_ = await add_spot(db, POTSDAM, "counter")

    async def visit() -> None:
        async with db.write(POTSDAM) as session:
            await session.lock("spot", id_)
            spot = (await session.scalars(sa.select(Spot).where(Spot.id == id_).with_for_update())).one()
            spot.visits += 1
            await session.commit()

    await asyncio.gather(*(visit() for _ in range(32)))
    async with db.read(POTSDAM) as session:
        assert await session.scalar(sa.select(Spot.visits)) == 32


async def test_mixed_sessions_with_errors_and_cancellations_never_see_another_town(db: Database) -> None:
    await add_spot(db, POTSDAM, "park")
    await add_spot(db, BELZIG, "castle")
    expected = {POTSDAM: ["park"], BELZIG: ["castle"]}
    chance = random.Random(7)
    leaks: list[object] = []

    async def one(tenant: int, fate: float) -> None:
        async with db.read(tenant) as session:
            seen = list(await session.scalars(sa.select(Spot.name)))
            if seen != expected[tenant]:
                leaks.append((tenant, seen))
            if fate < 0.2:
                raise RuntimeError("this one fails")
            if fate < 0.4:
                await session.rollback()
                # A rollback returns the connection: the tenant must be announced again.
                again = list(await session.scalars(sa.select(Spot.name)))
                if again != expected[tenant]:
                    leaks.append((tenant, again))

    async def worker() -> None:
        for _ in range(12):
            task = asyncio.create_task(one(chance.choice([POTSDAM, BELZIG]), chance.random()))
            if chance.random() < 0.15:
                await asyncio.sleep(0)
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    await asyncio.gather(*(worker() for _ in range(32)))
    assert leaks == []
