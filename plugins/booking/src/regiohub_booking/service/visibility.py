"""Who may read which rows: predicates that every read of a type carries."""

from typing import Any

from sqlalchemy import and_, false, or_

from regiohub.api import Ctx
from regiohub_booking.models import Booking, Resource, Series
from regiohub_booking.permissions import APPROVE, CARETAKE, MANAGE, VIEW
from regiohub_booking.rules.states import BookingState


def sees_persons(ctx: Ctx) -> bool:
    """True for staff who work with bookings of others."""
    return any(ctx.can(permission) for permission in (VIEW, APPROVE, CARETAKE))


def visible_resources(ctx: Ctx) -> Any:
    """Withdrawn resources are for staff only."""
    return None if ctx.can(MANAGE) else Resource.active.is_(True)


def own_bookings(ctx: Ctx) -> Any:
    """Bookings of the caller; staff see all."""
    if sees_persons(ctx):
        return None
    if not ctx.principal.is_signed_in:
        return false()
    return Booking.subject == ctx.principal.subject


def own_series(ctx: Ctx) -> Any:
    """Series of the caller; staff see all."""
    if sees_persons(ctx):
        return None
    if not ctx.principal.is_signed_in:
        return false()
    return Series.subject == ctx.principal.subject


def occupying_bookings(ctx: Ctx) -> Any:
    """Bookings that keep others away now; holds that have run out do not."""
    return or_(
        Booking.state.in_((BookingState.PENDING, BookingState.ASKED, BookingState.CONFIRMED)),
        and_(Booking.state == BookingState.HELD, Booking.expires_at > ctx.now()),
    )
