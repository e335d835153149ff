"""New bookings: at once, or held first and completed later."""

import secrets
from datetime import datetime
from uuid import UUID

from regiohub.api import Ctx, uuid7
from regiohub_booking.errors import HoldExpired
from regiohub_booking.models import Booking, Resource
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.states import BookingState, Step, next_state
from regiohub_booking.service import effects
from regiohub_booking.service.people import booking_not_found, check_limit, is_own
from regiohub_booking.service.slots import choose, claimed_between, keep, lock_targets, occupy
from regiohub_booking.service.target import Target, load_target
from regiohub_booking.service.wishes import Wish, check_details, check_time, offered_dates
from regiohub_booking.settings import BookingSettings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(moment: datetime) -> str:
    """A booking number that can be told over the phone: the year and eight letters and digits, none of them alike."""
    return f"{moment.year}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"


def new_booking(ctx: Ctx, target: Target, wanted: Interval, wish: Wish, state: BookingState) -> Booking:
    """A booking of the signed-in caller, not yet stored."""
    person = ctx.require_person()
    return Booking(
        id=uuid7(),
        number=new_number(ctx.now()),
        resource_id=target.resource.id,
        state=state,
        starts_at=wanted.start,
        ends_at=wanted.end,
        quantity=wish.quantity,
        persons=wish.persons,
        purpose=wish.purpose,
        subject=person.subject,
        booker_name=person.name,
        booker_email=person.email,
        booker_locale=ctx.locale,
        example=False,
    )


def first_state(resource: Resource) -> BookingState:
    """Where a booking begins: confirmed, or pending where the house decides on each one."""
    return BookingState.PENDING if resource.requires_approval else BookingState.CONFIRMED


async def create_booking(ctx: Ctx, wish: Wish) -> Booking:
    """Book at once for the signed-in person.

    Raises NotFound, the input errors of time and limits, SlotTaken, NotEnoughUnits, TooManyBookings.
    """
    ctx.require_person()
    target = await load_target(ctx, wish.resource_id)
    booking = await _take(ctx, target, wish, first_state(target.resource))
    await effects.created(ctx, booking, target.resource)
    return booking


async def hold_slot(ctx: Ctx, wish: Wish) -> Booking:
    """Keep a time free for some minutes while the person fills in the rest. Raises the same errors as booking."""
    ctx.require_person()
    target = await load_target(ctx, wish.resource_id)
    until = ctx.now() + ctx.settings(BookingSettings).hold
    return await _take(ctx, target, wish, BookingState.HELD, expires_at=until)


async def _take(
    ctx: Ctx, target: Target, wish: Wish, state: BookingState, *, expires_at: datetime | None = None
) -> Booking:
    wanted = wish.when.interval(ctx)
    check_details(target, wish)
    check_time(ctx, target, wanted, await offered_dates(ctx, target, wanted))
    await check_limit(ctx, held=state is BookingState.HELD)
    await lock_targets(ctx, [target])
    taken = await claimed_between(ctx, target.leaf_ids, target.policy.occupied(wanted))
    claims = choose(ctx, target, wanted, taken, wish.quantity, wish.place_id)
    booking = new_booking(ctx, target, wanted, wish, state)
    booking.expires_at = expires_at
    ctx.session.add(booking)
    await occupy(ctx, target, [(wanted, claims, booking.id)], expires_at=expires_at)
    return booking


async def confirm_hold(ctx: Ctx, hold_id: UUID, *, persons: int | None = None, purpose: str | None = None) -> Booking:
    """Turn the caller's own hold into a booking. Raises NotFound, HoldExpired, WrongState, TooManyBookings."""
    ctx.require_person()
    booking = await ctx.session.find(Booking, hold_id)
    if booking is None or not is_own(ctx, booking):
        raise booking_not_found()
    target = await load_target(ctx, booking.resource_id)
    # The lock keeps a rival from expiring the hold between this check and the commit.
    await lock_targets(ctx, [target])
    await ctx.session.refresh(booking)
    step = Step.REQUEST if target.resource.requires_approval else Step.CONFIRM
    if booking.state is BookingState.EXPIRED or (
        booking.state is BookingState.HELD and booking.expires_at is not None and booking.expires_at <= ctx.now()
    ):
        raise HoldExpired
    if booking.state is not BookingState.HELD:
        step = Step.EXPIRE  # only a hold can be completed: this raises WrongState with the present state
    state = next_state(booking.state, step)
    check_details(target, Wish(booking.resource_id, quantity=booking.quantity, persons=persons, purpose=purpose))
    await check_limit(ctx)
    booking.state, booking.expires_at = state, None
    booking.persons, booking.purpose = persons, purpose
    await keep(ctx, booking.id)
    await effects.created(ctx, booking, target.resource)
    return booking
