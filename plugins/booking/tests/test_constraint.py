"""The database itself refuses overlaps, whatever the program does."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from regiohub.api import Ctx, uuid7
from regiohub_booking.migrations.no_overlap import CONSTRAINT
from regiohub_booking.models import Booking, Resource, Slot

from .conftest import House, at, make_house, span

START = at("2026-06-10T18:00")
HOUR = timedelta(hours=1)


async def slot(
    house: House, room: Resource, booking: Booking, start: datetime, hours: float = 1, *, unit: int = 1, **more: Any
) -> UUID:
    """Write a slot past all rules of the service."""
    identifier = uuid7()
    values = {
        "id": identifier,
        "tenant_id": house.world.tenant(house.slug).id,
        "resource_id": room.id,
        "booking_id": booking.id,
        "unit": unit,
        "starts_at": start,
        "ends_at": start + hours * HOUR,
        "occupies": True,
        **more,
    }

    async def write(ctx: Ctx) -> None:
        await ctx.session.execute(insert(Slot).values(**values))

    await house.do(write)
    return identifier


@pytest.fixture
async def taken(house: House) -> tuple[House, Resource, Booking]:
    """A room that is booked from 18 to 20 h."""
    room = await house.resource(units=2)
    return house, room, await house.book(room, span("2026-06-10", "18:00", "20:00"))


@pytest.mark.parametrize(
    ("start", "hours"), [(0, 2), (-1, 1.5), (1.5, 1), (0.5, 0.5), (-1, 4)], ids=["same", "begin", "end", "in", "around"]
)
async def test_an_overlapping_slot_is_refused_by_the_database(
    taken: tuple[House, Resource, Booking], start: float, hours: float
) -> None:
    house, room, booking = taken
    with pytest.raises(IntegrityError, match=CONSTRAINT):
        await slot(house, room, booking, START + start * HOUR, hours)


async def test_touching_slots_other_units_and_released_slots_are_allowed(
    taken: tuple[House, Resource, Booking],
) -> None:
    house, room, booking = taken
    await slot(house, room, booking, START - HOUR)
    await slot(house, room, booking, START + 2 * HOUR)
    await slot(house, room, booking, START, unit=2)
    await slot(house, room, booking, START, occupies=False)


async def test_moving_or_reviving_a_slot_into_another_is_refused_by_the_database(
    taken: tuple[House, Resource, Booking],
) -> None:
    house, room, booking = taken
    early = await slot(house, room, booking, START - 3 * HOUR)
    sleeping = await slot(house, room, booking, START, occupies=False)
    other = await slot(house, room, booking, START, unit=2)

    def change(identifier: UUID, **values: Any) -> Any:
        async def run(ctx: Ctx) -> None:
            await ctx.session.execute(update(Slot).where(Slot.id == identifier).values(**values))

        return run

    for identifier, values in (
        (early, {"ends_at": START + HOUR}),
        (early, {"starts_at": START, "ends_at": START + HOUR}),
        (sleeping, {"occupies": True}),
        (other, {"unit": 1}),
    ):
        with pytest.raises(IntegrityError, match=CONSTRAINT):
            await house.do(change(identifier, **values))
    await house.do(change(early, ends_at=START))


async def test_another_town_has_its_own_time(house_sqlite: House) -> None:
    other = await make_house(house_sqlite.world, "bad-belzig")
    for place in (house_sqlite, other):
        room = await place.resource()
        await place.book(room, span("2026-06-10", "18:00", "20:00"))


async def test_an_overlap_that_slips_past_the_check_is_told_as_taken_with_its_interval(house: House) -> None:
    """The service looks before it writes; if that look ever missed something, the constraint answers in its place."""
    from regiohub_booking.errors import SlotTaken
    from regiohub_booking.rules.interval import Interval
    from regiohub_booking.service.create import new_booking
    from regiohub_booking.service.slots import Claim, occupy
    from regiohub_booking.service.target import load_target
    from regiohub_booking.service.wishes import Wish

    room = await house.resource(buffer_before_minutes=15)
    first = await house.book(room, span("2026-06-10", "18:00", "20:00"))
    wanted = Interval(START + HOUR, START + 3 * HOUR)

    async def without_looking(ctx: Ctx) -> None:
        target = await load_target(ctx, room.id)
        booking = new_booking(ctx, target, wanted, Wish(room.id), first.state)
        ctx.session.add(booking)
        await occupy(ctx, target, [(wanted, [Claim(room.id, 1)], booking.id)])

    with pytest.raises(SlotTaken) as caught:
        await house.do(without_looking)
    assert (caught.value.starts_at, caught.value.ends_at) == (START - HOUR / 4, START + 2 * HOUR)

    async def ids(ctx: Ctx) -> list[UUID]:
        return list(await ctx.session.scalars(select(Booking.id)))

    assert await house.read(ids) == [first.id]
