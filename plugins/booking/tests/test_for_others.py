"""Booking for somebody who calls, series with a look ahead, houses, and the caretaker's day, through the API."""

from typing import Any

import pytest

from regiohub.api import DomainError
from regiohub_booking.models import Booking
from regiohub_booking.rules.recurrence import Frequency, OnConflict, Recurrence
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.create import create_booking_for
from regiohub_booking.service.day_list import day_list
from regiohub_booking.service.series import create_series_for, preview_series
from regiohub_booking.service.wishes import Booker, When, Wish

from .conftest import House, span

EVENING = span("2026-06-10", "18:00", "20:00")
BERTA = Booker("Berta Beispiel", "berta@example.org", "0331 000000")


async def test_staff_book_for_somebody_as_request_or_at_once(house: House) -> None:
    room = await house.resource(requires_approval=True)
    wish = Wish(room.id, EVENING)
    with pytest.raises(DomainError) as caught:
        await house.do(lambda ctx: create_booking_for(ctx, wish, BERTA))
    assert caught.value.code == "FORBIDDEN"
    made = await house.do(lambda ctx: create_booking_for(ctx, wish, BERTA, decided=False), house.editor)
    assert (made.state, made.subject, made.booker_phone) == (BookingState.PENDING, None, "0331 000000")
    later = Wish(room.id, span("2026-06-11", "18:00", "20:00"))
    sure = await house.do(lambda ctx: create_booking_for(ctx, later, BERTA), house.editor)
    assert sure.state is BookingState.CONFIRMED


@pytest.mark.parametrize(
    ("booker", "field"),
    [
        (Booker(" "), "bookerName"),
        (Booker("x" * 201), "bookerName"),
        (Booker("Berta", "keine-adresse"), "bookerEmail"),
        (Booker("Berta", None, "0" * 51), "bookerPhone"),
    ],
)
async def test_the_persons_data_are_checked(house_sqlite: House, booker: Booker, field: str) -> None:
    room = await house_sqlite.resource()
    with pytest.raises(DomainError) as caught:
        await house_sqlite.do(lambda ctx: create_booking_for(ctx, Wish(room.id, EVENING), booker), house_sqlite.editor)
    assert caught.value.field == field


async def test_a_preview_says_what_collides_and_keeps_nothing(house: House) -> None:
    room = await house.resource()
    await house.book(room, span("2026-06-17", "18:00", "20:00"))
    rule = Recurrence(Frequency.WEEKLY, count=3)
    preview = await house.read(lambda ctx: preview_series(ctx, Wish(room.id, EVENING), rule), house.editor)
    assert len(preview.possible) == 2
    assert [(item.day.isoformat(), item.error.code) for item in preview.rejected] == [("2026-06-17", "SLOT_TAKEN")]
    made = await house.do(
        lambda ctx: create_series_for(ctx, Wish(room.id, EVENING), rule, OnConflict.SKIP, BERTA), house.editor
    )
    assert len(made.bookings) == 2
    assert {item.booker_name for item in made.bookings} == {"Berta Beispiel"}


async def test_the_api_previews_and_books_for_others(house: House) -> None:
    room = await house.resource()
    wish = {
        "resourceId": str(room.id), "day": "2026-06-10", "startTime": "18:00", "endTime": "20:00", "count": 2,
    }  # fmt: skip
    ask = """query ($series: CreateSeriesInput!) { booking { seriesPreview(series: $series) {
        possible { startsAt } rejected { code } } } }"""
    seen = await house.world.graphql("potsdam", ask, {"series": wish}, subject="anna")
    assert len(seen.data["booking"]["seriesPreview"]["possible"]) == 2
    book = """mutation ($input: CreateSeriesForInput!) { createSeriesFor(input: $input) {
        outcome { bookings { state bookerName bookerPhone } } errors { code field } } }"""
    given = {**wish, "bookerName": "Berta Beispiel", "bookerPhone": "0331 000000"}
    refused = await house.world.graphql("potsdam", book, {"input": given}, subject="anna")
    assert refused.codes == ["FORBIDDEN"]
    made = await house.world.graphql("potsdam", book, {"input": given}, roles=("caretaker",))
    shown = made.data["createSeriesFor"]["outcome"]["bookings"]
    assert shown == [{"state": "CONFIRMED", "bookerName": "Berta Beispiel", "bookerPhone": "0331 000000"}] * 2
    single = """mutation ($input: CreateBookingForInput!) { createBookingFor(input: $input) {
        booking { state } errors { code } } }"""
    del given["count"]
    taken = await house.world.graphql("potsdam", single, {"input": given}, roles=("editor",))
    assert taken.data["createBookingFor"] == {"booking": None, "errors": [{"code": "SLOT_TAKEN"}]}


