"""Units, seats and halves: the same engine for a pool of things, a course and a hall that can be divided."""

from datetime import date

import pytest
from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Owner, Place, Resource, Slot
from regiohub_booking.service.admin import add_lot, add_session
from regiohub_booking.service.closures import ClosureWish, block_time, release_closure
from regiohub_booking.service.pickups import pick_ups_of
from regiohub_booking.service.wishes import When

from .conftest import House, at, span

WEEKEND = When(first_day=date(2026, 6, 12), last_day=date(2026, 6, 14))


async def pool(house: House) -> Resource:
    """Five cargo bikes: three at the house, two at the station."""
    item = await house.resource("lastenrad", kind="item", mode="days", units=1, max_days=7)

    async def lots(ctx: Ctx) -> None:
        owner = await ctx.session.scalar(select(Owner.id))
        assert owner is not None
        station = Place(slug="bahnhof", name="Bahnhof", address="Platz 1", example=True)
        ctx.session.add(station)
        await ctx.session.flush()
        await add_lot(ctx, item.id, owner, house.place_id, 3)
        await add_lot(ctx, item.id, owner, station.id, 2)

    await house.do(lots, house.editor)
    return item


async def units_of(house: House, booking_id: object) -> list[int]:
    async def read(ctx: Ctx) -> list[int]:
        rows = await ctx.session.scalars(
            select(Slot.unit).where(Slot.booking_id == booking_id, Slot.occupies).order_by(Slot.unit)
        )
        return list(rows)

    return await house.read(read)


async def test_a_pool_gives_the_lowest_free_units_and_never_more_than_it_has(house: House) -> None:
    item = await pool(house)
    first = await house.book(item, WEEKEND, quantity=2)
    second = await house.book(item, WEEKEND, house.who("ben"), quantity=2)
    assert await units_of(house, first.id) == [1, 2]
    # One pick-up point can serve the whole wish: both bikes at the station instead of one here and one there.
    assert await units_of(house, second.id) == [4, 5]
    with pytest.raises(DomainError) as caught:
        await house.book(item, WEEKEND, house.who("cem"), quantity=2)
    assert (caught.value.code, caught.value.available) == ("NOT_ENOUGH_UNITS", 1)
    await house.book(item, WEEKEND, house.who("cem"))
    with pytest.raises(DomainError) as taken:
        await house.book(item, WEEKEND, house.who("dana"))
    assert taken.value.code == "SLOT_TAKEN"


async def test_a_loan_says_where_each_unit_is_picked_up(house_sqlite: House) -> None:
    house = house_sqlite
    item = await pool(house)
    booking = await house.book(item, WEEKEND, quantity=4)

    async def read(ctx: Ctx) -> list[tuple[list[int], str]]:
        found = (await pick_ups_of(ctx, [booking]))[booking.id]
        return [(portion.units, portion.place.name if portion.place else "") for portion in found]

    assert await house.read(read) == [([1, 2, 3], "Haus am Markt"), ([4], "Bahnhof")]


async def test_a_wished_pick_up_point_is_respected(house_sqlite: House) -> None:
    house = house_sqlite
    item = await pool(house)

    async def station(ctx: Ctx) -> object:
        return await ctx.session.scalar(select(Place.id).where(Place.slug == "bahnhof"))

    place = await house.read(station)
    booking = await house.book(item, WEEKEND, place_id=place)
    assert await units_of(house, booking.id) == [4]
    with pytest.raises(DomainError) as caught:
        await house.book(item, WEEKEND, quantity=2, place_id=place)
    assert caught.value.code == "NOT_ENOUGH_UNITS"


async def test_loans_that_touch_but_do_not_overlap_share_a_unit(house_sqlite: House) -> None:
    house = house_sqlite
    item = await house.resource("bohrer", kind="item", mode="days")
    await house.book(item, When(first_day=date(2026, 6, 10), last_day=date(2026, 6, 11)))
    await house.book(item, When(first_day=date(2026, 6, 12), last_day=date(2026, 6, 12)))
    with pytest.raises(DomainError):
        await house.book(item, When(first_day=date(2026, 6, 11), last_day=date(2026, 6, 12)))


async def test_seats_of_a_course_date_run_out(house: House) -> None:
    course = await house.resource("kurs", kind="offer", mode="sessions", units=3)
    evening = span("2026-06-11", "18:00", "20:00")
    await house.do(lambda ctx: add_session(ctx, course.id, "Erster Abend", evening), house.editor)
    await house.book(course, evening, quantity=2)
    await house.book(course, evening, house.who("ben"))
    with pytest.raises(DomainError) as caught:
        await house.book(course, evening, house.who("cem"))
    assert caught.value.code == "SLOT_TAKEN"
    with pytest.raises(DomainError) as other:
        await house.book(course, span("2026-06-11", "18:00", "19:00"))
    assert other.value.code == "NOT_OFFERED"


async def hall(house: House) -> tuple[Resource, Resource, Resource]:
    whole = await house.resource("halle")
    return whole, await house.resource("nord", whole_id=whole.id), await house.resource("sued", whole_id=whole.id)


async def test_a_hall_takes_both_halves_and_each_half_takes_the_hall(house: House) -> None:
    whole, north, south = await hall(house)
    evening = span("2026-06-10", "18:00", "20:00")
    await house.book(north, evening)
    with pytest.raises(DomainError) as caught:
        await house.book(whole, evening, house.who("ben"))
    assert (caught.value.code, caught.value.starts_at) == ("SLOT_TAKEN", at("2026-06-10T18:00"))
    await house.book(south, evening, house.who("ben"))
    morning = span("2026-06-10", "09:00", "11:00")
    await house.book(whole, morning)
    for half in (north, south):
        with pytest.raises(DomainError) as taken:
            await house.book(half, morning)
        assert taken.value.code == "SLOT_TAKEN"


async def test_a_part_cannot_join_a_hall_that_is_booked(house_sqlite: House) -> None:
    house = house_sqlite
    whole, _, _ = await hall(house)
    await house.book(whole, span("2026-06-10", "18:00", "20:00"))
    with pytest.raises(DomainError) as caught:
        await house.resource("mitte", whole_id=whole.id)
    assert caught.value.code == "CONFLICT"


async def test_blocked_time_cannot_be_booked_until_it_is_released(house: House) -> None:
    whole, north, _ = await hall(house)
    evening = span("2026-06-10", "18:00", "20:00")
    block = await house.do(lambda ctx: block_time(ctx, ClosureWish(evening, "Reinigung", whole.id)), house.editor)
    with pytest.raises(DomainError) as caught:
        await house.book(north, evening)
    assert caught.value.code == "SLOT_TAKEN"
    await house.do(lambda ctx: release_closure(ctx, block.id), house.editor)
    await house.book(north, evening)


@pytest.mark.parametrize("changes", [{"units": 2}, {"mode": "days"}])
async def test_a_hall_with_halves_stays_one_room(house_sqlite: House, changes: dict[str, object]) -> None:
    from regiohub_booking.service.admin import update_resource

    whole, _, _ = await hall(house_sqlite)
    with pytest.raises(DomainError) as caught:
        await house_sqlite.do(lambda ctx: update_resource(ctx, whole.id, changes), house_sqlite.editor)
    assert caught.value.code == "INVALID_INPUT"
