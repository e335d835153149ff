"""The queue: requests that wait for a decision, oldest first."""

from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import t
from regiohub.api.console import Cell, Column, Filter, Listing, TownPage
from regiohub_booking.console.words import price_words, state_cell
from regiohub_booking.models import Booking
from regiohub_booking.permissions import APPROVE, VIEW
from regiohub_booking.rules.states import STATE_WORDS, BookingState
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service import decide
from regiohub_booking.service.lists import Names, Waits, names_of, requests_statement, waits_of

router = APIRouter()
WAITING = (BookingState.PENDING, BookingState.ASKED)


@router.get("/requests")
async def requests(page: TownPage) -> Response:
    """The queue, a page at a time; what stands in the way of a request is said with it."""
    page.require(VIEW)
    async with page.read() as ctx:
        names = await names_of(ctx)
        waits = Waits({}, {})
        found = await page.list(ctx, _listing(page, names, waits), requests_statement(ctx))
        now = await waits_of(ctx, [row.id for row in found.rows])
        waits.blocked.update(now.blocked)
        waits.questions.update(now.questions)
    return page.show("booking/requests.html", found=found, may_decide=page.can(APPROVE))


@router.post("/requests/{id}/approve")
async def approve(page: TownPage, id: UUID) -> Response:
    """Confirm a request and go back to the queue."""
    await page.act(lambda ctx: decide.approve_booking(ctx, id))
    return page.done(t("Die Buchung ist bestätigt.", "The booking is confirmed."), page.url("requests"))


def _listing(page: TownPage, names: Names, waits: Waits) -> Listing:
    zone, now = page.speaker.zone, page.speaker.now

    def hints(row: Booking) -> Cell:
        if row.id in waits.blocked:
            reason = waits.blocked[row.id]
            return Cell(t("liegt in einer Sperrzeit", "lies in a blocked time"), badge="bad", note=reason)
        if row.starts_at <= now:
            return Cell(t("hat schon begonnen", "has begun already"), badge="bad")
        question = waits.questions.get(row.id)
        if question is not None and question.answer_by <= now:
            return Cell(t("Antwort überfällig", "answer overdue"), badge="warn")
        if question is not None:
            return Cell(t("wartet auf Antwort", "waits for an answer"), badge="info")
        return state_cell(row.state)

    return Listing(
        "requests",
        t("Offene Anfragen", "Open requests"),
        columns=(
            Column(
                "asked",
                t("Eingegangen", "Received"),
                lambda row: Cell(row.created_at, note=row.number),
                sort=Booking.created_at,
                link=lambda row: f"bookings/{row.id}",
            ),
            Column(
                "resource",
                t("Was", "What"),
                lambda row: Cell(names.resource(row.resource_id), note=names.place_of(row.resource_id)),
            ),
            Column(
                "starts",
                t("Wann", "When"),
                lambda row: Cell(span_text(row.starts_at, row.ends_at, zone), note=price_words(row.price)),
                sort=Booking.starts_at,
            ),
            Column("who", t("Wer", "Who"), lambda row: Cell(row.booker_name or "–", note=row.purpose)),
            Column("state", t("Stand", "State"), hints),
        ),
        filters=(
            Filter.choice(
                "place",
                t("Haus", "House"),
                [(str(item.id), item.name) for item in names.places.values()],
                lambda value: Booking.resource_id.in_(names.in_place(UUID(value))),
            ),
            Filter.choice(
                "state",
                t("Stand", "State"),
                [(state.value, STATE_WORDS[state]) for state in WAITING],
                lambda value: Booking.state == BookingState(value),
            ),
        ),
        order="asked",
        empty=t("Keine offenen Anfragen. Alles ist entschieden.", "No open requests. Everything is decided."),
    )
