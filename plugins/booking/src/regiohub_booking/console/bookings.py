"""The list of bookings, and one booking with its thread, price, access and history."""

from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import history, t
from regiohub.api.console import Cell, Column, Filter, Listing, TownPage
from regiohub_booking.console.words import euros, grant_cell, happened, price_words, state_cell
from regiohub_booking.models import AccessGrant, Booking
from regiohub_booking.permissions import APPROVE, CARETAKE, VIEW
from regiohub_booking.rules.states import OCCUPYING, OPEN_REQUESTS, STATE_WORDS, BookingState
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service.access import grant_of
from regiohub_booking.service.closure_lists import conflicts_with
from regiohub_booking.service.lists import Names, bookings_statement, matches, names_of, on_or_after, on_or_before
from regiohub_booking.service.people import booking_not_found
from regiohub_booking.service.pickups import pick_ups_of
from regiohub_booking.service.questions import thread_of

router = APIRouter()
VIEWS = (
    ("coming", t("Kommende", "Coming")),
    ("past", t("Vergangene", "Past")),
    ("all", t("Alle", "All")),
)


@router.get("/bookings")
async def bookings(page: TownPage) -> Response:
    """Bookings to come, over, or all, a page at a time."""
    page.require(VIEW)
    asked = page.request.query_params.get("when", "coming")
    when = asked if asked in dict(VIEWS) else "coming"
    async with page.read() as ctx:
        names = await names_of(ctx)
        order = "starts" if when == "coming" else "-starts"
        found = await page.list(ctx, listing(page, names, order), bookings_statement(ctx, when))
    tabs = [(title, page.url("bookings", f"?when={key}"), key == when) for key, title in VIEWS]
    return page.show("booking/bookings.html", found=found, tabs=tabs, may_book=page.can(APPROVE))


def listing(page: TownPage, names: Names, order: str) -> Listing:
    """The columns and filters of the list of bookings."""
    zone, scope = page.speaker.zone, page.scope
    return Listing(
        "bookings",
        t("Buchungen", "Bookings"),
        columns=(
            Column("number", t("Nummer", "Number"), lambda row: row.number, link=lambda row: f"bookings/{row.id}"),
            Column(
                "starts",
                t("Wann", "When"),
                lambda row: span_text(row.starts_at, row.ends_at, zone),
                sort=Booking.starts_at,
            ),
            Column(
                "resource",
                t("Was", "What"),
                lambda row: Cell(names.resource(row.resource_id), note=names.place_of(row.resource_id)),
            ),
            Column("who", t("Wer", "Who"), lambda row: row.booker_name),
            Column("state", t("Stand", "State"), lambda row: state_cell(row.state)),
            Column("price", t("Preis", "Price"), lambda row: price_words(row.price)),
            Column("made", t("Eingegangen", "Received"), lambda row: row.created_at, sort=Booking.created_at),
            Column("begins", t("Beginn", "Start"), lambda row: row.starts_at, export_only=True),
            Column("ends", t("Ende", "End"), lambda row: row.ends_at, export_only=True),
            Column("quantity", t("Anzahl", "Quantity"), lambda row: row.quantity, export_only=True, numeric=True),
            Column("persons", t("Personen", "Persons"), lambda row: row.persons, export_only=True, numeric=True),
            Column("purpose", t("Zweck", "Purpose"), lambda row: row.purpose, export_only=True),
            Column("email", t("E-Mail", "E-mail"), lambda row: row.booker_email, export_only=True),
            Column("phone", t("Telefon", "Phone"), lambda row: row.booker_phone, export_only=True),
            Column("tariff", t("Tarif", "Tariff"), lambda row: row.tariff_name, export_only=True),
            Column("deposit", t("Kaution", "Deposit"), lambda row: euros(row.deposit), export_only=True),
        ),
        filters=(
            Filter.text("q", t("Nummer, Name oder Zweck", "Number, name or purpose"), matches),
            Filter.choice(
                "resource",
                t("Was", "What"),
                [(str(item.id), item.name) for item in names.resources.values()],
                lambda value: Booking.resource_id == UUID(value),
            ),
            Filter.choice(
                "place",
                t("Haus", "House"),
                [(str(item.id), item.name) for item in names.places.values()],
                lambda value: Booking.resource_id.in_(names.in_place(UUID(value))),
            ),
            Filter.choice(
                "state",
                t("Stand", "State"),
                [(state.value, STATE_WORDS[state]) for state in BookingState],
                lambda value: Booking.state == BookingState(value),
            ),
            Filter.day("from", t("Von", "From"), lambda day: on_or_after(scope, day)),
            Filter.day("to", t("Bis", "Until"), lambda day: on_or_before(scope, day)),
        ),
        order=order,
        empty=t("Keine Buchungen.", "No bookings."),
    )


