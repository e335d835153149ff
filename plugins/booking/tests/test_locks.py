"""Doors: they follow bookings by themselves, a silent one costs nobody a booking, and codes stay secret."""

import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from regiohub.api import Ctx, DomainError
from regiohub_booking.jobs import follow_doors
from regiohub_booking.models import AccessGrant, Booking, GrantState, Resource
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.access import AccessCode, read_code
from regiohub_booking.service.decide import cancel_booking, reschedule_booking

from .conftest import House, at, span

EVENING = span("2026-06-10", "18:00", "20:00")


async def locked_room(house: House, *doors: str, adapter: str = "simulator", slug: str = "saal") -> Resource:
    return await house.resource(slug, lock_adapter=adapter, lock_doors=list(doors or ("front",)), cancel_hours=0)


async def grant_of(house: House, booking: Booking) -> AccessGrant:
    async def read(ctx: Ctx) -> AccessGrant:
        found = await ctx.session.scalar(select(AccessGrant).where(AccessGrant.booking_id == booking.id))
        assert found is not None
        return found

    return await house.read(read)


async def code(house: House, booking: Booking, who: Any = None) -> AccessCode:
    return await house.read(lambda ctx: read_code(ctx, booking.id), who)


async def follow(house: House) -> None:
    await follow_doors(house.world.scope("potsdam"))


async def test_the_lock_grants_and_the_code_is_readable_by_booker_and_caretaker_in_its_window(house: House) -> None:
    room = await locked_room(house)
    booking = await house.book(room, EVENING)
    await follow(house)
    assert (await grant_of(house, booking)).state is GrantState.ACTIVE
    with pytest.raises(DomainError) as early:
        await code(house, booking)
    assert early.value.code == "NOT_FOUND"
    house.world.clock.set(at("2026-06-10T12:00"))
    own = await code(house, booking)
    assert own.code is not None
    assert len(own.code) == 6
    assert (own.valid_from, own.valid_until) == (at("2026-06-10T17:45"), at("2026-06-10T20:15"))
    assert await code(house, booking, house.who("karl", "caretaker")) == own
    for stranger in (house.who("ben"), house.who("erika", "editor"), house.world.principal("potsdam", subject=None)):
        with pytest.raises(DomainError) as caught:
            await code(house, booking, stranger)
        assert caught.value.code == "NOT_FOUND"
    house.world.clock.set(at("2026-06-10T20:15"))
    with pytest.raises(DomainError):
        await code(house, booking)


async def test_a_silent_lock_costs_nobody_a_booking_and_the_caretaker_is_warned_once(house: House) -> None:
    room = await locked_room(house, "silent-1")
    booking = await house.book(room, EVENING)
    assert booking.state is BookingState.CONFIRMED
    for _ in range(4):
        await follow(house)
        house.world.clock.advance(timedelta(minutes=20))
    grant = await grant_of(house, booking)
    assert grant.state is GrantState.WAITING
    assert grant.attempts >= 2
    await house.world.work()
    warnings = [mail for mail in house.world.mails if mail["To"] == "hausmeister@example.org"]
    assert len(warnings) == 1
    assert "Saal" in str(warnings[0]["Subject"])


async def test_attempts_on_a_silent_lock_grow_rarer(house_sqlite: House) -> None:
    house = house_sqlite
    room = await locked_room(house, "silent-1")
    booking = await house.book(room, EVENING)
    pauses: list[timedelta] = []
    for _ in range(5):
        await follow(house)
        grant = await grant_of(house, booking)
        assert grant.next_try_at is not None
        pauses.append(grant.next_try_at - house.world.clock.now())
        house.world.clock.set(grant.next_try_at)
    assert pauses == sorted(pauses)
    assert pauses[0] < pauses[-1] <= timedelta(minutes=30)


async def test_moving_a_booking_moves_the_window_and_keeps_the_code(house: House) -> None:
    room = await locked_room(house)
    booking = await house.book(room, EVENING)
    await follow(house)
    house.world.clock.set(at("2026-06-10T10:00"))
    before = await code(house, booking)
    await house.do(lambda ctx: reschedule_booking(ctx, booking.id, span("2026-06-10", "19:00", "21:00")))
    assert (await grant_of(house, booking)).state is GrantState.WAITING
    await follow(house)
    after = await code(house, booking)
    assert after.code == before.code
    assert after.valid_from == at("2026-06-10T18:45")


