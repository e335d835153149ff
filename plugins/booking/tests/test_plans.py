"""What the booking API declares compiles to SQL, and says the same as the ordinary way."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from regiohub.api import Ctx
from regiohub.testing.oracle import Compared, Oracle
from regiohub_booking.models import Resource

from .conftest import House, span

PLACE = "place { slug name address position wheelchair contact example tenant { slug } }"
RESOURCE = f"""id slug kind mode name description {PLACE} owner {{ slug name contact }} whole {{ name }}
    parts {{ totalCount nodes {{ name }} }} units persons wheelchair equipment opening holidayRule rasterMinutes
    minMinutes maxMinutes minDays maxDays noticeHours horizonDays bufferBeforeMinutes bufferAfterMinutes
    requiresApproval cancelHours active example lots {{ nodes {{ firstUnit units owner {{ name }} place {{ name }} }} }}
    dates {{ nodes {{ title startsAt endsAt }} }}"""
BOOKING = """id number state startsAt endsAt quantity persons purpose bookerName bookerEmail reason expiresAt decidedAt
    createdAt resourceName bookerPhone tariffName price deposit resource { name place { name } }
    questions { nodes { question askedAt answerBy answer answeredAt } }"""
SERIES = f"""id frequency interval count until onConflict cancelledAt rejected {{ nodes {{ day code message }} }}
    bookings {{ totalCount nodes {{ {BOOKING} series {{ id }} }} }}"""
PUBLIC = (
    f"resources(orderBy: PERSONS) {{ totalCount nodes {{ {RESOURCE} }} }}",
    'resources(filter: {text: "saal", persons: 10, equipment: ["beamer"], wheelchair: true}) { nodes { name } }',
    "resources(filter: {near: {lon: 13, lat: 52}}) { nodes { name } }",
    'resourceBySlug(slug: "saal") { id name bookings { totalCount nodes { startsAt endsAt quantity } } }',
    'a: resourceBySlug(slug: "saal") { name } b: resourceBySlug(slug: "nichts") { name }',
    "places { nodes { id slug name } pageInfo { endCursor } } owners { nodes { slug name } }",
)
OWN = (
    f"myBookings(filter: {{state: [CONFIRMED, HELD]}}) {{ totalCount nodes {{ {BOOKING} }} }}",
    f"mySeries {{ nodes {{ {SERIES} }} }}",
)
STAFF = (
    f'bookings(filter: {{from: "2026-06-01T00:00:00Z"}}) {{ totalCount nodes {{ {BOOKING} }} }}',
    "places { nodes { caretakerEmail } } resources { nodes { lockAdapter active } }",
)
TARIFFS = """tariffs { totalCount nodes { id name note position basis price minimum deposit validFrom validUntil
    onRequest resource { name } place { name } } }"""
BLOCKED = """blockedTimes(filter: {from: "2026-06-01T00:00:00Z"}) { totalCount nodes { id kind startsAt endsAt
    lastEndsAt reason publicReason frequency interval count until releasedAt resource { name } place { name }
    dates { totalCount nodes { startsAt endsAt firstUnit lastUnit releasedAt } } } }"""
GRANTS = """accessGrants(filter: {silent: false}) { nodes { adapter doors wanted state validFrom validUntil attempts
    nextTryAt lastError note booking { number } } }"""
LANGUAGES = ("de", "en")


async def planned(house: House, selections: Sequence[str], **who: Any) -> list[Compared]:
    """The answers by plans, which are the ordinary ones, and need no resolver at all."""
    answers: list[Compared] = []
    for selection in selections:
        for language in LANGUAGES:
            document = f"{{ booking {{ {selection} }} }}"
            found = await Oracle(house.world).assert_same(house.slug, document, language=language, **who)
            assert found.ordinary.errors == []
            assert not found.fell_back, document
            assert {str(field.way) for field in found.plan.fields} <= {"json", "rows"}, found.plan.fields
            answers.append(found)
    return answers


async def test_what_everybody_reads_compiles(house: House) -> None:
    room = await house.resource(
        description="Ein Saal", description_en="", equipment=["beamer"], persons=80, wheelchair=True
    )
    await house.resource("raum", description="Ein Raum", description_en="A room", owner_id=None)
    await house.book(room, span("2026-06-10", "18:00", "20:00"))
    answers = await planned(house, PUBLIC)
    assert {node["description"] for node in answers[1].ordinary.body()["data"]["booking"]["resources"]["nodes"]} == {
        "Ein Saal",
        "A room",
    }


async def test_bookings_compile_for_their_person_and_for_staff(house: House) -> None:
    room = await house.resource()
    await house.book(room, span("2026-06-10", "18:00", "20:00"))
    await house.book(room, span("2026-06-11", "18:00", "20:00"), house.who("ben"))
    for subject in ("anna", "ben"):
        answers = await planned(house, OWN, subject=subject)
        nodes = answers[0].ordinary.body()["data"]["booking"]["myBookings"]["nodes"]
        assert [node["bookerEmail"] for node in nodes] == [f"{subject}@example.org"]
        # One plan for all persons: who asks is a parameter, and nobody else's answer may be kept for him.
        assert answers[0].plan.reads_person
        assert not answers[0].plan.cacheable
    staff = await planned(house, STAFF, roles=("editor", "caretaker"), subject="erika")
    assert staff[0].ordinary.body()["data"]["booking"]["bookings"]["totalCount"] == 2


async def test_expired_hold_counts_as_expired_in_both_ways(house: House) -> None:
    await house.resource()
    hold = (
        """mutation ($input: CreateBookingInput!) { holdSlot(input: $input) { booking { state } errors { code } } }"""
    )
    resource = await house.world.graphql("potsdam", '{ booking { resourceBySlug(slug: "saal") { id } } }')
    wish = {
        "resourceId": resource.data["booking"]["resourceBySlug"]["id"],
        "day": "2026-06-10",
        "startTime": "18:00",
        "endTime": "20:00",
    }
    made = await house.world.graphql("potsdam", hold, {"input": wish}, subject="anna")
    assert made.data["holdSlot"] == {"booking": {"state": "HELD"}, "errors": []}
    states: list[str] = []
    for minutes in (0, 5, 10, 60):
        house.world.clock.advance(timedelta(minutes=minutes))
        answers = await planned(house, ["myBookings { nodes { state expiresAt } }"], subject="anna")
        states.append(answers[0].ordinary.body()["data"]["booking"]["myBookings"]["nodes"][0]["state"])
        # The busy time goes with the hold, by the same clock.
        await planned(house, ['resourceBySlug(slug: "saal") { bookings { totalCount } }'])
    assert states == ["HELD", "HELD", "EXPIRED", "EXPIRED"]


async def test_booking_of_a_withdrawn_room_stays_readable_with_its_name(house: House) -> None:
    """Withdrawn rooms are for staff: that must not take away the list of the person who has booked one."""
    room = await house.resource()
    await house.book(room, span("2026-06-10", "18:00", "20:00"))

    async def withdraw(ctx: Ctx) -> None:
        found = await ctx.session.find(Resource, room.id)
        assert found is not None
        found.active = False

    await house.do(withdraw, house.editor)
    selection = "myBookings { nodes { resourceName resource { name } } }"
    for subject, resource in (("anna", None), ("erika", {"name": "Saal"})):
        staff = ("editor", "caretaker") if subject == "erika" else ()
        selection = selection if subject == "anna" else selection.replace("myBookings", "bookings")
        found = (await planned(house, [selection], subject=subject, roles=staff))[0].ordinary.body()
        (nodes,) = (part["nodes"] for part in found["data"]["booking"].values())
        assert nodes == [{"resourceName": "Saal", "resource": resource}]


async def test_only_what_depends_on_neither_person_nor_clock_may_be_kept(house_sqlite: House) -> None:
    await house_sqlite.resource()
    keep = (
        "resources { nodes { name place { name } owner { name } lots { nodes { units } } } }",
        'resourceBySlug(slug: "saal") { name description }',
        "places { nodes { name position } } owners { nodes { name } }",
    )
    leave = (
        "resources { nodes { name bookings { totalCount } } }",
        "resources { nodes { name bookings { nodes { startsAt } } } }",
    )
    assert [found.plan.cacheable for found in await planned(house_sqlite, keep)] == [True] * 6
    assert [found.plan.cacheable for found in await planned(house_sqlite, leave)] == [False] * 4


async def test_region_reads_resources_by_a_plan(house: House) -> None:
    await house.resource()
    document = """{ booking { resources(filter: {text: "saal"}) { totalCount nodes {
        name equipment tenant { slug } place { name } } } } }"""
    found = await Oracle(house.world).assert_same("region", document)
    assert not found.fell_back
    assert {str(field.way) for field in found.plan.fields} == {"rows"}


async def test_what_staff_keep_compiles(house: House) -> None:
    from decimal import Decimal

    from regiohub_booking.service.closures import ClosureWish, block_time
    from regiohub_booking.service.questions import ask
    from regiohub_booking.service.tariffs import create_tariff

    room = await house.resource(requires_approval=True, lock_adapter="simulator", lock_doors=["front"])
    given = {"place_id": house.place_id, "name": "Feiern", "name_en": "Parties", "price": Decimal("12.5")}
    await house.do(lambda ctx: create_tariff(ctx, given), house.editor)
    booking = await house.book(room, span("2026-06-10", "18:00", "20:00"))
    await house.do(lambda ctx: ask(ctx, booking.id, "Küche?"), house.editor)
    wish = ClosureWish(span("2026-06-11", "08:00", "10:00"), "Heizung", room.id, public_reason="Reparatur")
    await house.do(lambda ctx: block_time(ctx, wish), house.editor)
    asked = f"myBookings(filter: {{state: [ASKED]}}) {{ nodes {{ {BOOKING} }} }}"
    own = await planned(house, (asked,), subject="anna")
    (node,) = own[0].ordinary.body()["data"]["booking"]["myBookings"]["nodes"]
    assert (node["price"], node["tariffName"], len(node["questions"]["nodes"])) == ("25.00", "Feiern", 1)
    answers = await planned(house, (BLOCKED, GRANTS, *STAFF), roles=("editor", "caretaker"), subject="erika")
    (blocked,) = answers[1].ordinary.body()["data"]["booking"]["blockedTimes"]["nodes"]
    assert (blocked["publicReason"], blocked["reason"]) == ("Reparatur", "Heizung")
    names = [found.ordinary.body()["data"]["booking"]["tariffs"]["nodes"][0]["name"]
             for found in await planned(house, (TARIFFS,))]  # fmt: skip
    assert names == ["Feiern", "Parties"]
