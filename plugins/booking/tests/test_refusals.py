"""Wishes that are refused: each with its own code and field, and nothing is stored."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Slot
from regiohub_booking.service.admin import set_special_days

from .conftest import DAILY, House, at, span

BOOK = """
mutation ($input: CreateBookingInput!) {
  createBooking(input: $input) { booking { id } errors { code message field } }
}"""


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


async def test_the_next_booking_may_begin_when_the_buffer_ends(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(buffer_after_minutes=30)
    await house.book(room, span("2026-06-10", "16:00", "18:00"))
    with pytest.raises(DomainError):
        await house.book(room, span("2026-06-10", "18:15", "19:00"))
    await house.book(room, span("2026-06-10", "18:30", "19:00"))
    assert await stored(house) == (2, 2)


async def refusal(house: House, resource_id: object, **wish: Any) -> str:
    """``CODE:field`` of a refused wish; ``booked`` when it was not."""
    answer = await house.world.graphql(
        "potsdam", BOOK, {"input": {"resourceId": str(resource_id), **wish}}, subject="anna"
    )
    if answer.errors:
        return f"request: {answer.codes}"
    result = answer.data["createBooking"]
    if not result["errors"]:
        return "booked"
    error = result["errors"][0]
    assert error["message"]
    return f"{error['code']}:{error['field']}"


async def test_each_bad_wish_has_its_own_code_and_field_and_stores_nothing(house: House) -> None:
    room = await house.resource(min_minutes=60, max_minutes=240, notice_hours=24, horizon_days=60, persons=50)

    async def close(ctx: Ctx) -> None:
        day = at("2026-06-12T00:00").date()
        await set_special_days(ctx, room.id, first=day, last=day, windows=[], reason="Dorffest")

    await house.do(close, house.editor)

    def hours(day: str, start: str, end: str) -> dict[str, Any]:
        return {"day": day, "startTime": start, "endTime": end}

    wishes: dict[str, tuple[Any, dict[str, Any]]] = {
        "END_BEFORE_START:endTime": (room.id, hours("2026-06-10", "20:00", "18:00")),
        "END_BEFORE_START:endsAt": (
            room.id,
            {"startsAt": "2026-06-10T20:00:00+02:00", "endsAt": "2026-06-10T18:00:00+02:00"},
        ),
        "END_BEFORE_START:lastDay": (room.id, {"firstDay": "2026-06-10", "lastDay": "2026-06-09"}),
        "START_IN_PAST:startsAt": (room.id, hours("2026-05-31", "18:00", "20:00")),
        "NOTICE_TOO_SHORT:startsAt": (room.id, hours("2026-06-01", "18:00", "20:00")),
        "OUTSIDE_HORIZON:startsAt": (room.id, hours("2026-09-10", "18:00", "20:00")),
        "OFF_RASTER:startsAt": (room.id, hours("2026-06-10", "18:05", "20:00")),
        "OFF_RASTER:endsAt": (room.id, hours("2026-06-10", "18:00", "20:00:30")),
        "TOO_SHORT:endsAt": (room.id, hours("2026-06-10", "18:00", "18:30")),
        "TOO_LONG:endsAt": (room.id, hours("2026-06-10", "12:00", "18:00")),
        "CLOSED:startsAt": (room.id, hours("2026-06-12", "18:00", "20:00")),
        "CLOSED:endsAt": (room.id, hours("2026-06-10", "20:00", "23:00")),
        "TOO_MANY_UNITS:quantity": (room.id, {**hours("2026-06-10", "18:00", "20:00"), "quantity": 2}),
        "INVALID_INPUT:persons": (room.id, {**hours("2026-06-10", "18:00", "20:00"), "persons": 51}),
        "INVALID_INPUT:purpose": (room.id, {**hours("2026-06-10", "18:00", "20:00"), "purpose": "x" * 501}),
        "NOT_FOUND:resourceId": (uuid4(), hours("2026-06-10", "18:00", "20:00")),
        "TIMES_MISSING:startsAt": (room.id, {"day": "2026-06-10", "startTime": "18:00"}),
    }
    for expected, (resource_id, wish) in wishes.items():
        assert await refusal(house, resource_id, **wish) == expected
    assert await stored(house) == (0, 0)


async def test_hours_of_the_clock_changes_are_refused_or_booked_exactly(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(opening={}, horizon_days=700)
    night = {"day": "2027-03-28", "startTime": "02:30", "endTime": "05:00"}
    assert await refusal(house, room.id, **night) == "LOCAL_TIME_DOES_NOT_EXIST:startTime"
    skipped = {"startsAt": "2027-03-28T02:30:00+01:00", "endsAt": "2027-03-28T05:00:00+02:00"}
    assert await refusal(house, room.id, **skipped) == "LOCAL_TIME_DOES_NOT_EXIST:startsAt"
    twice = {"day": "2027-10-31", "startTime": "02:30", "endTime": "05:00"}
    assert await refusal(house, room.id, **twice) == "LOCAL_TIME_AMBIGUOUS:startTime"
    first = {"startsAt": "2027-10-31T02:00:00+02:00", "endsAt": "2027-10-31T02:00:00+01:00"}
    assert await refusal(house, room.id, **first) == "booked"
    second = {"startsAt": "2027-10-31T02:00:00+01:00", "endsAt": "2027-10-31T03:00:00+01:00"}
    assert await refusal(house, room.id, **second) == "booked"


async def test_a_moment_without_offset_never_reaches_the_service(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    answer = await refusal(house_sqlite, room.id, startsAt="2026-06-10T18:00:00", endsAt="2026-06-10T20:00:00")
    assert answer.startswith("request:")


async def test_days_at_the_ends_of_the_calendar_are_refused(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    question = """
    query ($id: ID!, $start: DateTime!, $end: DateTime!) {
      booking { resource(id: $id) { freeSlots(from: $start, to: $end) { startsAt } } }
    }"""
    for day in ("0001-01-01", "0999-12-31", "9000-01-01", "9999-12-31"):
        start, end = f"{day}T10:00:00Z", f"{day}T12:00:00Z"
        for wish in (
            {"firstDay": day, "lastDay": day},
            {"day": day, "startTime": "00:00", "endTime": "00:00"},
            {"startsAt": start, "endsAt": end},
        ):
            assert (await refusal(house, room.id, **wish)).startswith("request: ['BAD_OPERATION'")
        answer = await house.world.graphql("potsdam", question, {"id": str(room.id), "start": start, "end": end})
        assert set(answer.codes) == {"BAD_OPERATION"}
    assert await refusal(house, room.id, firstDay="8999-12-31", lastDay="8999-12-31") == "OUTSIDE_HORIZON:startsAt"
    assert await refusal(house, room.id, firstDay="1000-01-01", lastDay="1000-01-01") == "START_IN_PAST:startsAt"
    assert await stored(house) == (0, 0)


async def test_public_holidays_of_the_region_close_the_house(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(holiday_rule="closed", horizon_days=365)
    brandenburg = {"day": "2026-10-31", "startTime": "18:00", "endTime": "20:00"}
    assert await refusal(house, room.id, **brandenburg) == "CLOSED:startsAt"
    ordinary = {"day": "2026-10-30", "startTime": "18:00", "endTime": "20:00"}
    assert await refusal(house, room.id, **ordinary) == "booked"


async def test_the_same_holiday_is_an_ordinary_day_in_berlin(house_sqlite: House) -> None:
    from .conftest import make_house

    await house_sqlite.world.enable("berlin", "booking")
    berlin = await make_house(house_sqlite.world, "berlin")
    room = await berlin.resource(holiday_rule="closed", opening=DAILY)
    booking = await berlin.book(room, span("2026-10-31", "18:00", "20:00"))
    assert booking.ends_at - booking.starts_at == timedelta(hours=2)


async def test_anonymous_callers_and_machines_cannot_book(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    wish = {"resourceId": str(room.id), "day": "2026-06-10", "startTime": "18:00", "endTime": "20:00"}
    answer = await house_sqlite.world.graphql("potsdam", BOOK, {"input": wish})
    assert answer.codes == ["UNAUTHENTICATED"]
    token = house_sqlite.world.token("potsdam", roles=("editor",), machine=True)
    machine = await house_sqlite.world.graphql("potsdam", BOOK, {"input": wish}, token=token)
    assert machine.codes == ["FORBIDDEN"]


async def test_a_resource_of_another_town_does_not_exist_here(house_sqlite: House) -> None:
    from .conftest import make_house

    other = await make_house(house_sqlite.world, "bad-belzig")
    room = await other.resource()
    answer = await refusal(house_sqlite, room.id, day="2026-06-10", startTime="18:00", endTime="20:00")
    assert answer == "NOT_FOUND:resourceId"


async def test_one_person_cannot_book_or_hold_without_limit(house_sqlite: House) -> None:
    from regiohub_booking.service.create import hold_slot
    from regiohub_booking.service.wishes import Wish

    house = house_sqlite
    room = await house.resource()
    for hour in ("08", "09", "10"):
        when = span("2026-06-10", f"{hour}:00", f"{hour}:30")
        await house.do(lambda ctx, when=when: hold_slot(ctx, Wish(room.id, when)))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: hold_slot(ctx, Wish(room.id, span("2026-06-10", "12:00", "13:00"))))
    assert caught.value.code == "TOO_MANY_BOOKINGS"
    assert caught.value.limit == 3
