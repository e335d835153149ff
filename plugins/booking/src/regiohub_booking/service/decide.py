"""Decisions on existing bookings: approve, deny, cancel, move."""

from datetime import timedelta
from uuid import UUID

from regiohub.api import Ctx, InvalidInput, t
from regiohub_booking.models import Booking, Resource
from regiohub_booking.permissions import APPROVE
from regiohub_booking.rules.cancellation import check_cancellation
from regiohub_booking.rules.states import BookingState, Step, next_state
from regiohub_booking.service import effects
from regiohub_booking.service.people import booking_not_found, is_own
from regiohub_booking.service.slots import (
    choose,
    claimed_between,
    forget_slots,
    lock_targets,
    occupy,
    release,
)
from regiohub_booking.service.target import load_target
from regiohub_booking.service.tariffs import reprice
from regiohub_booking.service.waiting import blocks_behind, settle
from regiohub_booking.service.wishes import LONGEST_TEXT, When, Wish, check_details, check_time, offered_dates


async def approve_booking(ctx: Ctx, booking_id: UUID) -> Booking:
    """Confirm a request. Raises Forbidden, NotFound, WrongState."""
    ctx.require(APPROVE)
    booking, resource = await locked(ctx, booking_id)
    before = booking.state
    booking.state = next_state(before, Step.APPROVE)
    booking.decided_at = ctx.now()
    await effects.confirmed(ctx, booking, resource)
    await audited(ctx, "booking.approve", booking, before)
    return booking


async def deny_booking(ctx: Ctx, booking_id: UUID, reason: str) -> Booking:
    """Refuse a request with a reason that the booker is told. Raises Forbidden, NotFound, InvalidInput, WrongState."""
    ctx.require(APPROVE)
    said = checked_reason(reason, required=True)
    booking, resource = await locked(ctx, booking_id)
    before = booking.state
    booking.state = next_state(before, Step.DENY)
    booking.decided_at, booking.reason = ctx.now(), said
    await release(ctx, [booking.id])
    await effects.denied(ctx, booking, resource)
    await audited(ctx, "booking.deny", booking, before)
    return booking


async def cancel_booking(ctx: Ctx, booking_id: UUID, reason: str | None = None) -> Booking:
    """Cancel: the booker within the resource's rule, staff at any time and with a reason.

    An own hold is given back the same way, at any time. Raises NotFound, InvalidInput, WrongState, CancellationTooLate.
    """
    said = checked_reason(reason)
    booking, resource = await locked(ctx, booking_id)
    staff = acts_as_staff(ctx, booking)
    if staff and said is None:
        raise InvalidInput(t("Bitte einen Grund nennen.", "Please give a reason."), field="reason")
    before = booking.state
    after = next_state(before, Step.CANCEL)
    if not staff and before is not BookingState.HELD:
        check_cancellation(booking.starts_at, timedelta(hours=resource.cancel_hours), ctx.now(), ctx.tenant.timezone)
    booking.state, booking.reason = after, said
    await release(ctx, [booking.id])
    await effects.cancelled(ctx, booking, resource, was=before)
    if staff:
        await audited(ctx, "booking.cancel", booking, before)
    return booking


async def reschedule_booking(ctx: Ctx, booking_id: UUID, when: When) -> Booking:
    """Give a booking another time on the same resource, or leave everything as it was.

    The booker's own time does not stand in the way. Where the house decides on each booking, it decides again unless
    staff move it. Raises what booking and cancelling raise.
    """
    booking = await ctx.session.find(Booking, booking_id)
    if booking is None:
        raise booking_not_found()
    staff = acts_as_staff(ctx, booking)
    target = await load_target(ctx, booking.resource_id, inactive=True)
    wanted = when.interval(ctx)
    await lock_targets(ctx, [target])
    await ctx.session.refresh(booking)
    before = booking.state
    again = target.resource.requires_approval and not staff
    after = next_state(before, Step.REQUEST if again and before is not BookingState.HELD else Step.MOVE)
    if not staff:
        check_cancellation(
            booking.starts_at, timedelta(hours=target.resource.cancel_hours), ctx.now(), ctx.tenant.timezone
        )
    check_details(target, Wish(booking.resource_id, quantity=booking.quantity))
    check_time(ctx, target, wanted, await offered_dates(ctx, target, wanted))
    taken = await claimed_between(ctx, target.leaf_ids, target.policy.occupied(wanted), but=[booking.id])
    claims = choose(ctx, target, wanted, taken, booking.quantity)
    old = {"starts_at": booking.starts_at.isoformat(), "ends_at": booking.ends_at.isoformat()}
    booking.state, booking.starts_at, booking.ends_at = after, wanted.start, wanted.end
    await reprice(ctx, booking, wanted)
    waiting = await blocks_behind(ctx, [booking.id])
    await forget_slots(ctx, booking.id)
    await occupy(ctx, target, [(wanted, claims, booking.id)])
    await settle(ctx, waiting, [booking.id])
    await effects.moved(ctx, booking, target.resource)
    if staff:
        new = {"starts_at": wanted.start.isoformat(), "ends_at": wanted.end.isoformat()}
        await ctx.audit("booking.move", kind="booking", id=str(booking.id), before=old, after=new)
    return booking


def acts_as_staff(ctx: Ctx, booking: Booking) -> bool:
    """False for the booker, True for staff who decide; NotFound for everybody else."""
    if is_own(ctx, booking) and not ctx.can(APPROVE):
        return False
    if ctx.can(APPROVE):
        return True
    raise booking_not_found()


async def locked(ctx: Ctx, booking_id: UUID) -> tuple[Booking, Resource]:
    """The booking as it is once everybody else is done with its resource: two decisions never cross."""
    booking = await ctx.session.find(Booking, booking_id)
    if booking is None:
        raise booking_not_found()
    acts_as_staff(ctx, booking)
    target = await load_target(ctx, booking.resource_id, inactive=True)
    await lock_targets(ctx, [target])
    await ctx.session.refresh(booking)
    return booking, target.resource


def checked_reason(reason: str | None, *, required: bool = False) -> str | None:
    """The words without blanks around them. Raises InvalidInput when they are too long, or missing and ``required``."""
    said = (reason or "").strip()
    if len(said) > LONGEST_TEXT:
        raise InvalidInput(
            t(f"Höchstens {LONGEST_TEXT} Zeichen.", f"At most {LONGEST_TEXT} characters."), field="reason"
        )
    if required and not said:
        raise InvalidInput(t("Bitte einen Grund nennen.", "Please give a reason."), field="reason")
    return said or None


async def audited(ctx: Ctx, action: str, booking: Booking, before: BookingState) -> None:
    """Write down a step that staff have taken."""
    await ctx.audit(
        action, kind="booking", id=str(booking.id), before={"state": before}, after={"state": booking.state}
    )