async def test_the_day_has_what_begins_and_what_ends_but_no_loan_in_between(house: House) -> None:
    from datetime import date

    room = await house.resource(buffer_before_minutes=30, buffer_after_minutes=15)
    bike = await house.resource("rad", kind="item", mode="days", units=2)
    loan = await house.book(bike, When(first_day=date(2026, 6, 10), last_day=date(2026, 6, 12)), quantity=2)
    await house.book(room, EVENING, persons=12)

    async def seen(day: date) -> list[tuple[str, bool, bool]]:
        houses = await house.read(lambda ctx: day_list(ctx, day), house.who("karl", "caretaker"))
        return [(entry.resource, entry.comes, entry.goes) for item in houses for entry in item.entries]

    assert await seen(date(2026, 6, 10)) == [("Rad", True, False), ("Saal", True, True)]
    assert await seen(date(2026, 6, 11)) == []
    assert await seen(date(2026, 6, 12)) == [("Rad", False, True)]
    with pytest.raises(DomainError):
        await house.read(lambda ctx: day_list(ctx, date(2026, 6, 10)), house.who("erik", "editor"))
    document = """{ booking { dayList(day: "2026-06-10") { place entries { number readyAt tidiedAt byHand
        handings { units } } } } }"""
    answer = await house.world.graphql("potsdam", document, roles=("caretaker",))
    (only,) = answer.data["booking"]["dayList"]
    assert only["place"] == "Haus am Markt"
    assert [entry["handings"] for entry in only["entries"]] == [[{"units": [1, 2]}], []]
    assert only["entries"][0]["number"] == loan.number
    assert only["entries"][1]["readyAt"] == "2026-06-10T15:30:00.000Z"


async def test_houses_are_made_and_changed_and_caretakers_addresses_stay_out_of_the_log(house: House) -> None:
    create = """mutation ($input: CreatePlaceInput!) { createPlace(input: $input) {
        place { id name wheelchair } errors { code field } } }"""
    given: dict[str, Any] = {
        "slug": "neu",
        "name": "Neues Haus",
        "position": {"type": "Point", "coordinates": [13, 52]},
    }
    made = await house.world.graphql("potsdam", create, {"input": given}, roles=("editor",))
    place = made.data["createPlace"]["place"]
    assert (place["name"], place["wheelchair"]) == ("Neues Haus", None)
    for wrong, field in (({"slug": "NEU"}, "slug"), ({"slug": "neu"}, "slug"), ({"name": " "}, "name")):
        answer = await house.world.graphql(
            "potsdam", create, {"input": {**given, "slug": "anders", **wrong}}, roles=("editor",)
        )
        assert answer.data["createPlace"]["errors"][0]["field"] == field
    update = """mutation ($input: UpdatePlaceInput!) { updatePlace(input: $input) {
        place { name caretakerEmail } errors { code field } } }"""
    change = {"id": place["id"], "caretakerEmail": "hauswart@example.org", "address": "Weg 1"}
    done = await house.world.graphql("potsdam", update, {"input": change}, roles=("editor", "caretaker"))
    assert done.data["updatePlace"]["place"] == {"name": "Neues Haus", "caretakerEmail": "hauswart@example.org"}
    log = await house.world.graphql("potsdam", "{ audit { nodes { action before after } } }", roles=("tenant-admin",))
    assert "hauswart@example.org" not in str(log.data)
    owner = 'mutation { createOwner(slug: "club", name: "Club") { owner { name } errors { code } } }'
    club = await house.world.graphql("potsdam", owner, roles=("editor",))
    assert club.data["createOwner"]["owner"] == {"name": "Club"}
    assert isinstance(place["id"], str)


def test_a_booking_for_others_knows_its_person_by_name_only() -> None:
    assert Booking.__table__.c.subject.nullable
