"""Access to doors: what is wanted, written beside the booking; who may read a code, and when."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from regiohub.api import Ctx, NotFound, t, uuid7
from regiohub_booking.models import AccessGrant, Booking, GrantState, Resource
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.people import booking_not_found, is_own
from regiohub_booking.service.sealing import unseal
from regiohub_booking.settings import BookingSettings


@dataclass(frozen=True, slots=True)
class AccessCode:
    """A code with the time it opens; left out of the object's printed form."""

    valid_from: datetime
    valid_until: datetime
    state: GrantState
    code: str | None = field(default=None, repr=False)


async def want_access(ctx: Ctx, booking: Booking, resource: Resource) -> None:
    """Ask the resource's lock to let the booker in. Resources without a lock need nothing."""
    if resource.lock_adapter is None:
        return
    settings = ctx.settings(BookingSettings)
    start = booking.starts_at - timedelta(minutes=settings.access_before_minutes)
    end = booking.ends_at + timedelta(minutes=settings.access_after_minutes)
    grant = await ctx.session.scalar(select(AccessGrant).where(AccessGrant.booking_id == booking.id))
    if grant is None:
        grant = AccessGrant(
            id=uuid7(), booking_id=booking.id, version=0, done_version=0, state=GrantState.WAITING, renew=False
        )
        ctx.session.add(grant)
    grant.adapter, grant.doors = resource.lock_adapter, list(resource.lock_doors)
    grant.valid_from, grant.valid_until = start, end
    grant.wanted, grant.version = True, grant.version + 1
    grant.requested_at = grant.next_try_at = ctx.now()
    grant.state, grant.attempts, grant.warned_at = GrantState.WAITING, 0, None
    await ctx.session.flush()


async def withdraw_access(ctx: Ctx, booking_ids: Sequence[UUID]) -> None:
    """Ask the locks to take access back; the codes are unreadable from now on."""
    await ctx.session.flush()
    await ctx.session.execute(
        update(AccessGrant)
        .where(AccessGrant.booking_id.in_(booking_ids), AccessGrant.wanted)
        .values(
            wanted=False,
            version=AccessGrant.version + 1,
            state=GrantState.WAITING,
            attempts=0,
            warned_at=None,
            requested_at=ctx.now(),
            next_try_at=ctx.now(),
            updated_at=ctx.now(),
        )
        .execution_options(synchronize_session="fetch")
    )


async def read_code(ctx: Ctx, booking_id: UUID) -> AccessCode:
    """The access code of a confirmed booking, for its booker and the caretaker, in its window of time.

    Raises NotFound for anybody else, outside the window, and for bookings without a lock.
    """
    booking = await ctx.session.find(Booking, booking_id)
    own = booking is not None and is_own(ctx, booking)
    if booking is None or not (own or ctx.can(CARETAKE)):
        raise booking_not_found()
    grant = await ctx.session.scalar(select(AccessGrant).where(AccessGrant.booking_id == booking.id))
    if grant is None or not grant.wanted or booking.state is not BookingState.CONFIRMED:
        raise NotFound(
            t("Für diese Buchung gibt es keinen Zugangscode.", "This booking has no access code."), field="id"
        )
    opens = grant.valid_from - timedelta(hours=ctx.settings(BookingSettings).code_visible_hours)
    if not opens <= ctx.now() < grant.valid_until:
        raise NotFound(
            t(
                "Der Zugangscode ist erst kurz vor der Buchung und bis zu ihrem Ende sichtbar.",
                "The access code is visible shortly before the booking and until its end only.",
            ),
            field="id",
            visible_from=opens,
        )
    code = unseal(ctx, grant.id, grant.sealed_code) if grant.sealed_code and grant.state is GrantState.ACTIVE else None
    return AccessCode(grant.valid_from, grant.valid_until, grant.state, code)


async def grant_of(ctx: Ctx, booking_id: UUID) -> AccessGrant | None:
    """The access of a booking, without its code, for the caretaker. Raises Forbidden."""
    ctx.require(CARETAKE)
    return await ctx.session.scalar(select(AccessGrant).where(AccessGrant.booking_id == booking_id))
