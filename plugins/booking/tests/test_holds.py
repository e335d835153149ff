"""Holds: a time kept for some minutes, free again for everybody when they are over."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_booking.jobs import expire_holds
from regiohub_booking.models import Booking, Slot
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.create import confirm_hold, hold_slot
from regiohub_booking.service.decide import cancel_booking
from regiohub_booking.service.wishes import Wish

from .conftest import House, span

EVENING = span("2026-06-10", "18:00", "20:00")


async def hold(house: House, resource_id: object, subject: str = "anna") -> Booking:
    return await house.do(lambda ctx: hold_slot(ctx, Wish(resource_id, EVENING)), house.who(subject))  # type: ignore[arg-type]


async def state_of(house: House, booking: Booking) -> tuple[BookingState, bool]:
    async def read(ctx: Ctx) -> tuple[BookingState, bool]:
        found = await ctx.session.find(Booking, booking.id)
        assert found is not None
        occupies = await ctx.session.scalar(select(Slot.occupies).where(Slot.booking_id == booking.id))
        return found.state, bool(occupies)

    return await house.read(read)


async def test_a_hold_keeps_others_away_until_it_runs_out(house: House) -> None:
    room = await house.resource()
    held = await hold(house, room.id)
    assert held.expires_at == house.world.clock.now() + timedelta(minutes=10)
    with pytest.raises(DomainError) as caught:
        await house.book(room, EVENING, house.who("ben"))
    assert caught.value.code == "SLOT_TAKEN"
    house.world.clock.advance(timedelta(minutes=11))
    booking = await house.book(room, EVENING, house.who("ben"))
    assert booking.state is BookingState.CONFIRMED
    assert await state_of(house, held) == (BookingState.EXPIRED, False)


async def test_a_hold_becomes_a_booking_that_no_longer_runs_out(house: House) -> None:
    room = await house.resource()
    held = await hold(house, room.id)
    booking = await house.do(lambda ctx: confirm_hold(ctx, held.id, purpose="Chorprobe"))
    assert (booking.state, booking.expires_at, booking.purpose) == (BookingState.CONFIRMED, None, "Chorprobe")
    house.world.clock.advance(timedelta(hours=1))
    await expire_holds(house.world.scope("potsdam"))
    assert await state_of(house, held) == (BookingState.CONFIRMED, True)
    with pytest.raises(DomainError):
        await house.book(room, EVENING, house.who("ben"))


async def test_a_hold_cannot_be_completed_after_it_has_run_out(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    held = await hold(house, room.id)
    house.world.clock.advance(timedelta(minutes=11))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: confirm_hold(ctx, held.id))
    assert caught.value.code == "HOLD_EXPIRED"


async def test_a_foreign_hold_does_not_exist(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    held = await hold(house, room.id)
    for work in (confirm_hold, cancel_booking):
        with pytest.raises(DomainError) as caught:
            await house.do(lambda ctx, work=work: work(ctx, held.id), house.who("ben"))
        assert caught.value.code == "NOT_FOUND"


async def test_an_abandoned_hold_is_given_back_without_a_mail(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    held = await hold(house, room.id)
    await house.do(lambda ctx: cancel_booking(ctx, held.id))
    await house.book(room, EVENING, house.who("ben"))
    await house.world.work()
    assert [mail["To"] for mail in house.world.mails] == ["ben@example.org"]


async def test_the_job_marks_stale_holds(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    held = await hold(house, room.id)
    house.world.clock.advance(timedelta(minutes=11))
    await expire_holds(house.world.scope("potsdam"))
    assert await state_of(house, held) == (BookingState.EXPIRED, False)
