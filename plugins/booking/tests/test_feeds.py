"""Secret calendars: readable by whoever has the link, free of personal data, useless once revoked."""

from icalendar import Calendar, Event

from .conftest import House, at, span

CREATE = """mutation ($id: ID!) {
  createCalendarFeed(resourceId: $id, label: "Aushang") { calendar { id path } errors { code } }
}"""
REVOKE = """mutation ($id: ID!) { revokeCalendarFeed(id: $id) { feed { label revokedAt } errors { code } } }"""


def events(text: str) -> list[Event]:
    calendar = Calendar.from_ical(text)
    assert isinstance(calendar, Calendar)
    return calendar.events


async def made(house: House, resource_id: object) -> tuple[str, str]:
    answer = await house.world.graphql("potsdam", CREATE, {"id": str(resource_id)}, roles=("editor",))
    calendar = answer.data["createCalendarFeed"]["calendar"]
    return calendar["id"], calendar["path"]


async def test_the_calendar_shows_busy_times_and_nothing_else(house: House) -> None:
    room = await house.resource(buffer_after_minutes=30)
    await house.book(room, span("2026-06-10", "18:00", "20:00"), purpose="Geburtstag von Anna Beispiel")
    _, path = await made(house, room.id)
    answer = await house.world.client.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "no-store" in answer.headers["cache-control"]
    (event,) = events(answer.text)
    assert event.start == at("2026-06-10T18:00")
    assert event.end == at("2026-06-10T20:30")
    assert str(event.get("summary")) == "Belegt"
    for secret in ("Anna", "anna", "Geburtstag", "example.org"):
        assert secret not in answer.text


async def test_a_half_is_busy_when_the_hall_is_booked(house_sqlite: House) -> None:
    house = house_sqlite
    whole = await house.resource("halle")
    half = await house.resource("nord", whole_id=whole.id)
    await house.resource("sued", whole_id=whole.id)
    await house.book(whole, span("2026-06-10", "18:00", "20:00"))
    _, path = await made(house, half.id)
    answer = await house.world.client.get(path)
    assert len(events(answer.text)) == 1


async def test_a_revoked_and_a_guessed_link_give_the_same_answer(house: House) -> None:
    room = await house.resource()
    identifier, path = await made(house, room.id)
    revoked = await house.world.graphql("potsdam", REVOKE, {"id": identifier}, roles=("editor",))
    assert revoked.data["revokeCalendarFeed"]["feed"]["revokedAt"] is not None
    gone = await house.world.client.get(path)
    guessed = await house.world.client.get("/potsdam/booking/calendar/abcdefgh.ics")
    assert (gone.status_code, guessed.status_code) == (404, 404)
    assert gone.json()["code"] == guessed.json()["code"] == "NOT_FOUND"


async def test_a_link_of_one_town_does_not_work_in_another(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    _, path = await made(house, room.id)
    answer = await house.world.client.get(path.replace("/potsdam/", "/bad-belzig/"))
    assert answer.status_code == 404


async def test_residents_cannot_make_calendar_links(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    answer = await house_sqlite.world.graphql("potsdam", CREATE, {"id": str(room.id)}, subject="anna")
    assert answer.codes == ["FORBIDDEN"]


async def test_the_calendar_vanishes_with_the_plugin(house_sqlite: House) -> None:
    room = await house_sqlite.resource()
    _, path = await made(house_sqlite, room.id)
    await house_sqlite.world.disable("potsdam", "booking")
    assert (await house_sqlite.world.client.get(path)).status_code == 404
