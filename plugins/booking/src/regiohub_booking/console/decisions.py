"""What staff do with one booking: approve, deny, ask, cancel, move, agree on a price. Each has a page of its own."""

from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from regiohub.api import Ctx, Text, t
from regiohub.api.console import Form, FormModel, TownPage, asked
from regiohub_booking.models import Booking
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.clock import local_day, wall_time
from regiohub_booking.rules.policy import BookingMode
from regiohub_booking.rules.wording import span_text
from regiohub_booking.service import decide, questions, tariffs
from regiohub_booking.service.people import booking_not_found
from regiohub_booking.service.questions import MOST_DAYS
from regiohub_booking.service.target import load_target
from regiohub_booking.service.wishes import When
from regiohub_booking.settings import BookingSettings

router = APIRouter()
BOOKER_TOLD = t("Wird mit der Mail verschickt.", "Is sent with the mail.")


class DenyForm(FormModel):
    """Why a request is refused."""

    reason: str = asked(t("Grund", "Reason"), help=BOOKER_TOLD, kind="textarea", min_length=1, max_length=500)


class CancelForm(FormModel):
    """Why a booking is cancelled."""

    reason: str = asked(t("Grund", "Reason"), help=BOOKER_TOLD, kind="textarea", min_length=1, max_length=500)


class AskForm(FormModel):
    """A question to the applicant."""

    question: str = asked(
        t("Was möchten Sie wissen?", "What would you like to know?"),
        help=t(
            "Die Mail enthält einen Link, über den ohne Anmeldung geantwortet werden kann.",
            "The mail has a link to answer without signing in.",
        ),
        kind="textarea",
        min_length=1,
        max_length=questions.LONGEST,
    )
    days: int = asked(t("Frist in Tagen", "Deadline in days"), ge=1, le=MOST_DAYS)


class MoveForm(FormModel):
    """Another time on the same resource."""

    day: date = asked(t("Tag", "Day"))
    start_time: time = asked(t("Beginn", "Start"))
    end_time: time = asked(
        t("Ende", "End"), help=t("00:00 ist die folgende Mitternacht.", "00:00 is the following midnight.")
    )


class MoveDaysForm(FormModel):
    """Other days for a loan."""

    first_day: date = asked(t("Erster Tag", "First day"))
    last_day: date = asked(t("Letzter Tag", "Last day"))


class PriceForm(FormModel):
    """An agreed price."""

    price: Decimal = asked(t("Preis", "Price"), unit="€", kind="number")
    deposit: Decimal = asked(t("Kaution", "Deposit"), unit="€", kind="number")


async def _booking(page: TownPage, id: UUID) -> tuple[Booking, Text]:
    """The booking and what it is about, in one line."""
    page.require(APPROVE)
    async with page.read() as ctx:
        row = await ctx.session.find(Booking, id)
        if row is None:
            raise booking_not_found()
        target = await load_target(ctx, row.resource_id, inactive=True)
    name, when = target.resource.name, span_text(row.starts_at, row.ends_at, page.speaker.zone)
    return row, t(f"{row.number}: {name}, {when.de}", f"{row.number}: {name}, {when.en}")


def _form_page(page: TownPage, row: Booking, about: Text, title: Text, form: Form[Any], submit: Text) -> Response:
    return page.show(
        "booking/decide.html", booking=row, about=about, title=title, form=form, submit=submit,
        back=page.url("bookings", row.id),
    )  # fmt: skip


@router.post("/bookings/{id:uuid}/approve")
async def approve(page: TownPage, id: UUID) -> Response:
    """Confirm a request."""
    await page.act(lambda ctx: decide.approve_booking(ctx, id))
    return page.done(t("Die Buchung ist bestätigt.", "The booking is confirmed."), page.url("bookings", id))


DENY = (t("Anfrage ablehnen", "Deny the request"), t("Ablehnen", "Deny"))


@router.get("/bookings/{id:uuid}/deny")
async def deny_page(page: TownPage, id: UUID) -> Response:
    """Asks for the reason."""
    row, about = await _booking(page, id)
    return _form_page(page, row, about, DENY[0], page.form(DenyForm), DENY[1])


@router.post("/bookings/{id:uuid}/deny")
async def deny(page: TownPage, id: UUID) -> Response:
    """Refuse a request."""
    form = await page.posted(DenyForm)
    if await page.submit(form, lambda ctx, value: decide.deny_booking(ctx, id, value.reason)):
        return page.done(t("Die Anfrage ist abgelehnt.", "The request is denied."), page.url("requests"))
    row, about = await _booking(page, id)
    return _form_page(page, row, about, DENY[0], form, DENY[1])


