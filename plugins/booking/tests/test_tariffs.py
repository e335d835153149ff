"""Tariffs: quoted before booking, stored with the booking, kept when the tariff changes later."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from regiohub.api import Ctx, DomainError
from regiohub_booking.models import Booking, Resource, Tariff
from regiohub_booking.rules.prices import PriceBasis
from regiohub_booking.rules.recurrence import Frequency, OnConflict, Recurrence
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.create import confirm_hold, hold_slot
from regiohub_booking.service.decide import reschedule_booking
from regiohub_booking.service.series import create_series
from regiohub_booking.service.tariffs import create_tariff, delete_tariff, quote, set_price, update_tariff
from regiohub_booking.service.wishes import Wish

from .conftest import House, span

EVENING = span("2026-06-10", "18:00", "20:00")
LONGER = span("2026-06-10", "18:00", "21:30")


async def tariff(house: House, name: str = "Private Feiern", price: str = "15", **given: Any) -> Tariff:
    fields = {"place_id": house.place_id, "name": name, "price": Decimal(price), **given}
    if "resource_id" in given:
        fields["place_id"] = None
    return await house.do(lambda ctx: create_tariff(ctx, fields), house.editor)


async def shown(house: House, resource: Resource, **wish: Any) -> list[tuple[str, str, str]]:
    found = await house.read(lambda ctx: quote(ctx, resource.id, wish.pop("when", EVENING), **wish))
    return [(item.tariff.name, str(item.price), str(item.deposit)) for item in found]


async def test_a_booking_keeps_the_price_that_was_agreed(house: House) -> None:
    room = await house.resource()
    made = await tariff(house, deposit=Decimal(100), name_en="Private parties")
    await tariff(house, "Vereine der Stadt", "0", position=1)
    assert await shown(house, room) == [("Private Feiern", "30.00", "100.00"), ("Vereine der Stadt", "0.00", "0.00")]
    booking = await house.book(room, EVENING)
    assert (booking.tariff_name, booking.price, booking.deposit) == ("Private Feiern", Decimal(30), Decimal(100))
    await house.do(lambda ctx: update_tariff(ctx, made.id, {"price": Decimal(40)}), house.editor)
    await house.do(lambda ctx: delete_tariff(ctx, made.id), house.editor)

    async def stored(ctx: Ctx) -> Booking:
        found = await ctx.session.find(Booking, booking.id)
        assert found is not None
        return found

    assert (await house.read(stored)).price == Decimal("30.00")
    await house.world.work()
    body = house.world.mails[0].get_body(("plain",))
    assert body is not None
    assert "30,00\xa0€ (Private Feiern)" in body.get_content()
    assert "100,00\xa0€" in body.get_content()


async def test_the_rooms_own_tariffs_replace_those_of_the_house_while_they_hold(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    await tariff(house)
    await tariff(house, "Sommerpreis", "9", resource_id=room.id, valid_from=date(2026, 6, 11))
    assert [name for name, _, _ in await shown(house, room)] == ["Private Feiern"]
    assert [name for name, _, _ in await shown(house, room, when=span("2026-06-11", "18:00", "19:00"))] == [
        "Sommerpreis"
    ]


async def test_a_wished_tariff_that_needs_proof_makes_the_booking_a_request(house: House) -> None:
    room = await house.resource()
    await tariff(house)
    clubs = await tariff(house, "Vereine der Stadt", "0", position=1, on_request=True)
    booking = await house.book(room, EVENING, tariff_id=clubs.id)
    assert (booking.state, booking.price) == (BookingState.PENDING, Decimal("0.00"))
    hold = await house.do(
        lambda ctx: hold_slot(ctx, Wish(room.id, span("2026-06-11", "18:00", "20:00"), tariff_id=clubs.id))
    )
    kept = await house.do(lambda ctx: confirm_hold(ctx, hold.id))
    assert (kept.state, kept.price) == (BookingState.PENDING, Decimal("0.00"))
    with pytest.raises(DomainError) as caught:
        await house.book(room, span("2026-06-12", "18:00", "20:00"), tariff_id=room.id)
    assert (caught.value.code, caught.value.field) == ("NOT_FOUND", "tariffId")


async def test_moving_a_booking_changes_its_price_unless_staff_have_set_it(house: House) -> None:
    room = await house.resource()
    await tariff(house)
    booking = await house.book(room, EVENING)
    moved = await house.do(lambda ctx: reschedule_booking(ctx, booking.id, LONGER))
    assert moved.price == Decimal("52.50")
    await house.do(lambda ctx: set_price(ctx, booking.id, Decimal(10), Decimal(0)), house.editor)
    again = await house.do(lambda ctx: reschedule_booking(ctx, booking.id, EVENING))
    assert again.price == Decimal("10.00")


async def test_each_date_of_a_series_has_its_price(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    await tariff(house)
    rule = Recurrence(Frequency.WEEKLY, count=3)
    made = await house.do(lambda ctx: create_series(ctx, Wish(room.id, EVENING), rule, OnConflict.ALL_OR_NOTHING))
    assert [item.price for item in made.bookings] == [Decimal("30.00")] * 3


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"price": Decimal(-1)}, "price"),
        ({"price": Decimal("1.005")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"deposit": Decimal(2000000)}, "deposit"),
        ({"minimum": Decimal("-0.01")}, "minimum"),
        ({"name": "  "}, "name"),
        ({"note": "x" * 501}, "note"),
        ({"position": -1}, "position"),
        ({"valid_from": date(2026, 2, 1), "valid_until": date(2026, 1, 1)}, "validUntil"),
        ({"place_id": None}, "resourceId"),
    ],
)
async def test_senseless_tariffs_are_refused_with_their_field(
    house_sqlite: House, given: dict[str, Any], field: str
) -> None:
    fields = {"place_id": house_sqlite.place_id, "name": "Tarif", "price": Decimal(1), **given}
    with pytest.raises(DomainError) as caught:
        await house_sqlite.do(lambda ctx: create_tariff(ctx, fields), house_sqlite.editor)
    assert (caught.value.code, caught.value.field) == ("INVALID_INPUT", field)


async def test_the_api_quotes_to_everybody_and_manages_for_staff(house: House) -> None:
    room = await house.resource()
    create = """mutation ($input: CreateTariffInput!) { createTariff(input: $input) {
        tariff { id name price basis deposit onRequest place { slug } } errors { code field } } }"""
    given = {"placeId": str(house.place_id), "name": "Feiern", "nameEn": "Parties", "price": "12.50"}
    assert (await house.world.graphql("potsdam", create, {"input": given}, subject="anna")).codes == ["FORBIDDEN"]
    made = await house.world.graphql("potsdam", create, {"input": given}, roles=("editor",))
    shown = made.data["createTariff"]["tariff"]
    assert (shown["name"], shown["price"], shown["basis"], shown["deposit"]) == ("Parties", "12.50", "HOUR", "0.00")
    ask = """query ($id: ID!) { booking { quote(resourceId: $id, when: {day: "2026-06-10", startTime: "18:00",
        endTime: "20:00"}) { price amount deposit tariff { name } } tariffs { nodes { name price } } } }"""
    quoted = await house.world.graphql("potsdam", ask, {"id": str(room.id)}, language="de")
    assert quoted.data["booking"] == {
        "quote": [{"price": "25.00", "amount": "2", "deposit": "0.00", "tariff": {"name": "Feiern"}}],
        "tariffs": {"nodes": [{"name": "Feiern", "price": "12.50"}]},
    }
    book = """mutation ($input: CreateBookingInput!) { createBooking(input: $input) {
        booking { id price deposit tariffName } errors { code } } }"""
    wish = {"resourceId": str(room.id), "day": "2026-06-10", "startTime": "18:00", "endTime": "20:00"}
    booked = await house.world.graphql("potsdam", book, {"input": wish}, subject="anna")
    booking = booked.data["createBooking"]["booking"]
    assert (booking["price"], booking["tariffName"]) == ("25.00", "Parties")
    change = """mutation ($id: ID!) { setAgreedPrice(id: $id, price: "20", deposit: "50.5") {
        booking { price deposit } errors { code field } } }"""
    changed = await house.world.graphql("potsdam", change, {"id": booking["id"]}, roles=("caretaker",))
    assert changed.data["setAgreedPrice"]["booking"] == {"price": "20.00", "deposit": "50.50"}
    remove = "mutation ($id: ID!) { deleteTariff(id: $id) { tariff { name } errors { code } } }"
    removed = await house.world.graphql("potsdam", remove, {"id": shown["id"]}, roles=("editor",))
    assert removed.data["deleteTariff"] == {"tariff": {"name": "Parties"}, "errors": []}


async def test_a_flat_price_counts_once(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    await tariff(house_sqlite, basis=PriceBasis.FLAT)
    assert (await shown(house_sqlite, room))[0][1] == "15.00"
