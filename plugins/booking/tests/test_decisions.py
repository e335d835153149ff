"""Approve, deny, cancel, move: who may, until when, and who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Slot
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.decide import approve_booking, cancel_booking, deny_booking, reschedule_booking

from .conftest import House, at, span

EVENING = span("2026-06-10", "18:00", "20:00")
LATER = span("2026-06-10", "19:00", "21:00")


async def occupied(house: House, booking: Booking) -> list[str]:
    async def read(ctx: Ctx) -> list[str]:
        rows = await ctx.session.scalars(select(Slot).where(Slot.booking_id == booking.id, Slot.occupies))
        return [f"{row.starts_at:%H:%M}-{row.ends_at:%H:%M}" for row in rows]

    return await house.read(read)


async def test_a_request_is_approved_and_the_booker_is_told_at_each_step(house: House) -> None:
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    assert booking.state is BookingState.PENDING
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: approve_booking(ctx, booking.id))
    assert caught.value.code == "FORBIDDEN"
    approved = await house.do(lambda ctx: approve_booking(ctx, booking.id), house.editor)
    assert (approved.state, approved.decided_at) == (BookingState.CONFIRMED, house.world.clock.now())
    with pytest.raises(DomainError) as again:
        await house.do(lambda ctx: deny_booking(ctx, booking.id, "doch nicht"), house.editor)
    assert again.value.code == "WRONG_STATE"
    assert again.value.message.de == "Das geht nicht mehr: Die Buchung ist bestätigt."
    await house.world.work()
    received, confirmed = house.world.mails
    assert booking.number in str(received["Subject"])
    assert str(received["Subject"]).startswith("Ihre Anfrage")
    assert str(confirmed["Subject"]).startswith("Bestätigt")
    assert confirmed["To"] == "anna@example.org"
    body = confirmed.get_body(("plain",))
    assert body is not None
    assert "Mittwoch, 10. Juni 2026, 18:00 Uhr" in body.get_content()


async def test_a_denied_request_names_its_reason_and_frees_the_time(house: House) -> None:
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: deny_booking(ctx, booking.id, "  "), house.editor)
    assert (caught.value.code, caught.value.field) == ("INVALID_INPUT", "reason")
    denied = await house.do(lambda ctx: deny_booking(ctx, booking.id, "Wahllokal"), house.editor)
    assert (denied.state, denied.reason) == (BookingState.DENIED, "Wahllokal")
    await house.book(room, EVENING, house.who("ben"))
    await house.world.work()
    words = [mail.get_body(("plain",)) for mail in house.world.mails if mail["To"] == "anna@example.org"]
    assert words[-1] is not None
    assert "Grund:  Wahllokal" in words[-1].get_content()


async def test_the_booker_cancels_within_the_rule_and_the_time_is_free_at_once(house: House) -> None:
    room = await house.resource(cancel_hours=48)
    booking = await house.book(room, EVENING)
    cancelled = await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    assert cancelled.state is BookingState.CANCELLED
    await house.book(room, EVENING, house.who("ben"))
    await house.world.work()
    assert "Storniert" in [str(mail["Subject"]).split(" ")[0] for mail in house.world.mails]


async def test_after_the_rule_only_staff_cancel_and_they_say_why(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(cancel_hours=48)
    booking = await house.book(room, EVENING)
    house.world.clock.set(at("2026-06-09T12:00"))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    assert caught.value.code == "CANCELLATION_TOO_LATE"
    assert "08.06.2026, 18:00 Uhr" in caught.value.message.de
    with pytest.raises(DomainError) as silent:
        await house.do(lambda ctx: cancel_booking(ctx, booking.id), house.editor)
    assert silent.value.field == "reason"
    cancelled = await house.do(lambda ctx: cancel_booking(ctx, booking.id, "Rohrbruch"), house.editor)
    assert cancelled.reason == "Rohrbruch"


async def test_a_foreign_booking_does_not_exist_for_residents(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    booking = await house.book(room, EVENING)
    with pytest.raises(DomainError) as cancelled:
        await house.do(lambda ctx: cancel_booking(ctx, booking.id), house.who("ben"))
    with pytest.raises(DomainError) as moved:
        await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LATER), house.who("ben"))
    assert cancelled.value.code == moved.value.code == "NOT_FOUND"


async def test_a_booking_moves_over_its_own_time(house: House) -> None:
    room = await house.resource()
    booking = await house.book(room, EVENING)
    moved = await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LATER))
    assert (moved.starts_at, moved.state) == (at("2026-06-10T19:00"), BookingState.CONFIRMED)
    assert await occupied(house, booking) == ["17:00-19:00"]
    await house.book(room, span("2026-06-10", "17:00", "19:00"), house.who("ben"))


async def test_a_move_onto_somebody_else_changes_nothing(house: House) -> None:
    room = await house.resource()
    booking = await house.book(room, EVENING)
    await house.book(room, span("2026-06-10", "20:00", "22:00"), house.who("ben"))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LATER))
    assert caught.value.code == "SLOT_TAKEN"
    assert await occupied(house, booking) == ["16:00-18:00"]


async def test_a_moved_booking_is_decided_again_unless_staff_move_it(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    await house.do(lambda ctx: approve_booking(ctx, booking.id), house.editor)
    moved = await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LATER))
    assert moved.state is BookingState.PENDING
    await house.do(lambda ctx: approve_booking(ctx, booking.id), house.editor)
    by_staff = await house.do(lambda ctx: reschedule_booking(ctx, booking.id, EVENING), house.editor)
    assert by_staff.state is BookingState.CONFIRMED


async def test_a_cancelled_booking_cannot_be_moved(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    booking = await house.book(room, EVENING)
    await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LATER))
    assert caught.value.code == "WRONG_STATE"


async def test_mails_speak_the_language_of_the_booker(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    scope = house.world.scope("potsdam", principal=house.who(), locale="en")
    from regiohub_booking.service.create import create_booking
    from regiohub_booking.service.wishes import Wish

    await scope.run(lambda ctx: create_booking(ctx, Wish(room.id, EVENING)))
    await house.world.work()
    (mail,) = house.world.mails
    assert str(mail["Subject"]).startswith("Confirmed")
    html = mail.get_body(("html",))
    assert html is not None
    assert "your booking is confirmed" in html.get_content()


async def test_nobody_waits_longer_than_the_present_for_a_decision(house_sqlite: House) -> None:
    """A booking in the past can still be decided on: the list of open requests must become empty."""
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    booking = await house.book(room, EVENING)
    house.world.clock.advance(timedelta(days=30))
    denied = await house.do(lambda ctx: deny_booking(ctx, booking.id, "zu spät"), house.editor)
    assert denied.state is BookingState.DENIED
