"""The API of booking as apps, residents and staff meet it."""

from typing import Any

from .conftest import House

BOOK = """
mutation ($input: CreateBookingInput!) {
  createBooking(input: $input) {
    booking { id number state startsAt endsAt resource { name place { name } } pickUps { units } }
    errors { code message field ... on SlotTakenError { startsAt endsAt } ... on NotEnoughUnitsError { available } }
  }
}"""


def wish(
    resource: Any, day: str = "2026-06-10", start: str = "18:00", end: str = "20:00", **more: Any
) -> dict[str, Any]:
    return {"input": {"resourceId": str(resource.id), "day": day, "startTime": start, "endTime": end, **more}}


async def test_a_resident_books_and_the_second_booking_is_refused_with_the_conflicting_slot(house: House) -> None:
    room = await house.resource()
    world = house.world
    first = await world.graphql("potsdam", BOOK, wish(room), subject="anna")
    assert first.errors == []
    booking = first.data["createBooking"]["booking"]
    assert booking["state"] == "CONFIRMED"
    assert booking["startsAt"] == "2026-06-10T16:00:00.000Z"
    assert booking["resource"] == {"name": "Saal", "place": {"name": "Haus am Markt"}}
    second = await world.graphql("potsdam", BOOK, wish(room, start="19:00", end="21:00"), subject="ben")
    refused = second.data["createBooking"]
    assert refused["booking"] is None
    assert refused["errors"] == [
        {
            "code": "SLOT_TAKEN",
            "message": "Taken: 10 Jun 2026, 18:00 to 20:00.",
            "field": "startsAt",
            "startsAt": "2026-06-10T16:00:00.000Z",
            "endsAt": "2026-06-10T18:00:00.000Z",
        }
    ]
