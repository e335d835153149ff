"""Wishes that are refused: each with its own code and field, and nothing is stored."""

import pytest
from sqlalchemy import func, select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Slot

from .conftest import House, at, span


async def stored(house: House) -> tuple[int, int]:
    async def count(ctx: Ctx) -> tuple[int, int]:
        bookings = await ctx.session.scalar(select(func.count()).select_from(Booking))
        slots = await ctx.session.scalar(select(func.count()).select_from(Slot))
        return bookings or 0, slots or 0

    return await house.read(count)


async def test_overlapping_booking_is_refused_with_the_conflicting_slot(house: House) -> None:
    room = await house.resource(buffer_after_minutes=30)
    await house.book(room, span("2026-06-10", "18:00", "20:00"))
    with pytest.raises(DomainError) as caught:
        await house.book(room, span("2026-06-10", "19:00", "21:00"), house.who("ben"))
    assert caught.value.code == "SLOT_TAKEN"
    assert caught.value.starts_at == at("2026-06-10T18:00")
    assert caught.value.ends_at == at("2026-06-10T20:30")
    assert caught.value.message.de == "Belegt: 10.06.2026, 18:00 bis 20:30 Uhr."
    assert await stored(house) == (1, 1)


async def test_the_next_booking_may_begin_when_the_buffer_ends(house: House) -> None:
    room = await house.resource(buffer_after_minutes=30)
    await house.book(room, span("2026-06-10", "16:00", "18:00"))
    with pytest.raises(DomainError):
        await house.book(room, span("2026-06-10", "18:15", "19:00"))
    await house.book(room, span("2026-06-10", "18:30", "19:00"))
    assert await stored(house) == (2, 2)
