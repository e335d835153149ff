"""Series: all dates or none, or those that are possible with the reason for each of the others."""

from datetime import date

import pytest
from sqlalchemy import func, select

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Resource, Series
from regiohub_booking.rules.recurrence import OnConflict, Recurrence
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.admin import set_special_days
from regiohub_booking.service.series import SeriesResult, cancel_series, create_series
from regiohub_booking.service.wishes import Wish

from .conftest import House, at, span

FIRST = span("2026-06-11", "18:00", "20:00")
SKIP, ALL = OnConflict.SKIP, OnConflict.ALL_OR_NOTHING

CREATE = """
mutation ($input: CreateSeriesInput!) {
  createSeries(input: $input) {
    outcome { series { id } bookings { startsAt state } rejected { day code message } }
    errors { code ... on SeriesRejectedError { rejected { day code messageEn } } }
  }
}"""


async def series(house: House, room: Resource, mode: OnConflict, count: int = 4, subject: str = "anna") -> SeriesResult:
    return await house.do(
        lambda ctx: create_series(ctx, Wish(room.id, FIRST), Recurrence(count=count), mode), house.who(subject)
    )


async def obstacles(house: House, room: Resource) -> None:
    """The second date is taken, the third one is closed."""
    await house.book(room, span("2026-06-18", "19:00", "21:00"), house.who("ben"))

    async def close(ctx: Ctx) -> None:
        day = date(2026, 6, 25)
        await set_special_days(ctx, room.id, first=day, last=day, windows=[], reason="Dorffest")

    await house.do(close, house.editor)


async def counts(house: House) -> tuple[int, int]:
    async def read(ctx: Ctx) -> tuple[int, int]:
        mine = select(func.count()).select_from(Booking).where(Booking.subject == "anna")
        return await ctx.session.scalar(mine) or 0, await ctx.session.scalar(
            select(func.count()).select_from(Series)
        ) or 0

    return await house.read(read)


async def test_all_or_nothing_books_nothing_and_lists_each_rejected_date(house: House) -> None:
    room = await house.resource()
    await obstacles(house, room)
    with pytest.raises(DomainError) as caught:
        await series(house, room, ALL)
    assert caught.value.code == "SERIES_REJECTED"
    assert [(item.day, item.code) for item in caught.value.rejected] == [
        (date(2026, 6, 18), "SLOT_TAKEN"),
        (date(2026, 6, 25), "CLOSED"),
    ]
    assert "Dorffest" in caught.value.rejected[1].message
    assert await counts(house) == (0, 0)


async def test_one_impossible_date_is_told_in_the_singular(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    await house_sqlite.book(room, span("2026-06-18", "19:00", "21:00"), house_sqlite.who("ben"))
    with pytest.raises(DomainError) as caught:
        await series(house_sqlite, room, ALL)
    assert caught.value.message.de == "Ein Termin der Serie ist nicht möglich, es wurde nichts gebucht."
    assert caught.value.message.en == "One date of the series is not possible, nothing was booked."


async def test_skipping_conflicts_books_the_rest_and_keeps_the_reasons(house: House) -> None:
    room = await house.resource()
    await obstacles(house, room)
    result = await series(house, room, SKIP)
    assert [booking.starts_at for booking in result.bookings] == [at("2026-06-11T18:00"), at("2026-07-02T18:00")]
    assert [(row.day, row.code) for row in result.rejected] == [
        (date(2026, 6, 18), "SLOT_TAKEN"),
        (date(2026, 6, 25), "CLOSED"),
    ]
    await house.world.work()
    mine = [mail for mail in house.world.mails if mail["To"] == "anna@example.org"]
    assert len(mine) == 1
    text = mine[0].get_body(("plain",))
    assert text is not None
    assert "18.06.2026: Belegt" in text.get_content()


async def test_a_series_of_which_nothing_is_possible_is_refused(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    await series(house, room, ALL, subject="ben")
    with pytest.raises(DomainError) as caught:
        await series(house, room, SKIP)
    assert len(caught.value.rejected) == 4
    assert await counts(house) == (0, 1)


async def test_dates_of_one_series_do_not_overlap_each_other(house_sqlite: House) -> None:
    from regiohub_booking.rules.recurrence import Frequency
    from regiohub_booking.service.wishes import When

    house = house_sqlite
    item = await house.resource("zelt", kind="item", mode="days")
    three_days = Wish(item.id, When(first_day=date(2026, 6, 11), last_day=date(2026, 6, 13)))
    rule = Recurrence(Frequency.DAILY, count=4)
    result = await house.do(lambda ctx: create_series(ctx, three_days, rule, SKIP))
    assert [booking.starts_at for booking in result.bookings] == [at("2026-06-11T00:00"), at("2026-06-14T00:00")]
    assert [row.code for row in result.rejected] == ["SLOT_TAKEN", "SLOT_TAKEN"]


async def test_cancelling_a_series_leaves_what_is_over_and_what_is_too_near(house: House) -> None:
    room = await house.resource(cancel_hours=24)
    result = await series(house, room, ALL)
    house.world.clock.set(at("2026-06-17T20:00"))
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: cancel_series(ctx, result.series.id), house.who("ben"))
    assert caught.value.code == "NOT_FOUND"
    done = await house.do(lambda ctx: cancel_series(ctx, result.series.id))
    assert [booking.state for booking in done.bookings] == [
        BookingState.CONFIRMED,  # over
        BookingState.CONFIRMED,  # tomorrow at 18 h, less than a day away
        BookingState.CANCELLED,
        BookingState.CANCELLED,
    ]
    await house.book(room, span("2026-06-25", "18:00", "20:00"), house.who("ben"))


async def test_the_api_returns_bookings_and_rejected_dates_in_the_callers_language(house: House) -> None:
    room = await house.resource(requires_approval=True)
    await obstacles(house, room)
    wish = {"resourceId": str(room.id), "day": "2026-06-11", "startTime": "18:00", "endTime": "20:00", "count": 3}
    refused = await house.world.graphql("potsdam", CREATE, {"input": wish}, subject="anna")
    errors = refused.data["createSeries"]["errors"]
    assert errors[0]["code"] == "SERIES_REJECTED"
    assert errors[0]["rejected"][0] == {
        "day": "2026-06-18",
        "code": "SLOT_TAKEN",
        "messageEn": "Taken: 18 Jun 2026, 19:00 to 21:00.",
    }
    skipped = await house.world.graphql("potsdam", CREATE, {"input": {**wish, "onConflict": "SKIP"}}, subject="anna")
    outcome = skipped.data["createSeries"]["outcome"]
    assert outcome["bookings"] == [{"startsAt": "2026-06-11T16:00:00.000Z", "state": "PENDING"}]
    assert [row["message"] for row in outcome["rejected"]] == [
        "Taken: 18 Jun 2026, 19:00 to 21:00.",
        "Closed at that time (Dorffest).",
    ]


async def test_the_number_of_statements_does_not_grow_with_the_dates(house_sqlite: House) -> None:
    house = house_sqlite
    few_room, many_room = await house.resource("klein"), await house.resource("gross")
    with house.world.statements() as few:
        await series(house, few_room, ALL, count=2)
    with house.world.statements() as many:
        await series(house, many_room, ALL, count=20)
    # One event per date is the promise of the outbox; everything else is one statement for all dates.
    assert len(many) - len(few) <= 18
