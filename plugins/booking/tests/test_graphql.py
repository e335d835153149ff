"""The API of booking as apps, residents and staff meet it."""

from typing import Any

import pytest

from regiohub_booking.models import Resource
from regiohub_booking.service.wishes import Wish

from .conftest import House, make_house, span

BOOK = """
mutation ($input: CreateBookingInput!) {
  createBooking(input: $input) {
    booking { id number state startsAt endsAt resource { name place { name } } pickUps { units place { name } } }
    errors { code message field ... on SlotTakenError { startsAt endsAt } ... on NotEnoughUnitsError { available } }
  }
}"""
EVENING = span("2026-06-10", "18:00", "20:00")


def wish(
    resource: Resource, day: str = "2026-06-10", start: str = "18:00", end: str = "20:00", **more: Any
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
    german = await world.graphql("potsdam", BOOK, wish(room), subject="ben", language="de")
    assert german.data["createBooking"]["errors"][0]["message"] == "Belegt: 10.06.2026, 18:00 bis 20:00 Uhr."


async def test_hold_confirm_move_and_cancel_through_the_api(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()

    async def call(document: str, variables: dict[str, Any]) -> Any:
        answer = await house.world.graphql("potsdam", document, variables, subject="anna")
        assert answer.errors == []
        ((_, payload),) = answer.data.items()
        assert payload["errors"] == []
        return payload["booking"]

    held = await call(
        "mutation ($input: CreateBookingInput!) { holdSlot(input: $input)"
        " { booking { id state expiresAt } errors { code } } }",
        wish(room),
    )
    assert (held["state"], held["expiresAt"]) == ("HELD", "2026-06-01T08:10:00.000Z")
    booked = await call(
        'mutation ($id: ID!) { confirmHold(id: $id, persons: 9, purpose: "Probe")'
        " { booking { state persons purpose } errors { code } } }",
        {"id": held["id"]},
    )
    assert booked == {"state": "CONFIRMED", "persons": 9, "purpose": "Probe"}
    moved = await call(
        "mutation ($input: RescheduleBookingInput!) { rescheduleBooking(input: $input)"
        " { booking { startsAt } errors { code } } }",
        {"input": {"id": held["id"], "day": "2026-06-11", "startTime": "10:00", "endTime": "12:00"}},
    )
    assert moved["startsAt"] == "2026-06-11T08:00:00.000Z"
    cancelled = await call(
        "mutation ($id: ID!) { cancelBooking(id: $id) { booking { state } errors { code } } }", {"id": held["id"]}
    )
    assert cancelled["state"] == "CANCELLED"


async def test_each_person_sees_own_bookings_and_staff_see_all(house: House) -> None:
    room = await house.resource()
    await house.book(room, EVENING)
    await house.book(room, span("2026-06-11", "18:00", "20:00"), house.who("ben"))
    mine = "{ booking { myBookings { totalCount nodes { bookerEmail } } } }"
    for subject in ("anna", "ben"):
        answer = await house.world.graphql("potsdam", mine, subject=subject)
        assert answer.data["booking"]["myBookings"] == {
            "totalCount": 1,
            "nodes": [{"bookerEmail": f"{subject}@example.org"}],
        }
    everything = "{ booking { bookings(filter: {state: [CONFIRMED]}) { totalCount } } }"
    staff = await house.world.graphql("potsdam", everything, roles=("caretaker",), subject="karl")
    assert staff.data["booking"]["bookings"]["totalCount"] == 2
    for caller, code in (({"subject": "anna"}, "FORBIDDEN"), ({}, "UNAUTHENTICATED")):
        refused = await house.world.graphql("potsdam", everything, **caller)  # type: ignore[arg-type]
        assert refused.codes == [code]
    foreign = await house.world.graphql("bad-belzig", everything, token=house.world.token("potsdam", roles=("editor",)))
    assert foreign.codes == ["FORBIDDEN"]


async def test_a_foreign_booking_is_null_by_its_id(house_sqlite: House) -> None:
    house = house_sqlite
    booking = await house.book(await house.resource(), EVENING)
    document = "query ($id: ID!) { booking { booking(id: $id) { number } } }"
    ben = await house.world.graphql("potsdam", document, {"id": str(booking.id)}, subject="ben")
    assert ben.data == {"booking": {"booking": None}}
    anna = await house.world.graphql("potsdam", document, {"id": str(booking.id)}, subject="anna")
    assert anna.data["booking"]["booking"]["number"] == booking.number


async def test_the_public_sees_busy_times_but_no_person(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(buffer_after_minutes=30)
    await house.book(room, EVENING, purpose="Geburtstag")
    answer = await house.world.graphql(
        "potsdam",
        """{ booking { resourceBySlug(slug: "saal") {
             bookings { nodes { startsAt endsAt quantity } }
             busy(from: "2026-06-10T00:00:00Z", to: "2026-06-11T00:00:00Z") { startsAt endsAt } } } }""",
    )
    found = answer.data["booking"]["resourceBySlug"]
    times = {"startsAt": "2026-06-10T16:00:00.000Z", "endsAt": "2026-06-10T18:00:00.000Z"}
    assert found["bookings"]["nodes"] == [{**times, "quantity": 1}]
    assert found["busy"] == [{**times, "endsAt": "2026-06-10T18:30:00.000Z"}]
    names = await house.world.graphql(
        "potsdam", '{ booking { resourceBySlug(slug: "saal") { bookings { nodes { bookerName } } } } }'
    )
    assert names.status == 400 or names.errors


async def test_free_slots_leave_out_what_is_taken_closed_past_and_too_short_notice(house: House) -> None:
    room = await house.resource(buffer_after_minutes=30, notice_hours=24)
    await house.book(room, span("2026-06-03", "12:00", "14:00"))
    answer = await house.world.graphql(
        "potsdam",
        """query ($id: ID!) { booking { resource(id: $id) {
             freeSlots(from: "2026-06-01T00:00:00Z", to: "2026-06-04T00:00:00Z") { startsAt endsAt units } } } }""",
        {"id": str(room.id)},
    )
    assert [
        (slot["startsAt"][:16], slot["endsAt"][:16]) for slot in answer.data["booking"]["resource"]["freeSlots"]
    ] == [
        ("2026-06-02T08:00", "2026-06-02T20:00"),  # 24 hours after now, which is the first at 10 h
        ("2026-06-03T06:00", "2026-06-03T09:30"),  # half an hour before the booking, for tidying up
        ("2026-06-03T12:30", "2026-06-03T20:00"),
    ]


@pytest.mark.parametrize(
    ("span_", "code"),
    [
        ('from: "2026-06-04T00:00:00Z", to: "2026-06-01T00:00:00Z"', "END_BEFORE_START"),
        ('from: "2026-06-01T00:00:00Z", to: "2027-06-01T00:00:00Z"', "INVALID_INPUT"),
        ('from: "2026-06-01T00:00:00Z", to: "2026-06-02T00:00:00Z", quantity: 0', "TOO_MANY_UNITS"),
    ],
)
async def test_senseless_questions_for_free_slots_have_a_code(house_sqlite: House, span_: str, code: str) -> None:
    await house_sqlite.resource()
    answer = await house_sqlite.world.graphql(
        "potsdam", f"{{ booking {{ resources {{ nodes {{ freeSlots({span_}) {{ units }} }} }} }} }}"
    )
    assert code in answer.codes


async def catalogue(house: House) -> None:
    await house.resource("saal", name="Großer Saal", persons=80, wheelchair=True, equipment=["beamer", "kitchen"])
    await house.resource("kammer", name="Kammer", persons=8, wheelchair=False, equipment=["beamer_mini"])
    await house.resource("rad", name="Lastenrad", kind="item", mode="days", units=3, description="Für Umzug und Saal")


@pytest.mark.parametrize(
    ("condition", "slugs"),
    [
        ("kind: ROOM", ["saal", "kammer"]),
        ("kind: ITEM, units: 3", ["rad"]),
        ('text: "SAAL"', ["saal", "rad"]),
        ('text: "groß saal"', ["saal"]),
        ('text: "100%"', []),
        ("persons: 50", ["saal"]),
        ("wheelchair: true", ["saal"]),
        ('equipment: ["beamer"]', ["saal"]),
        ('equipment: ["beamer", "kitchen"]', ["saal"]),
        ('equipment: ["beam%"]', []),
    ],
)
async def test_resources_are_filtered(house_sqlite: House, condition: str, slugs: list[str]) -> None:
    await catalogue(house_sqlite)
    answer = await house_sqlite.world.graphql(
        "potsdam", f"{{ booking {{ resources(filter: {{{condition}}}) {{ nodes {{ slug }} totalCount }} }} }}"
    )
    assert answer.errors == []
    found = answer.data["booking"]["resources"]
    assert sorted(node["slug"] for node in found["nodes"]) == sorted(slugs)
    assert found["totalCount"] == len(slugs)


async def test_filters_give_the_same_answer_on_both_databases(house: House) -> None:
    await catalogue(house)
    answer = await house.world.graphql(
        "potsdam",
        '{ booking { resources(filter: {text: "saal", equipment: ["beamer"], persons: 10}) { nodes { slug } } } }',
    )
    assert answer.data["booking"]["resources"]["nodes"] == [{"slug": "saal"}]


async def test_resources_that_are_free_in_a_span(house: House) -> None:
    await catalogue(house)
    saal, kammer = await house.resource("a", name="A"), await house.resource("b", name="B")
    await house.book(saal, EVENING)
    document = """query ($free: FreeInput!) {
      booking { freeResources(free: $free, filter: {kind: ROOM}) { nodes { slug } totalCount } } }"""
    free = {"startsAt": "2026-06-10T19:00:00+02:00", "endsAt": "2026-06-10T21:00:00+02:00"}
    answer = await house.world.graphql("potsdam", document, {"free": free})
    assert answer.data["booking"]["freeResources"] == {
        "nodes": [{"slug": kammer.slug}, {"slug": "saal"}, {"slug": "kammer"}],
        "totalCount": 3,
    }
    night = {"startsAt": "2026-06-10T23:00:00+02:00", "endsAt": "2026-06-11T01:00:00+02:00"}
    closed = await house.world.graphql("potsdam", document, {"free": night})
    assert closed.data["booking"]["freeResources"]["nodes"] == []


async def test_withdrawn_resources_are_seen_by_staff_only(house_sqlite: House) -> None:
    house = house_sqlite
    await house.resource(active=False)
    document = "{ booking { resources { totalCount } } }"
    assert (await house.world.graphql("potsdam", document)).data["booking"]["resources"]["totalCount"] == 0
    staff = await house.world.graphql("potsdam", document, roles=("editor",))
    assert staff.data["booking"]["resources"]["totalCount"] == 1


async def test_the_number_of_statements_does_not_grow_with_resources_and_bookings(house_sqlite: House) -> None:
    house = house_sqlite
    document = """{ booking { resources(first: 50) { totalCount nodes { name place { name } owner { name }
        parts { nodes { name } } lots { nodes { units owner { name } place { name } } } dates { nodes { title } }
        bookings(first: 5) { nodes { startsAt } }
        freeSlots(from: "2026-06-10T00:00:00Z", to: "2026-06-12T00:00:00Z") { units }
        busy(from: "2026-06-10T00:00:00Z", to: "2026-06-12T00:00:00Z") { startsAt } } }
      bookings(first: 50) { nodes { number resource { name } series { id } pickUps { units } } } } }"""

    async def fill(numbers: range) -> None:
        for number in numbers:
            room = await house.resource(f"raum-{number}")
            await house.book(room, EVENING)

    async def statements() -> int:
        with house.world.statements() as seen:
            answer = await house.world.graphql("potsdam", document, roles=("editor",))
        assert answer.errors == []
        return len(seen)

    await fill(range(2))
    few = await statements()
    await fill(range(2, 14))
    assert await statements() == few


async def test_pages_are_limited_and_continue_where_they_ended(house_sqlite: House) -> None:
    house = house_sqlite
    for number in range(5):
        await house.resource(f"raum-{number}")
    document = """query ($after: String) { booking { resources(first: 2, after: $after) {
        nodes { slug } pageInfo { hasNextPage endCursor } } } }"""
    seen: list[str] = []
    after: str | None = None
    for _ in range(3):
        answer = await house.world.graphql("potsdam", document, {"after": after})
        page = answer.data["booking"]["resources"]
        seen += [node["slug"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert seen == [f"raum-{number}" for number in range(5)]
    too_many = await house.world.graphql("potsdam", "{ booking { resources(first: 101) { nodes { slug } } } }")
    assert too_many.errors != []


async def test_another_towns_rooms_and_bookings_are_invisible(house: House) -> None:
    other = await make_house(house.world, "bad-belzig")
    foreign = await other.resource("fremd")
    booking = await other.book(foreign, EVENING)
    document = """query ($room: ID!, $booking: ID!) { booking {
        resources { totalCount } resource(id: $room) { name }
        booking(id: $booking) { number } bookings { totalCount } } }"""
    answer = await house.world.graphql(
        "potsdam", document, {"room": str(foreign.id), "booking": str(booking.id)}, roles=("tenant-admin",)
    )
    assert answer.data["booking"] == {
        "resources": {"totalCount": 0},
        "resource": None,
        "booking": None,
        "bookings": {"totalCount": 0},
    }
    cancel = "mutation ($id: ID!) { cancelBooking(id: $id) { errors { code } } }"
    refused = await house.world.graphql("potsdam", cancel, {"id": str(booking.id)}, roles=("tenant-admin",))
    assert refused.data["cancelBooking"]["errors"] == [{"code": "NOT_FOUND"}]


async def test_the_region_sees_shared_resources_and_no_bookings(house: House) -> None:
    other = await make_house(house.world, "bad-belzig")
    await house.resource("saal")
    await other.resource("halle")
    answer = await house.world.graphql(
        "region", "{ booking { resources { nodes { slug place { name } tenant { slug } } totalCount } } }"
    )
    assert answer.errors == []
    found = answer.data["booking"]["resources"]
    assert {(node["slug"], node["tenant"]["slug"]) for node in found["nodes"]} == {
        ("saal", "potsdam"),
        ("halle", "bad-belzig"),
    }


async def test_off_means_off(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    await house.world.disable("potsdam", "booking")
    query = await house.world.graphql("potsdam", "{ booking { resources { totalCount } } }")
    assert query.errors != []
    book = await house.world.graphql("potsdam", BOOK, wish(room), subject="anna")
    assert book.errors != []


async def test_staff_decide_through_the_api(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    first = await house.book(room, EVENING)
    second = await house.book(room, span("2026-06-11", "18:00", "20:00"))
    approve = "mutation ($id: ID!) { approveBooking(id: $id) { booking { state } errors { code } } }"
    deny = (
        'mutation ($id: ID!) { denyBooking(id: $id, reason: "Wahllokal") { booking { state reason } errors { code } } }'
    )
    assert (await house.world.graphql("potsdam", approve, {"id": str(first.id)}, subject="anna")).codes == ["FORBIDDEN"]
    done = await house.world.graphql("potsdam", approve, {"id": str(first.id)}, roles=("caretaker",))
    assert done.data["approveBooking"]["booking"] == {"state": "CONFIRMED"}
    denied = await house.world.graphql("potsdam", deny, {"id": str(second.id)}, roles=("caretaker",))
    assert denied.data["denyBooking"]["booking"] == {"state": "DENIED", "reason": "Wahllokal"}


async def test_a_hold_that_has_run_out_reads_as_expired_before_the_job_has_seen_it(house_sqlite: House) -> None:
    from datetime import timedelta

    from regiohub_booking.service.create import hold_slot

    house = house_sqlite
    room = await house.resource()
    await house.do(lambda ctx: hold_slot(ctx, Wish(room.id, EVENING)))
    house.world.clock.advance(timedelta(minutes=11))
    answer = await house.world.graphql("potsdam", "{ booking { myBookings { nodes { state } } } }", subject="anna")
    assert answer.data["booking"]["myBookings"]["nodes"] == [{"state": "EXPIRED"}]
