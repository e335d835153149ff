"""What follows from a booking's new state: events, mails, access. All of it in the booking's own transaction."""

from collections.abc import Sequence

from regiohub.api import Ctx, Event, Mail
from regiohub_booking.events import (
    BookingAsked,
    BookingCancelled,
    BookingConfirmed,
    BookingDenied,
    BookingMoved,
    BookingRequested,
)
from regiohub_booking.models import Booking, Question, Resource
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.access import want_access, withdraw_access


async def created(ctx: Ctx, booking: Booking, resource: Resource) -> None:
    """A booking has been made: it waits for the house, or it is certain."""
    if booking.state is BookingState.PENDING:
        await ctx.emit(BookingRequested(booking_id=booking.id))
        await _mail(ctx, "received", booking, resource)
    else:
        await confirmed(ctx, booking, resource)


async def confirmed(ctx: Ctx, booking: Booking, resource: Resource) -> None:
    """A booking is certain: tell the person and the door."""
    await want_access(ctx, booking, resource)
    await ctx.emit(BookingConfirmed(booking_id=booking.id))
    await _mail(ctx, "confirmed", booking, resource)


async def asked(ctx: Ctx, booking: Booking, resource: Resource, question: Question, token: str) -> None:
    """The house has a question; the link in the mail answers it once, without signing in."""
    await ctx.emit(BookingAsked(booking_id=booking.id))
    if not booking.booker_email:
        return
    locale = "en" if booking.booker_locale == "en" else "de"
    data = {
        **facts(booking, resource),
        "question": question.question,
        "answer_by": question.answer_by,
        "path": f"booking/answer/{token}",
    }
    await ctx.mail(Mail(to=booking.booker_email, template="booking/question", data=data, locale=locale))


async def denied(ctx: Ctx, booking: Booking, resource: Resource) -> None:
    """The house has said no."""
    await ctx.emit(BookingDenied(booking_id=booking.id))
    await _mail(ctx, "denied", booking, resource)


async def cancelled(ctx: Ctx, booking: Booking, resource: Resource, *, was: BookingState) -> None:
    """A booking is off. An abandoned hold ends silently."""
    if was is BookingState.HELD:
        return
    await withdraw_access(ctx, [booking.id])
    await ctx.emit(BookingCancelled(booking_id=booking.id))
    await _mail(ctx, "cancelled", booking, resource)


async def moved(ctx: Ctx, booking: Booking, resource: Resource) -> None:
    """A booking has another time; where the house decides again, the door stays shut until then."""
    await ctx.emit(BookingMoved(booking_id=booking.id))
    if booking.state is BookingState.CONFIRMED:
        await want_access(ctx, booking, resource)
        await _mail(ctx, "confirmed", booking, resource)
    else:
        await withdraw_access(ctx, [booking.id])
        await ctx.emit(BookingRequested(booking_id=booking.id))
        await _mail(ctx, "received", booking, resource)


async def series_created(ctx: Ctx, bookings: Sequence[Booking], resource: Resource, *, rejected: Sequence[str]) -> None:
    """A whole series at once: an event and access for each date, one mail for all of them."""
    for booking in bookings:
        event: Event = BookingRequested(booking_id=booking.id)
        if booking.state is BookingState.CONFIRMED:
            await want_access(ctx, booking, resource)
            event = BookingConfirmed(booking_id=booking.id)
        await ctx.emit(event)
    if bookings:
        await _series_mail(ctx, "series", bookings, resource, rejected)


async def series_cancelled(ctx: Ctx, bookings: Sequence[Booking], resource: Resource) -> None:
    """The rest of a series is off."""
    await withdraw_access(ctx, [booking.id for booking in bookings])
    for booking in bookings:
        await ctx.emit(BookingCancelled(booking_id=booking.id))
    if bookings:
        await _series_mail(ctx, "series_cancelled", bookings, resource, ())


def facts(booking: Booking, resource: Resource) -> dict[str, object]:
    """What the mails about one booking say of it; the price only where one was agreed."""
    tariff = booking.tariff_name_en if booking.booker_locale == "en" else None
    return {
        "number": booking.number,
        "resource": resource.name,
        "name": booking.booker_name or "",
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "quantity": booking.quantity,
        "units": resource.units,
        "tariff": tariff or booking.tariff_name or "",
        "price": None if booking.price is None else str(booking.price),
        "deposit": str(booking.deposit) if booking.deposit else None,
    }


async def _mail(ctx: Ctx, template: str, booking: Booking, resource: Resource) -> None:
    if not booking.booker_email:
        return
    locale = "en" if booking.booker_locale == "en" else "de"
    data = {**facts(booking, resource), "reason": booking.reason or ""}
    await ctx.mail(Mail(to=booking.booker_email, template=f"booking/{template}", data=data, locale=locale))


async def _series_mail(
    ctx: Ctx, template: str, bookings: Sequence[Booking], resource: Resource, rejected: Sequence[str]
) -> None:
    first = bookings[0]
    if not first.booker_email:
        return
    data = {
        "resource": resource.name,
        "name": first.booker_name or "",
        "pending": first.state is BookingState.PENDING,
        "dates": [{"number": item.number, "starts_at": item.starts_at, "ends_at": item.ends_at} for item in bookings],
        "rejected": list(rejected),
    }
    locale = "en" if first.booker_locale == "en" else "de"
    await ctx.mail(Mail(to=first.booker_email, template=f"booking/{template}", data=data, locale=locale))
