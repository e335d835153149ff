"""The pages of staff: everything is reachable, says what it must, and changes what it promises."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from regiohub.api import Ctx
from regiohub.testing import World
from regiohub.testing.console import ConsoleClient, text_of
from regiohub_booking.jobs import follow_doors
from regiohub_booking.models import AccessGrant, Booking, Closure, Resource, Tariff
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.access import grant_of
from regiohub_booking.service.closures import ClosureWish, block_time
from regiohub_booking.service.questions import ask
from regiohub_booking.service.tariffs import create_tariff

from .conftest import House, make_house, span

EVENING = span("2026-06-10", "18:00", "20:00")
STAFF = ("editor", "caretaker")


async def staff(house: House, *roles: str) -> ConsoleClient:
    return await house.world.console(house.slug, roles=roles or STAFF, subject="erika")


async def state_of(house: House, booking: Booking) -> BookingState:
    async with house.world.scope(house.slug).read() as ctx:
        found = await ctx.session.find(Booking, booking.id)
    assert found is not None
    return found.state


async def newest(house: House, model: type[Any]) -> Any:
    from sqlalchemy import select

    async def read(ctx: Ctx) -> Any:
        return (await ctx.session.scalars(select(model).order_by(model.id.desc()))).first()

    return await house.read(read)


PAGES = ("requests", "calendar", "bookings", "day", "grants", "closures", "tariffs", "resources", "houses")


@pytest.mark.parametrize("path", PAGES)
async def test_every_page_is_designed_for_an_empty_town(world_sqlite: World, path: str) -> None:
    client = await world_sqlite.console("potsdam", roles=STAFF)
    answer = await client.get(f"booking/{path}")
    assert answer.status_code == 200
    assert "nothing" in answer.text


@pytest.mark.parametrize("path", PAGES)
async def test_pages_are_for_those_who_may(house_sqlite: House, path: str) -> None:
    resident = await house_sqlite.world.console("potsdam", subject="anna", roles=("citizen",))
    assert (await resident.get(f"booking/{path}")).status_code == 403
    foreign = await house_sqlite.world.console("bad-belzig", roles=STAFF)
    assert (await foreign.get(f"/console/potsdam/booking/{path}")).status_code in (403, 404)


async def test_pages_vanish_with_the_plugin(house_sqlite: House) -> None:
    client = await staff(house_sqlite)
    await house_sqlite.world.disable("potsdam", "booking")
    assert (await client.get("booking/requests")).status_code == 404


async def test_the_queue_shows_the_oldest_first_with_what_stands_in_the_way(house: House) -> None:
    room = await house.resource(requires_approval=True)
    first = await house.book(room, span("2026-06-12", "18:00", "20:00"), purpose="Geburtstag")
    house.world.clock.advance(timedelta(minutes=5))
    second = await house.book(room, EVENING, house.who("ben"))
    await house.do(lambda ctx: block_time(ctx, ClosureWish(EVENING, "Heizung", room.id)), house.editor)
    await house.do(lambda ctx: ask(ctx, first.id, "Küche?"), house.editor)
    client = await staff(house)
    page = await client.get("booking/requests")
    words = text_of(page)
    assert words.index(first.number) < words.index(second.number)
    assert "wartet auf Antwort" in words
    assert "liegt in einer Sperrzeit Heizung" in words
    asked = text_of(await client.get("booking/requests?requests.state=asked"))
    assert first.number in asked
    assert second.number not in asked
    csv = await client.get("booking/requests?format=csv&list=requests")
    assert csv.headers["content-type"].startswith("text/csv")
    assert len(csv.text.strip().splitlines()) == 3


async def test_staff_approve_deny_ask_and_cancel_by_pages(house: House) -> None:
    room = await house.resource(requires_approval=True)
    rows = [await house.book(room, span(f"2026-06-1{day}", "18:00", "20:00")) for day in range(4)]
    client = await staff(house)
    assert await client.done(f"booking/requests/{rows[0].id}/approve") == "/console/potsdam/booking/requests"
    await client.done(f"booking/bookings/{rows[1].id}/deny", {"reason": "Wahllokal"})
    await client.done(f"booking/bookings/{rows[2].id}/ask", {"question": "Küche?", "days": "3"})
    await client.done(f"booking/bookings/{rows[3].id}/approve")
    await client.done(f"booking/bookings/{rows[3].id}/cancel", {"reason": "Rohrbruch"})
    states = [await state_of(house, row) for row in rows]
    assert states == [BookingState.CONFIRMED, BookingState.DENIED, BookingState.ASKED, BookingState.CANCELLED]
    silent = await client.post(f"booking/bookings/{rows[2].id}/deny", {"reason": " "})
    assert silent.status_code == 422
    assert 'aria-invalid="true"' in silent.text
    again = await client.post(f"booking/requests/{rows[1].id}/approve")
    assert again.status_code == 409
    assert "Die Buchung ist abgelehnt" in text_of(again)


async def test_a_forged_decision_changes_nothing(house_sqlite: House) -> None:
    room = await house_sqlite.resource(requires_approval=True)
    row = await house_sqlite.book(room, EVENING)
    client = await staff(house_sqlite)
    answer = await client.post(f"booking/requests/{row.id}/approve", forged=True)
    assert answer.status_code == 403
    assert await state_of(house_sqlite, row) is BookingState.PENDING


async def test_a_booking_shows_person_thread_price_access_and_history(house: House) -> None:
    room = await house.resource(requires_approval=True, lock_adapter="simulator", lock_doors=["front"])
    await house.do(
        lambda ctx: create_tariff(ctx, {"place_id": house.place_id, "name": "Feiern", "price": Decimal(15)}),
        house.editor,
    )
    row = await house.book(room, EVENING, persons=12, purpose="Chorprobe")
    await house.do(lambda ctx: ask(ctx, row.id, "Brauchen Sie die Küche?"), house.editor)
    client = await staff(house)
    await client.done(f"booking/bookings/{row.id}/approve")
    words = text_of(await client.get(f"booking/bookings/{row.id}"))
    for part in (
        "Anna Beispiel",
        "Chorprobe",
        "Feiern",
        "30,00 €",
        "Brauchen Sie die Küche?",
        "wartet auf das Schloss",
    ):
        assert part in words, part
    assert "Anfrage genehmigt" in words.partition("Verlauf")[2]
    caretaker = await staff(house, "caretaker")
    assert row.number in text_of(await caretaker.get(f"booking/bookings/{row.id}"))
    missing = await client.get(f"booking/bookings/{room.id}")
    assert missing.status_code == 404


async def test_moving_onto_somebody_else_is_said_at_the_form(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    row = await house.book(room, EVENING)
    await house.book(room, span("2026-06-11", "18:00", "20:00"), house.who("ben"))
    client = await staff(house)
    shown = await client.get(f"booking/bookings/{row.id}/move")
    assert 'value="18:00"' in shown.text
    taken = {"day": "2026-06-11", "start_time": "19:00", "end_time": "21:00"}
    refused = await client.post(f"booking/bookings/{row.id}/move", taken)
    assert refused.status_code == 422
    assert "Belegt: 11.06.2026, 18:00 bis 20:00 Uhr." in text_of(refused)
    await client.done(f"booking/bookings/{row.id}/move", {**taken, "day": "2026-06-12"})
    await client.done(f"booking/bookings/{row.id}/price", {"price": "12,50", "deposit": "0"})
    changed = await newest_booking(house, row)
    assert (changed.starts_at.day, changed.price) == (12, Decimal("12.50"))


async def newest_booking(house: House, row: Booking) -> Booking:
    async with house.world.scope(house.slug).read() as ctx:
        found = await ctx.session.find(Booking, row.id)
    assert found is not None
    return found


@pytest.mark.parametrize("view", ["week", "month", "list"])
async def test_calendars_show_bookings_requests_and_blocked_times_in_words(house: House, view: str) -> None:
    whole = await house.resource("halle", requires_approval=True)
    north = await house.resource("nord", whole_id=whole.id)
    await house.book(whole, EVENING)
    await house.book(north, span("2026-06-11", "18:00", "20:00"), house.who("ben"))
    await house.do(
        lambda ctx: block_time(ctx, ClosureWish(span("2026-06-12", "08:00", "12:00"), "Heizung", whole.id)),
        house.editor,
    )
    client = await staff(house)
    address = f"booking/calendar?of=place-{house.place_id}&view={view}&day=2026-06-10"
    words = text_of(await client.get(address))
    for part in ("angefragt", "bestätigt", "gesperrt", "Heizung", "Anna Beispiel"):
        assert part in words, part
    single = text_of(await client.get(f"booking/calendar?of=resource-{north.id}&view={view}&day=2026-06-10"))
    # The hall takes its half with it.
    assert "angefragt" in single
    for broken in ("of=place-x", f"of=resource-{house.place_id}", "of=nonsense"):
        assert (await client.get(f"booking/calendar?{broken}")).status_code == 404
    assert (await client.get(f"booking/calendar?view={view}&day=2026-99-99")).status_code == 200


async def test_the_calendar_leads_to_the_weeks_before_and_after(house_sqlite: House) -> None:
    await house_sqlite.resource()
    client = await staff(house_sqlite)
    page = await client.get("booking/calendar?view=week&day=2026-06-10")
    assert "Woche 24, 08.06.2026 bis 14.06.2026" in text_of(page)
    assert re.search(r'href="[^"]*day=2026-06-01[^"]*" rel="prev"', page.text)
    assert re.search(r'href="[^"]*day=2026-06-15[^"]*" rel="next"', page.text)


async def test_booking_for_a_caller_confirms_at_once_and_tells_the_person(house: House) -> None:
    room = await house.resource(requires_approval=True)
    client = await staff(house)
    assert "Saal" in text_of(await client.get("booking/bookings/new"))
    form = {
        "day": "2026-06-10", "start_time": "18:00", "end_time": "20:00", "booker_name": "Berta Beispiel",
        "booker_email": "berta@example.org", "booker_phone": "0331 000000", "booker_locale": "de", "decided": "on",
    }  # fmt: skip
    await client.done(f"booking/bookings/new/{room.id}", form)
    made = await newest(house, Booking)
    assert (made.booker_name, made.booker_phone, made.subject) == ("Berta Beispiel", "0331 000000", None)
    assert made.state is BookingState.CONFIRMED
    await house.world.work()
    assert [mail["To"] for mail in house.world.mails] == ["berta@example.org"]
    twice = await client.post(f"booking/bookings/new/{room.id}", form)
    assert twice.status_code == 422
    assert "Belegt" in text_of(twice)
    assert "Berta Beispiel" in twice.text
    bad = await client.post(f"booking/bookings/new/{room.id}", {**form, "day": "2026-06-11", "booker_email": "nein"})
    assert bad.status_code == 422
    assert 'id="f-booker_email-fault"' in bad.text


async def test_a_series_first_shows_what_collides_and_then_books_the_rest(house: House) -> None:
    room = await house.resource()
    await house.book(room, span("2026-06-17", "18:00", "20:00"))
    client = await staff(house)
    form = {
        "day": "2026-06-10", "start_time": "18:00", "end_time": "20:00", "booker_name": "Chor Beispiel",
        "decided": "on", "frequency": "weekly", "count": "4",
    }  # fmt: skip
    preview = await client.post(f"booking/bookings/new/{room.id}", form)
    words = text_of(preview)
    assert preview.status_code == 200
    assert "Nicht möglich (1)" in words
    assert "Möglich (3)" in words
    assert "17.06.2026" in words
    assert (await newest(house, Booking)).booker_name == "Anna Beispiel"
    back = await client.post(f"booking/bookings/new/{room.id}", {**form, "confirmed": "yes", "edit": "1"})
    assert 'value="Chor Beispiel"' in back.text
    assert (await newest(house, Booking)).booker_name == "Anna Beispiel"
    where = await client.done(f"booking/bookings/new/{room.id}", {**form, "confirmed": "yes"})
    assert where.endswith("day=2026-06-10")
    assert (await newest(house, Booking)).booker_name == "Chor Beispiel"
    listed = await client.get("booking/bookings?format=csv&list=bookings")
    assert listed.text.count("Chor Beispiel") == 3


async def test_blocking_names_the_bookings_it_hits_and_each_is_decided(house: House) -> None:
    room = await house.resource()
    row = await house.book(room, EVENING)
    client = await staff(house)
    form = {"subject": f"resource-{room.id}", "kind": "maintenance", "first_day": "2026-06-10", "reason": "Heizung"}
    warned = await client.post("booking/closures/new", form)
    assert row.number in text_of(warned)
    assert await newest(house, Closure) is None
    where = await client.done("booking/closures/new", {**form, "confirmed": "yes"})
    page = await client.get(where)
    assert "zu entscheiden" in text_of(page)
    assert "1 zu entscheiden" in text_of(await client.get("booking/closures"))
    await client.done(f"{where}/keep", {"booking": str(row.id)})
    assert "bleibt bestehen" in text_of(await client.get(where))
    asked = await client.post(f"{where}/release")
    assert "Sperrzeit aufheben?" in text_of(asked)
    await client.done(f"{where}/release", {"confirmed": "yes"})
    assert (await newest(house, Closure)).released_at is not None


async def test_a_recurring_closure_is_given_back_date_by_date(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource()
    client = await staff(house)
    form = {
        "subject": f"place-{house.place_id}", "kind": "closed", "first_day": "2026-06-10", "start_time": "08:00",
        "end_time": "10:00", "frequency": "weekly", "count": "3", "reason": "Putzen",
    }  # fmt: skip
    where = await client.done("booking/closures/new", form)
    page = await client.get(where)
    start, end = re.findall(r'name="(?:start|end)" value="([^"]+)"', page.text)[:2]
    await client.done(f"{where}/release-date", {"start": start, "end": end})
    assert "aufgehoben" in text_of(await client.get(where))
    await house.book(room, span("2026-06-10", "08:00", "10:00"))
    wrong = await client.post("booking/closures/new", {**form, "first_day": "2020-01-01", "frequency": ""})
    assert wrong.status_code == 422


async def test_tariffs_are_made_changed_and_deleted_after_asking(house: House) -> None:
    client = await staff(house)
    form = {
        "subject": f"place-{house.place_id}", "name": "Feiern", "basis": "hour", "price": "12,50", "deposit": "100",
        "position": "0",
    }  # fmt: skip
    await client.done("booking/tariffs/new", form)
    made = await newest(house, Tariff)
    assert (made.price, made.deposit) == (Decimal("12.50"), Decimal("100.00"))
    assert "12,50 €" in text_of(await client.get("booking/tariffs"))
    assert 'value="12.50"' in (await client.get(f"booking/tariffs/{made.id}")).text
    await client.done(f"booking/tariffs/{made.id}", {**form, "price": "0"})
    assert "kostenfrei" in text_of(await client.get("booking/tariffs"))
    bad = await client.post(f"booking/tariffs/{made.id}", {**form, "price": "-1"})
    assert bad.status_code == 422
    asked = await client.post(f"booking/tariffs/{made.id}/delete")
    assert "Vereinbarte Preise bleiben" in text_of(asked)
    await client.done(f"booking/tariffs/{made.id}/delete", {"confirmed": "yes"})
    assert await newest(house, Tariff) is None


async def test_houses_and_resources_are_made_and_changed(house: House) -> None:
    client = await staff(house)
    await client.done(
        "booking/houses/new", {"slug": "neu", "name": "Neues Haus", "address": "Weg 1", "wheelchair": "yes"}
    )
    assert "Neues Haus" in text_of(await client.get("booking/houses"))
    await client.done(f"booking/houses/{house.place_id}", {"name": "Haus am Platz", "caretaker_email": "h@example.org"})
    assert "Haus am Platz" in text_of(await client.get("booking/houses"))
    basics = {
        "slug": "atelier", "kind": "room", "name": "Atelier", "place_id": str(house.place_id), "mode": "time",
        "units": "1", "holiday_rule": "open", "raster_minutes": "30", "notice_hours": "0",
        "buffer_before_minutes": "0", "buffer_after_minutes": "0", "cancel_hours": "24", "active": "on",
        "mon": "8:00-12:00, 14:00-22:00",
    }  # fmt: skip
    wrong = await client.post("booking/resources/new", {**basics, "tue": "morgens"})
    assert wrong.status_code == 422
    assert 'id="f-tue-fault"' in wrong.text
    await client.done("booking/resources/new", basics)
    made = await newest(house, Resource)
    assert made.opening == {"mon": [["08:00", "12:00"], ["14:00", "22:00"]]}
    shown = await client.get(f"booking/resources/{made.id}")
    assert 'value="08:00-12:00, 14:00-22:00"' in shown.text
    await client.done(f"booking/resources/{made.id}", {**basics, "name": "Atelier am Fluss"})
    assert "Atelier am Fluss" in text_of(await client.get("booking/resources"))


async def test_a_silent_lock_is_shown_tried_again_and_repaired(house: House) -> None:
    room = await house.resource(lock_adapter="simulator", lock_doors=["silent-1"])
    row = await house.book(room, EVENING)
    await follow_doors(house.world.scope("potsdam"))
    client = await staff(house)
    page = text_of(await client.get("booking/grants?grants.silent=1"))
    assert row.number in page
    assert "Schloss antwortet nicht" in page
    grant = await house.read(lambda ctx: grant_of(ctx, row.id), house.editor)
    assert grant is not None
    where = f"booking/grants/{grant.id}"
    await client.done(f"{where}/note", {"note": "Batterie leer"})
    await client.done(f"{where}/retry")
    assert "Batterie leer" in (await client.get(where)).text
    assert "Zugang zurücknehmen?" in text_of(await client.post(f"{where}/revoke"))
    await client.done(f"{where}/revoke", {"confirmed": "yes"})
    await client.done(f"{where}/restore")
    await client.done(f"{where}/replace", {"confirmed": "yes"})
    again = await newest(house, AccessGrant)
    assert (again.wanted, again.renew, again.version) == (True, True, 4)
    editor = await staff(house, "editor")
    assert (await editor.get("booking/grants")).status_code == 403


async def test_the_day_list_is_sorted_by_house_and_clock_and_exports(house: House) -> None:
    room = await house.resource(buffer_before_minutes=30, lock_adapter="manual", lock_doors=["Tür"])
    late = await house.book(room, EVENING, persons=12, purpose="Chorprobe")
    early = await house.book(room, span("2026-06-10", "09:00", "11:00"), house.who("ben"))
    client = await staff(house, "caretaker")
    words = text_of(await client.get("booking/day?day=2026-06-10"))
    assert words.index(early.number) < words.index(late.number)
    for part in ("Haus am Markt", "fertig um 17:30", "12 Personen", "Chorprobe", "Schlüssel übergeben"):
        assert part in words, part
    csv = await client.get("booking/day?day=2026-06-10&format=csv&list=day")
    assert len(csv.text.strip().splitlines()) == 3
    assert "niemand" in text_of(await client.get("booking/day?day=2026-06-11"))


async def test_the_link_of_a_question_leads_to_a_page_without_signing_in(house: House) -> None:
    room = await house.resource(requires_approval=True)
    row = await house.book(room, EVENING)
    await house.do(lambda ctx: ask(ctx, row.id, "Brauchen Sie die <b>Küche</b>?"), house.editor)
    await house.world.work()
    body = house.world.mails[-1].get_body(("plain",))
    assert body is not None
    link = re.search(r"/potsdam/booking/answer/\S+", body.get_content())
    assert link is not None
    browser = house.world.client
    shown = await browser.get(link[0])
    assert shown.status_code == 200
    assert "&lt;b&gt;Küche" in shown.text
    assert shown.headers["cache-control"] == "no-store"
    assert shown.headers["referrer-policy"] == "no-referrer"
    empty = await browser.post(link[0], data={"answer": " "})
    assert empty.status_code == 422
    sent = await browser.post(link[0], data={"answer": "Ja, gern."})
    assert "Ihre Antwort ist angekommen" in sent.text
    assert await state_of(house, row) is BookingState.PENDING
    for used in (await browser.get(link[0]), await browser.post(link[0], data={"answer": "Nein"})):
        assert used.status_code == 404
        assert "<form" not in used.text


async def test_english_is_complete_on_every_page(house_sqlite: House) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    row = await house.book(room, EVENING)
    closure = await house.do(
        lambda ctx: block_time(ctx, ClosureWish(span("2026-06-12", "08:00", "12:00"), "x", room.id)), house.editor
    )
    client = await staff(house)
    german = re.compile(r"\b(Buchung|Anfrage|Sperrzeit|Speichern|Abbrechen|Haus|Grund|Wann|Was|Preis|Kaution)\b")
    more = (f"bookings/{row.id}", f"bookings/{row.id}/ask", f"closures/{closure.id}", "closures/new", "tariffs/new",
            f"bookings/new/{room.id}", f"resources/{room.id}", "houses/new")  # fmt: skip
    for path in (*PAGES, *more):
        page = await client.get(f"booking/{path}?lang=en")
        assert page.status_code == 200, path
        words = text_of(page).replace("Haus am Markt", "")
        assert not german.search(words), (path, german.search(words))


@pytest.mark.parametrize("path", ["requests", "bookings", "calendar?view=month", "closures", "grants", "day"])
async def test_pages_need_a_number_of_statements_that_does_not_grow(house_sqlite: House, path: str) -> None:
    house = house_sqlite
    room = await house.resource(requires_approval=True)
    client = await staff(house)

    async def statements() -> int:
        with house.world.statements() as seen:
            assert (await client.get(f"booking/{path}")).status_code == 200
        return len(seen)

    await house.book(room, EVENING)
    few = await statements()
    for day in range(11, 20):
        await house.book(room, span(f"2026-06-{day}", "18:00", "20:00"))
    assert await statements() == few


async def test_another_towns_pages_show_nothing_of_this_one(world: World) -> None:
    house = await make_house(world)
    row = await house.book(await house.resource(), EVENING)
    foreign = await world.console("bad-belzig", roles=STAFF)
    assert row.number not in (await foreign.get("booking/bookings")).text
    assert (await foreign.get(f"booking/bookings/{row.id}")).status_code == 404
