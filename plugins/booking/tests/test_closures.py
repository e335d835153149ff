"""Blocked times: of a room or a house, once or by a rule; bookings that were there first are decided on."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import BlockConflict, Booking, Closure, ConflictState, Lot, Owner, Place, Resource, Slot
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.recurrence import Frequency, Recurrence
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.closure_lists import conflicts_of
from regiohub_booking.service.closures import (
    ClosureWish,
    block_time,
    keep_booking,
    preview_closure,
    release_closure,
    release_date,
)
from regiohub_booking.service.create import hold_slot
from regiohub_booking.service.decide import approve_booking, cancel_booking, deny_booking, reschedule_booking
from regiohub_booking.service.slots import expire_stale_holds
from regiohub_booking.service.wishes import When, Wish

from .conftest import House, at, span

DAY = span("2026-06-10", "08:00", "22:00")
EVENING = span("2026-06-10", "18:00", "20:00")


async def block(house: House, when: When, **wish: Any) -> Closure:
    return await house.do(lambda ctx: block_time(ctx, ClosureWish(when, "Heizung", **wish)), house.editor)


async def blocked(house: House, resource: Resource) -> list[str]:
    """Spans that blocked times hold now."""

    async def read(ctx: Ctx) -> list[str]:
        rows = await ctx.session.scalars(
            select(Slot)
            .where(Slot.resource_id == resource.id, Slot.occupies, Slot.block_id.is_not(None))
            .order_by(Slot.unit, Slot.starts_at)
        )
        zone = house.world.tenant(house.slug).timezone
        return [f"{row.starts_at.astimezone(zone):%d.%H:%M}-{row.ends_at.astimezone(zone):%H:%M}" for row in rows]

    return await house.read(read)


async def conflicts(house: House, closure: Closure) -> dict[str, ConflictState]:
    found = await house.read(lambda ctx: conflicts_of(ctx, [closure.id]), house.editor)
    return {item.booking.number: item.state for item in found.get(closure.id, [])}


async def test_a_blocked_time_takes_what_is_free_and_lists_what_is_not(house: House) -> None:
    room = await house.resource(buffer_after_minutes=30)
    booking = await house.book(room, EVENING)
    closure = await block(house, DAY, resource_id=room.id)
    assert await blocked(house, room) == ["10.08:00-18:00", "10.20:30-22:00"]
    assert await conflicts(house, closure) == {booking.number: ConflictState.OPEN}
    with pytest.raises(DomainError) as caught:
        await house.book(room, span("2026-06-10", "10:00", "11:00"), house.who("ben"))
    assert caught.value.code == "SLOT_TAKEN"

    async def state(ctx: Ctx) -> BookingState:
        found = await ctx.session.find(Booking, booking.id)
        assert found is not None
        return found.state

    assert await house.read(state) is BookingState.CONFIRMED


async def test_time_of_a_cancelled_booking_goes_to_the_blocked_time_and_to_nobody_else(house: House) -> None:
    room = await house.resource()
    booking = await house.book(room, EVENING)
    closure = await block(house, DAY, resource_id=room.id)
    await house.do(lambda ctx: cancel_booking(ctx, booking.id, "Heizung"), house.editor)
    assert await blocked(house, room) == ["10.08:00-18:00", "10.18:00-20:00", "10.20:00-22:00"]
    assert await conflicts(house, closure) == {booking.number: ConflictState.SOLVED}
    with pytest.raises(DomainError) as caught:
        await house.book(room, EVENING, house.who("ben"))
    assert caught.value.code == "SLOT_TAKEN"


async def test_moving_or_denying_the_booking_solves_the_conflict_too(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    moved = await house.book(room, EVENING)
    denied = await house.book(room, span("2026-06-10", "12:00", "14:00"), house.who("ben"))
    await house.do(lambda ctx: approve_booking(ctx, moved.id), house.editor)
    closure = await block(house, DAY, resource_id=room.id)
    await house.do(lambda ctx: reschedule_booking(ctx, moved.id, span("2026-06-11", "18:00", "20:00")), house.editor)
    await house.do(lambda ctx: deny_booking(ctx, denied.id, "Heizung"), house.editor)
    assert set((await conflicts(house, closure)).values()) == {ConflictState.SOLVED}
    taken = await blocked(house, room)
    assert sum(int(item[9:11]) - int(item[3:5]) for item in taken) == 14


async def test_a_kept_booking_stays_and_gives_its_time_only_when_it_ends_itself(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    booking = await house.book(room, EVENING)
    closure = await block(house, DAY, resource_id=room.id)
    await house.do(lambda ctx: keep_booking(ctx, closure.id, booking.id), house.editor)
    assert await conflicts(house, closure) == {booking.number: ConflictState.KEPT}
    await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    assert await conflicts(house, closure) == {booking.number: ConflictState.SOLVED}
    assert "10.18:00-20:00" in await blocked(house, room)
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: keep_booking(ctx, closure.id, booking.id), house.editor)
    assert caught.value.code == "NOT_FOUND"


@pytest.mark.parametrize("by_job", [True, False], ids=["job", "next_booker"])
async def test_a_hold_that_runs_out_gives_its_time_to_the_blocked_time(house: House, by_job: bool) -> None:
    room = await house.resource()
    await house.do(lambda ctx: hold_slot(ctx, Wish(room.id, EVENING)))
    await block(house, DAY, resource_id=room.id)
    house.world.clock.advance(timedelta(minutes=11))
    if by_job:
        await house.do(expire_stale_holds)
        assert "10.18:00-20:00" in await blocked(house, room)
    with pytest.raises(DomainError) as caught:
        await house.book(room, EVENING, house.who("ben"))
    assert caught.value.code == "SLOT_TAKEN"


async def test_a_house_is_blocked_with_its_halls_and_the_units_that_lie_there(house: House) -> None:
    whole = await house.resource("halle")
    north = await house.resource("nord", whole_id=whole.id)
    bike = await house.resource("rad", kind="item", mode="days", units=3)

    async def stock(ctx: Ctx) -> None:
        other = Place(
            id=whole.id, slug="anders", name="Anderswo", address="", wheelchair=None, contact=None,
            caretaker_email=None, position=None, example=True,
        )  # fmt: skip
        owner = (await ctx.session.scalars(select(Owner))).one()
        ctx.session.add(other)
        await ctx.session.flush()
        ctx.session.add(Lot(resource_id=bike.id, owner_id=owner.id, place_id=house.place_id, first_unit=1, units=2))
        ctx.session.add(Lot(resource_id=bike.id, owner_id=owner.id, place_id=other.id, first_unit=3, units=1))

    await house.do(stock, house.editor)
    days = When(first_day=date(2026, 6, 10), last_day=date(2026, 6, 10))
    closure = await block(house, days, place_id=house.place_id)
    assert await blocked(house, north) == ["10.00:00-00:00"]
    assert await blocked(house, bike) == ["10.00:00-00:00"] * 2
    await house.book(bike, days)  # the unit that lies elsewhere
    with pytest.raises(DomainError):
        await house.book(whole, EVENING)
    await house.do(lambda ctx: release_closure(ctx, closure.id), house.editor)
    await house.book(whole, EVENING)


async def test_a_recurring_closure_can_be_given_back_for_a_single_date(house: House) -> None:
    room = await house.resource()
    weekly = Recurrence(Frequency.WEEKLY, count=4)
    closure = await block(house, EVENING, resource_id=room.id, rule=weekly)
    assert len(await blocked(house, room)) == 4
    third = Interval(at("2026-06-24T18:00"), at("2026-06-24T20:00"))
    await house.do(lambda ctx: release_date(ctx, closure.id, third), house.editor)
    assert await blocked(house, room) == ["10.18:00-20:00", "17.18:00-20:00", "01.18:00-20:00"]
    await house.book(room, span("2026-06-24", "18:00", "20:00"))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: release_date(ctx, closure.id, third), house.editor)
    assert caught.value.code == "NOT_FOUND"


async def test_time_that_two_closures_want_stays_blocked_until_both_are_released(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    first = await block(house, EVENING, resource_id=room.id)
    second = await block(house, DAY, resource_id=room.id)
    await house.do(lambda ctx: release_closure(ctx, first.id), house.editor)
    with pytest.raises(DomainError):
        await house.book(room, EVENING)
    await house.do(lambda ctx: release_closure(ctx, second.id), house.editor)
    await house.book(room, EVENING)


async def test_the_preview_names_the_bookings_and_changes_nothing(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    booking = await house.book(room, EVENING)
    wish = ClosureWish(EVENING, "", room.id, rule=Recurrence(Frequency.WEEKLY, count=3))
    plan = await house.read(lambda ctx: preview_closure(ctx, wish), house.editor)
    assert (len(plan.dates), [item.id for item in plan.conflicts]) == (3, [booking.id])
    assert await blocked(house, room) == []


@pytest.mark.parametrize(
    ("wish", "code", "field"),
    [
        ({}, "INVALID_INPUT", "resourceId"),
        ({"reason": " "}, "INVALID_INPUT", "reason"),
        ({"public_reason": "x" * 501}, "INVALID_INPUT", "publicReason"),
        ({"when": span("2026-05-01", "08:00", "09:00")}, "START_IN_PAST", "startsAt"),
        ({"rule": Recurrence(Frequency.DAILY, count=1000)}, "TOO_MANY_OCCURRENCES", None),
    ],
)
async def test_senseless_closures_are_refused(house_sqlite: House, wish: dict[str, Any], code: str, field: str) -> None:
    room = await house_sqlite.resource()
    given: dict[str, Any] = {"when": DAY, "reason": "Heizung", **({"resource_id": room.id} if wish else {}), **wish}
    with pytest.raises(DomainError) as caught:
        await house_sqlite.do(lambda ctx: block_time(ctx, ClosureWish(**given)), house_sqlite.editor)
    assert caught.value.code == code
    assert field is None or caught.value.field == field


async def test_only_managers_block_and_decide(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    closure = await block(house, DAY, resource_id=room.id)
    wish = ClosureWish(DAY, "x", room.id)
    refused: tuple[Callable[[Ctx], Awaitable[Any]], ...] = (
        lambda ctx: block_time(ctx, wish),
        lambda ctx: preview_closure(ctx, wish),
        lambda ctx: release_closure(ctx, closure.id),
        lambda ctx: keep_booking(ctx, closure.id, room.id),
    )
    for who in (house.who(), house.who("karl", "caretaker")):
        for work in refused:
            with pytest.raises(DomainError) as caught:
                await house.do(work, who)
            assert caught.value.code == "FORBIDDEN"


BLOCK = """mutation ($input: BlockTimeInput!) { blockTime(input: $input) {
  block { id kind frequency publicReason reason resource { slug } place { slug } dates { totalCount }
          conflicts { state booking { number } } } errors { code field } } }"""


async def test_the_api_blocks_previews_and_shows_conflicts_to_staff_only(house: House) -> None:
    room = await house.resource()
    booking = await house.book(room, EVENING)
    wish = {
        "resourceId": str(room.id), "day": "2026-06-10", "startTime": "08:00", "endTime": "22:00",
        "frequency": "WEEKLY", "count": 2, "reason": "Heizung defekt", "publicReason": "Reparatur",
        "publicReasonEn": "Repair", "kind": "MAINTENANCE",
    }  # fmt: skip
    preview = """query ($block: BlockTimeInput!) { booking { blockPreview(block: $block) {
        dates bookings { number } } } }"""
    seen = await house.world.graphql("potsdam", preview, {"block": wish}, roles=("editor",))
    assert seen.data["booking"]["blockPreview"] == {"dates": 2, "bookings": [{"number": booking.number}]}
    made = await house.world.graphql("potsdam", BLOCK, {"input": wish}, roles=("editor",))
    assert made.errors == []
    assert made.data["blockTime"]["errors"] == []
    shown = made.data["blockTime"]["block"]
    assert shown["conflicts"] == [{"state": "OPEN", "booking": {"number": booking.number}}]
    assert (shown["publicReason"], shown["reason"], shown["dates"]) == ("Repair", "Heizung defekt", {"totalCount": 2})
    keep = """mutation ($id: ID!, $booking: ID!) { keepBooking(id: $id, bookingId: $booking) {
        block { conflicts { state } } errors { code } } }"""
    ids = {"id": shown["id"], "booking": str(booking.id)}
    kept = await house.world.graphql("potsdam", keep, ids, roles=("editor",))
    assert kept.data["keepBooking"] == {"block": {"conflicts": [{"state": "KEPT"}]}, "errors": []}
    listed = '{ booking { blockedTimes(filter: {from: "2026-06-11T00:00:00Z"}) { nodes { reason kind } } } }'
    staff = await house.world.graphql("potsdam", listed, roles=("caretaker",))
    assert staff.data["booking"]["blockedTimes"]["nodes"] == [{"reason": "Heizung defekt", "kind": "MAINTENANCE"}]
    assert (await house.world.graphql("potsdam", listed, subject="anna")).codes == ["FORBIDDEN"]
    release = "mutation ($id: ID!) { releaseTime(id: $id) { block { releasedAt } errors { code } } }"
    given_back = await house.world.graphql("potsdam", release, {"id": shown["id"]}, roles=("editor",))
    assert given_back.data["releaseTime"]["block"]["releasedAt"] is not None


async def test_the_number_of_statements_does_not_grow_with_dates_and_rooms(house_sqlite: House) -> None:
    house = house_sqlite
    for number in range(4):
        await house.resource(f"raum-{number}")

    async def statements(count: int) -> int:
        with house.world.statements() as seen:
            await block(house, span(f"2026-07-{count:02d}", "08:00", "09:00"), place_id=house.place_id, rule=Recurrence(
                Frequency.DAILY, count=count))  # fmt: skip
        return len(seen)

    assert await statements(30) == await statements(2)


async def test_a_conflict_stands_once_for_each_block(house_sqlite: House) -> None:
    house = house_sqlite
    whole = await house.resource("halle")
    await house.resource("nord", whole_id=whole.id)
    await house.resource("sued", whole_id=whole.id)
    booking = await house.book(whole, EVENING)
    closure = await block(house, DAY, resource_id=whole.id)

    async def rows(ctx: Ctx) -> int:
        return len((await ctx.session.scalars(select(BlockConflict))).all())

    assert await house.read(rows) == 2
    assert list(await conflicts(house, closure)) == [booking.number]