async def test_cancelling_revokes_and_makes_the_code_unreadable_at_once(house: House) -> None:
    room = await locked_room(house)
    booking = await house.book(room, EVENING)
    await follow(house)
    house.world.clock.set(at("2026-06-10T12:00"))
    await code(house, booking)
    await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    with pytest.raises(DomainError):
        await code(house, booking)
    await follow(house)
    grant = await grant_of(house, booking)
    assert (grant.state, grant.sealed_code, grant.next_try_at) == (GrantState.REVOKED, None, None)


async def test_a_cancellation_before_the_lock_answered_wins(house_sqlite: House) -> None:
    """The wish that is older than the present one must not be reported as done."""
    from regiohub_booking.locks import GrantAnswer
    from regiohub_booking.service import doors

    house = house_sqlite
    room = await locked_room(house)
    booking = await house.book(room, EVENING)
    async with house.world.scope("potsdam").read() as ctx:
        (order,) = await doors.due_orders(ctx)
    await house.do(lambda ctx: cancel_booking(ctx, booking.id))
    await house.do(lambda ctx: doors.report(ctx, order, GrantAnswer("sim", "123456"), None))
    grant = await grant_of(house, booking)
    assert grant.state is GrantState.WAITING
    assert grant.next_try_at is not None
    await follow(house)
    grant = await grant_of(house, booking)
    assert (grant.state, grant.sealed_code) == (GrantState.REVOKED, None)


async def test_granting_twice_by_our_reference_gives_one_grant_with_one_code(house_sqlite: House) -> None:
    from regiohub_booking.locks import GrantRequest, SimulatedLock

    lock, scope = SimulatedLock(), house_sqlite.world.scope("potsdam")
    request = GrantRequest("ref", ("front",), at("2026-06-10T18:00"), at("2026-06-10T20:00"), "2026-ABC")
    first, second = await lock.grant(scope, request), await lock.grant(scope, request)
    assert first == second
    await lock.revoke(scope, "ref", first.vendor_reference)
    await lock.revoke(scope, "ref", first.vendor_reference)
    assert await lock.read_back(scope, "ref") is None


async def test_a_key_handed_over_by_hand_is_on_the_caretakers_list(house: House) -> None:
    room = await locked_room(house, "Haupteingang", adapter="manual")
    await house.book(room, EVENING, persons=12)
    await follow(house)
    document = """{ booking { handOvers(from: "2026-06-10T00:00:00Z", to: "2026-06-11T00:00:00Z")
                    { resource place persons byHand bookerName } } }"""
    refused = await house.world.graphql("potsdam", document, subject="anna")
    assert refused.codes == ["FORBIDDEN"]
    answer = await house.world.graphql("potsdam", document, roles=("caretaker",), subject="karl")
    assert answer.data["booking"]["handOvers"] == [
        {"resource": "Saal", "place": "Haus am Markt", "persons": 12, "byHand": True, "bookerName": "Anna Beispiel"}
    ]


async def test_codes_are_neither_stored_in_clear_nor_logged_nor_listed(
    house_sqlite: House, caplog: pytest.LogCaptureFixture
) -> None:
    house = house_sqlite
    room = await locked_room(house)
    with caplog.at_level(logging.DEBUG):
        booking = await house.book(room, EVENING)
        await follow(house)
        house.world.clock.set(at("2026-06-10T12:00"))
        found = (await code(house, booking)).code
    assert found is not None
    grant = await grant_of(house, booking)
    stored = {column.name: getattr(grant, column.name) for column in AccessGrant.__table__.columns}
    assert found not in str(stored)
    own = [record.getMessage() for record in caplog.records if not record.name.startswith(("aiosqlite", "sqlalchemy"))]
    assert found not in "\n".join(own)
    listed = await house.world.graphql(
        "potsdam",
        """{ booking { bookings { nodes { number resource { name } } }
             handOvers(from: "2026-06-10T00:00:00Z", to: "2026-06-11T00:00:00Z") { number } } }""",
        roles=("caretaker",),
        subject="karl",
    )
    assert listed.errors == []
    assert found not in str(listed.data)
    assert found not in repr(await code(house, booking))


async def test_the_api_tells_the_code_to_its_booker_only(house_sqlite: House) -> None:
    house = house_sqlite
    room = await locked_room(house)
    booking = await house.book(room, EVENING)
    await follow(house)
    house.world.clock.set(at("2026-06-10T12:00"))
    document = "query ($id: ID!) { booking { access(bookingId: $id) { state code } } }"
    own = await house.world.graphql("potsdam", document, {"id": str(booking.id)}, subject="anna")
    assert own.data["booking"]["access"]["state"] == "ACTIVE"
    foreign = await house.world.graphql("potsdam", document, {"id": str(booking.id)}, subject="ben")
    assert foreign.codes == ["NOT_FOUND"]