ASK = (t("Rückfrage stellen", "Ask the applicant"), t("Senden", "Send"))


@router.get("/bookings/{id:uuid}/ask")
async def ask_page(page: TownPage, id: UUID) -> Response:
    """Asks for the question."""
    row, about = await _booking(page, id)
    days = page.scope.settings(BookingSettings).answer_days
    return _form_page(page, row, about, ASK[0], page.form(AskForm, {"days": days}), ASK[1])


@router.post("/bookings/{id:uuid}/ask")
async def ask(page: TownPage, id: UUID) -> Response:
    """Send a question."""
    form = await page.posted(AskForm)
    if await page.submit(form, lambda ctx, value: questions.ask(ctx, id, value.question, days=value.days)):
        return page.done(t("Die Rückfrage ist verschickt.", "The question is sent."), page.url("bookings", id))
    row, about = await _booking(page, id)
    return _form_page(page, row, about, ASK[0], form, ASK[1])


CANCEL = (t("Buchung stornieren", "Cancel the booking"), t("Stornieren", "Cancel booking"))


@router.get("/bookings/{id:uuid}/cancel")
async def cancel_page(page: TownPage, id: UUID) -> Response:
    """Asks for the reason."""
    row, about = await _booking(page, id)
    return _form_page(page, row, about, CANCEL[0], page.form(CancelForm), CANCEL[1])


@router.post("/bookings/{id:uuid}/cancel")
async def cancel(page: TownPage, id: UUID) -> Response:
    """Cancel a booking."""
    form = await page.posted(CancelForm)
    if await page.submit(form, lambda ctx, value: decide.cancel_booking(ctx, id, value.reason)):
        return page.done(t("Die Buchung ist storniert.", "The booking is cancelled."), page.url("bookings", id))
    row, about = await _booking(page, id)
    return _form_page(page, row, about, CANCEL[0], form, CANCEL[1])


MOVE = (t("Buchung verschieben", "Move the booking"), t("Verschieben", "Move"))


async def _by_day(page: TownPage, row: Booking) -> bool:
    async with page.read() as ctx:
        target = await load_target(ctx, row.resource_id, inactive=True)
    return target.policy.mode is BookingMode.DAYS


def _move_form(page: TownPage, row: Booking, *, by_day: bool) -> Form[Any]:
    zone = page.speaker.zone
    start, end = wall_time(row.starts_at, zone), wall_time(row.ends_at, zone)
    if by_day:
        last = local_day(row.ends_at, zone).toordinal() - 1
        return page.form(MoveDaysForm, {"first_day": start.date(), "last_day": date.fromordinal(last)})
    return page.form(MoveForm, {"day": start.date(), "start_time": start.time(), "end_time": end.time()})


@router.get("/bookings/{id:uuid}/move")
async def move_page(page: TownPage, id: UUID) -> Response:
    """Asks for the other time."""
    row, about = await _booking(page, id)
    form = _move_form(page, row, by_day=await _by_day(page, row))
    return _form_page(page, row, about, MOVE[0], form, MOVE[1])


@router.post("/bookings/{id:uuid}/move")
async def move(page: TownPage, id: UUID) -> Response:
    """Move a booking, or leave it as it was."""
    row, about = await _booking(page, id)
    form = await page.posted(MoveDaysForm if await _by_day(page, row) else MoveForm)

    async def work(ctx: Ctx, value: FormModel) -> Booking:
        return await decide.reschedule_booking(ctx, id, When(**value.model_dump()))

    if await page.submit(form, work):
        return page.done(t("Die Buchung ist verschoben.", "The booking is moved."), page.url("bookings", id))
    return _form_page(page, row, about, MOVE[0], form, MOVE[1])


PRICE = (t("Preis vereinbaren", "Agree on a price"), t("Speichern", "Save"))


@router.get("/bookings/{id:uuid}/price")
async def price_page(page: TownPage, id: UUID) -> Response:
    """Asks for the amounts."""
    row, about = await _booking(page, id)
    form = page.form(PriceForm, {"price": row.price or Decimal("0.00"), "deposit": row.deposit or Decimal("0.00")})
    return _form_page(page, row, about, PRICE[0], form, PRICE[1])


@router.post("/bookings/{id:uuid}/price")
async def price(page: TownPage, id: UUID) -> Response:
    """Keep another price than the tariff's."""
    form = await page.posted(PriceForm)
    if await page.submit(form, lambda ctx, value: tariffs.set_price(ctx, id, value.price, value.deposit)):
        return page.done(t("Der Preis ist vereinbart.", "The price is agreed on."), page.url("bookings", id))
    row, about = await _booking(page, id)
    return _form_page(page, row, about, PRICE[0], form, PRICE[1])
