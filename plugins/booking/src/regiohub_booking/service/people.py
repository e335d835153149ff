"""Whose booking it is, and how much one person may have."""

from sqlalchemy import func, select

from regiohub.api import Ctx, InvalidInput, Mail, NotFound, t
from regiohub_booking.errors import TooManyBookings
from regiohub_booking.models import Booking
from regiohub_booking.permissions import APPROVE, CARETAKE, MANAGE, VIEW
from regiohub_booking.rules.states import OCCUPYING, BookingState
from regiohub_booking.service.wishes import Booker
from regiohub_booking.settings import BookingSettings

STAFF = (VIEW, APPROVE, MANAGE, CARETAKE)


def is_own(ctx: Ctx, booking: Booking) -> bool:
    """True when the caller is the person who booked."""
    return ctx.principal.is_signed_in and booking.subject is not None and booking.subject == ctx.principal.subject


def require_own_or(ctx: Ctx, booking: Booking, *permissions: object) -> bool:
    """Whether the caller acts as staff. Raises NotFound for anybody else's booking: it need not be known to exist."""
    if is_own(ctx, booking):
        return False
    if any(ctx.can(permission) for permission in STAFF if permission in permissions):
        return True
    raise booking_not_found()


def booking_not_found() -> NotFound:
    """The one answer for missing and foreign bookings."""
    return NotFound(t("Diese Buchung gibt es nicht.", "There is no such booking."), field="id")


async def check_limit(ctx: Ctx, *, more: int = 1, held: bool = False) -> None:
    """Raises TooManyBookings when the caller would have more open bookings (or holds) than the town allows.

    Staff book for others and for the house and are not counted.
    """
    if ctx.can(MANAGE):
        return
    settings = ctx.settings(BookingSettings)
    # Counting and booking must not interleave with the same person's other requests.
    await ctx.session.lock("booking.person", ctx.principal.subject)
    query = (
        select(func.count())
        .select_from(Booking)
        .where(Booking.subject == ctx.principal.subject, Booking.ends_at > ctx.now())
    )
    if held:
        limit = settings.holds_per_person
        query = query.where(Booking.state == BookingState.HELD, Booking.expires_at > ctx.now())
    else:
        limit = settings.bookings_per_person
        query = query.where(Booking.state.in_(OCCUPYING - {BookingState.HELD}))
    count = await ctx.session.scalar(query) or 0
    if count + more > limit:
        raise TooManyBookings(limit)


def checked_booker(booker: Booker) -> Booker:
    """Name, address and phone of somebody for whom staff book. Raises InvalidInput naming the field."""
    name, email, phone = booker.name.strip(), (booker.email or "").strip(), (booker.phone or "").strip()
    if not name or len(name) > 200:
        raise InvalidInput(t("Bitte den Namen nennen.", "Please give the name."), field="bookerName")
    if len(phone) > 50:
        raise InvalidInput(t("Höchstens 50 Zeichen.", "At most 50 characters."), field="bookerPhone")
    if email:
        try:
            Mail(to=email, template="booking/confirmed").check()
        except InvalidInput as error:
            raise InvalidInput(error.message, field="bookerEmail") from None
    return Booker(name, email or None, phone or None, "en" if booker.locale == "en" else "de")
