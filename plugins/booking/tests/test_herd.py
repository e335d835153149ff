"""The herd: 32 writers in two processes who all want the same slots at the same moment."""

import asyncio
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from regiohub.api import Ctx
from regiohub.testing import Address, World
from regiohub_booking.migrations.no_overlap import CONSTRAINT
from regiohub_booking.models import BlockConflict, Resource, Slot

from .conftest import House, at, make_house

PROCESSES, WRITERS, SLOTS = 2, 16, 6
WRITER = Path(__file__).with_name("herd_writer.py")


async def herd(
    house: House, database: Address, room: Resource, folder: Path, *, careful: bool, blocking: bool = False
) -> Counter[str]:
    """Let the herd loose and return what became of its wishes."""

    async def start(number: int) -> asyncio.subprocess.Process:
        task: dict[str, Any] = {
            "url": database.url,
            "owner_url": database.owner_url,
            "data_dir": str(folder / f"writer-{number}"),
            "resource": str(room.id),
            "writers": WRITERS,
            "slots": SLOTS,
            "first": at("2026-06-10T09:00").isoformat(),
            "careful": careful,
            "blocking": blocking,
        }
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable, str(WRITER), json.dumps(task), stdin=pipe, stdout=pipe
        )

    processes = await asyncio.gather(*(start(number) for number in range(PROCESSES)))
    for process in processes:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready"
    answers = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0] * PROCESSES
    total: Counter[str] = Counter()
    for output, _ in answers:
        total.update(json.loads(output))
    return total


async def doubles(house: House) -> tuple[int, int]:
    """Number of occupying slots, and of pairs among them that overlap."""

    async def count(ctx: Ctx) -> tuple[int, int]:
        slots = await ctx.session.scalar(select(func.count()).select_from(Slot).where(Slot.occupies))
        other = aliased(Slot)
        pairs = await ctx.session.scalar(
            select(func.count())
            .select_from(Slot)
            .join(
                other,
                (other.tenant_id == Slot.tenant_id)
                & (other.resource_id == Slot.resource_id)
                & (other.unit == Slot.unit)
                & (other.id > Slot.id)
                & (other.starts_at < Slot.ends_at)
                & (other.ends_at > Slot.starts_at),
            )
            .where(Slot.occupies, other.occupies)
        )
        return slots or 0, pairs or 0

    return await house.read(count)


async def remove_the_rule(world: World) -> None:
    """What the negative control takes away."""
    engine = world.platform.database.migrating()
    try:
        async with engine.begin() as connection:
            if world.dialect == "postgresql":
                await connection.exec_driver_sql(f"ALTER TABLE booking_slot DROP CONSTRAINT {CONSTRAINT}")
            else:
                await connection.exec_driver_sql(f"DROP TRIGGER {CONSTRAINT}_insert")
                await connection.exec_driver_sql(f"DROP TRIGGER {CONSTRAINT}_update")
    finally:
        await engine.dispose()


@pytest.mark.timeout(300)
async def test_of_32_writers_exactly_one_gets_each_slot(world: World, database: Address, tmp_path: Path) -> None:
    house = await make_house(world)
    room = await house.resource()
    outcomes = await herd(house, database, room, tmp_path, careful=True)
    assert outcomes == {"booked": SLOTS, "SLOT_TAKEN": SLOTS * (PROCESSES * WRITERS - 1)}
    assert await doubles(house) == (SLOTS, 0)


@pytest.mark.timeout(300)
async def test_without_locks_the_constraint_alone_keeps_the_promise(
    world: World, database: Address, tmp_path: Path
) -> None:
    house = await make_house(world)
    room = await house.resource()
    outcomes = await herd(house, database, room, tmp_path, careful=False)
    assert outcomes["booked"] == SLOTS
    assert await doubles(house) == (SLOTS, 0)


@pytest.mark.timeout(300)
async def test_control_without_the_constraint_the_same_herd_books_double(
    world: World, database: Address, tmp_path: Path
) -> None:
    house = await make_house(world)
    room = await house.resource()
    await remove_the_rule(world)
    outcomes = await herd(house, database, room, tmp_path, careful=False)
    slots, pairs = await doubles(house)
    assert outcomes["booked"] == slots > SLOTS
    assert pairs > 0


@pytest.mark.timeout(300)
async def test_a_blocked_time_and_a_booking_racing_for_one_slot_never_both_win(
    world: World, database: Address, tmp_path: Path
) -> None:
    house = await make_house(world)
    room = await house.resource()
    outcomes = await herd(house, database, room, tmp_path, careful=True, blocking=True)
    blockers = PROCESSES * WRITERS // 2
    assert outcomes["blocked"] == SLOTS * blockers
    assert outcomes["booked"] + outcomes["SLOT_TAKEN"] == SLOTS * (PROCESSES * WRITERS - blockers)
    # Each hour is taken exactly once: by a booking, or by the first of the blocked times.
    assert await doubles(house) == (SLOTS, 0)

    async def conflicts(ctx: Ctx) -> int | None:
        return await ctx.session.scalar(select(func.count()).select_from(BlockConflict))

    # Whoever blocks after a booking is told of it, every time.
    assert await house.read(conflicts) == outcomes["booked"] * blockers
