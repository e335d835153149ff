"""New bookings: at once, or held first and completed later."""

import secrets
from datetime import datetime
from uuid import UUID

from regiohub.api import Ctx, uuid7
from regiohub_booking.errors import HoldExpired
from regiohub_booking.models import Booking, Resource
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.states import BookingState, Step, next_state
from regiohub_booking.service import effects
from regiohub_booking.service.people import booking_not_found, check_limit, checked_booker, is_own
from regiohub_booking.service.slots import choose, claimed_between, keep, lock_targets, occupy
from regiohub_booking.service.target import Target, load_target
from regiohub_booking.service.tariffs import Agreed, agree, asks_for_approval
from regiohub_booking.service.wishes import Booker, Wish, check_details, check_time, offered_dates
from regiohub_booking.settings import BookingSettings

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def new_number(moment: datetime) -> str:
    """A booking number that can be told over the phone: the year and eight letters and digits, none of them alike."""
    return f"{moment.year}-{''.join(secrets.choice(ALPHABET) for _ in range(8))}"


def new_booking(
    ctx: Ctx,
    target: Target,
    wanted: Interval,
    wish: Wish,
    state: BookingState,
    *,
    booker: Booker | None = None,
    agreed: Agreed | None = None,
) -> Booking:
    """A booking of the signed-in caller, or of the person he books for; not yet stored."""
    person = ctx.require_person()
    price = agreed or Agreed()
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
        subject=None if booker else person.subject,
        booker_name=booker.name if booker else person.name,
        booker_email=booker.email if booker else person.email,
        booker_phone=booker.phone if booker else None,
        booker_locale=booker.locale if booker else ctx.locale,
        tariff_id=price.tariff_id,
        tariff_name=price.name,
        tariff_name_en=price.name_en,
        price=price.price,
        deposit=price.deposit,
        price_by_hand=False,
        example=False,
    )


def first_state(resource: Resource, agreed: Agreed | None = None) -> BookingState:
    """Where a booking begins: confirmed, or pending where the house decides on each one or on the wished price."""
    on_request = agreed is not None and agreed.on_request
    return BookingState.PENDING if resource.requires_approval or on_request else BookingState.CONFIRMED


async def create_booking(ctx: Ctx, wish: Wish) -> Booking:
    """Book at once for the signed-in person.

    Raises NotFound, the input errors of time and limits, SlotTaken, NotEnoughUnits, TooManyBookings.
    """
    ctx.require_person()
    target = await load_target(ctx, wish.resource_id)
    booking = await _take(ctx, target, wish)
    await effects.created(ctx, booking, target.resource)
    return booking


async def create_booking_for(ctx: Ctx, wish: Wish, booker: Booker, *, decided: bool = True) -> Booking:
    """Book for somebody who has called or come by; ``decided``: confirmed at once, else a request like any other.

    Raises Forbidden, InvalidInput for the person's data, and what booking raises.
    """
    ctx.require(APPROVE)
    person = checked_booker(booker)
    target = await load_target(ctx, wish.resource_id)
    booking = await _take(ctx, target, wish, booker=person, state=BookingState.CONFIRMED if decided else None)
    if booking.state is BookingState.CONFIRMED:
        booking.decided_at = ctx.now()
    await effects.created(ctx, booking, target.resource)
    await ctx.audit("booking.create_for", kind="booking", id=str(booking.id), after={"state": booking.state})
    return booking


async def hold_slot(ctx: Ctx, wish: Wish) -> Booking:
    """Keep a time free for some minutes while the person fills in the rest. Raises the same errors as booking."""
    ctx.require_person()
    target = await load_target(ctx, wish.resource_id)
    until = ctx.now() + ctx.settings(BookingSettings).hold
    return await _take(ctx, target, wish, state=BookingState.HELD, expires_at=until)


async def _take(
    ctx: Ctx,
    target: Target,
    wish: Wish,
    *,
    state: BookingState | None = None,
    booker: Booker | None = None,
    expires_at: datetime | None = None,
) -> Booking:
    wanted = wish.when.interval(ctx)
    check_details(target, wish)
    check_time(ctx, target, wanted, await offered_dates(ctx, target, wanted))
    agreed = await agree(ctx, target.resource, wanted, wish.quantity, wish.tariff_id)
    if booker is None:
        await check_limit(ctx, held=state is BookingState.HELD)
    await lock_targets(ctx, [target])
    taken = await claimed_between(ctx, target.leaf_ids, target.policy.occupied(wanted))
    claims = choose(ctx, target, wanted, taken, wish.quantity, wish.place_id)
    first = state or first_state(target.resource, agreed)
    booking = new_booking(ctx, target, wanted, wish, first, booker=booker, agreed=agreed)
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
    decided = target.resource.requires_approval or await asks_for_approval(ctx, booking.tariff_id)
    step = Step.REQUEST if decided else Step.CONFIRM
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