@router.get("/bookings/{id:uuid}")
async def booking(page: TownPage, id: UUID) -> Response:
    """Everything about one booking, and what can be done with it now."""
    page.require(VIEW)
    async with page.read() as ctx:
        row = await ctx.session.find(Booking, id)
        if row is None:
            raise booking_not_found()
        names = await names_of(ctx)
        pick_ups = (await pick_ups_of(ctx, [row])).get(row.id, [])
        thread = await thread_of(ctx, row.id) if page.can(APPROVE) else []
        grant = await grant_of(ctx, row.id) if page.can(CARETAKE) else None
        conflicts = await conflicts_with(ctx, row.id)
        told = await history(ctx, "booking", str(row.id))
    may = page.can(APPROVE)
    return page.show(
        "booking/booking.html",
        booking=row,
        facts=_facts(page, row, names),
        pick_ups=[item for item in pick_ups if item.place is not None or len(item.units) > 1],
        thread=thread,
        grant=grant,
        grant_facts=_grant_facts(grant),
        conflicts=conflicts,
        told=[(entry.at, happened(entry.action, t(entry.text_de, entry.text_en))) for entry in told],
        may_decide=may and row.state in OPEN_REQUESTS,
        may_ask=may and row.state is BookingState.PENDING,
        may_change=may and row.state in OCCUPYING and row.state is not BookingState.HELD,
        may_price=may and row.state in OCCUPYING,
    )


def _facts(page: TownPage, row: Booking, names: Names) -> list[tuple[object, object]]:
    resource = names.resources.get(row.resource_id)
    facts: list[tuple[object, object]] = [
        (t("Stand", "State"), state_cell(row.state)),
        (t("Was", "What"), names.resource(row.resource_id)),
        (t("Haus", "House"), names.place_of(row.resource_id)),
        (t("Wann", "When"), span_text(row.starts_at, row.ends_at, page.speaker.zone)),
    ]
    if resource is not None and resource.units > 1:
        facts.append((t("Anzahl", "Quantity"), row.quantity))
    facts += [
        (t("Personen", "Persons"), row.persons),
        (t("Zweck", "Purpose"), row.purpose),
        (t("Gebucht von", "Booked by"), row.booker_name),
        (t("E-Mail", "E-mail"), row.booker_email),
        (t("Telefon", "Phone"), row.booker_phone),
        (t("Tarif", "Tariff"), row.tariff_name and t(row.tariff_name, row.tariff_name_en or row.tariff_name)),
        (t("Vereinbarter Preis", "Agreed price"), price_words(row.price)),
        (t("Kaution", "Deposit"), euros(row.deposit) if row.deposit else None),
        (t("Eingegangen", "Received"), row.created_at),
        (t("Entschieden", "Decided"), row.decided_at),
    ]
    if row.reason:
        facts.append((t("Grund", "Reason"), row.reason))
    return facts


def _grant_facts(grant: AccessGrant | None) -> list[tuple[object, object]]:
    if grant is None:
        return []
    return [
        (t("Stand", "State"), grant_cell(grant)),
        (t("Türen", "Doors"), grant.doors),
        (t("Öffnet von", "Opens from"), grant.valid_from),
        (t("Öffnet bis", "Opens until"), grant.valid_until),
        (t("Notiz", "Note"), grant.note),
    ]
