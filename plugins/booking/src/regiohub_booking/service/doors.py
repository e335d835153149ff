"""Making locks follow: due grants are carried to their adapters, silent ones are reported to a person."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, Mail, TenantScope, Unavailable
from regiohub_booking.events import LockSilent
from regiohub_booking.locks import GrantAnswer, GrantRequest, LockAdapter, LockUnreachable
from regiohub_booking.models import AccessGrant, Booking, GrantState, Place, Resource
from regiohub_booking.service.sealing import seal, unseal
from regiohub_booking.settings import BookingSettings

BATCH = 50
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
HOOK = "register_lock_adapters"


@dataclass(frozen=True, slots=True)
class Order:
    """One thing a lock shall do, read in one unit of work and reported back in another."""

    grant_id: UUID
    version: int
    adapter: str
    wanted: bool
    known: bool
    vendor_reference: str | None
    renew: bool
    request: GrantRequest


def adapters_of(scope: TenantScope) -> dict[str, LockAdapter]:
    """The adapters that plugins of this town bring, by name; of two with one name the first loaded wins."""
    found: dict[str, LockAdapter] = {}
    for contribution in scope.plugins.collect(HOOK):
        found.setdefault(contribution.value.name, contribution.value)
    return found


async def follow_up(scope: TenantScope) -> int:
    """Carry out what is due and return how many grants are done.

    Locks are called between two units of work, never inside one: a slow lock must not keep anybody from booking.
    """
    async with scope.read() as ctx:
        orders = await due_orders(ctx)
    adapters = adapters_of(scope)
    done = 0
    for order in orders:
        answer, fault = await _carry_out(scope, adapters.get(order.adapter), order)
        async with scope.write() as ctx:
            done += await report(ctx, order, answer, fault)
    return done


async def due_orders(ctx: Ctx) -> list[Order]:
    """What locks shall do now, oldest first, at most one batch."""
    rows = await ctx.session.execute(
        select(AccessGrant, Booking.number)
        .join(Booking, (Booking.tenant_id == AccessGrant.tenant_id) & (Booking.id == AccessGrant.booking_id))
        .where(AccessGrant.next_try_at <= ctx.now())
        .order_by(AccessGrant.next_try_at, AccessGrant.id)
        .limit(BATCH)
    )
    return [_order(ctx, grant, number) for grant, number in rows]


def _order(ctx: Ctx, grant: AccessGrant, number: str) -> Order:
    code = unseal(ctx, grant.id, grant.sealed_code) if grant.sealed_code and not grant.renew else None
    request = GrantRequest(
        reference=str(grant.id),
        doors=tuple(grant.doors),
        start=grant.valid_from,
        end=grant.valid_until,
        label=number,
        code=code,
    )
    return Order(
        grant.id,
        grant.version,
        grant.adapter,
        grant.wanted,
        grant.done_version > 0,
        grant.vendor_reference,
        grant.renew,
        request,
    )


async def _carry_out(
    scope: TenantScope, adapter: LockAdapter | None, order: Order
) -> tuple[GrantAnswer | None, str | None]:
    """The lock's answer, or the name of what went wrong: never its words, which could hold a code."""
    if adapter is None:
        return None, f"adapter {order.adapter} is not available"
    try:
        if not order.wanted:
            await adapter.revoke(scope, order.request.reference, order.vendor_reference)
            return GrantAnswer(), None
        if order.renew:
            # Every lock can take back and grant anew; none need know how to change a code.
            await adapter.revoke(scope, order.request.reference, order.vendor_reference)
            return await adapter.grant(scope, order.request), None
        call = adapter.reschedule if order.known else adapter.grant
        return await call(scope, order.request), None
    except (LockUnreachable, Unavailable):
        return None, "the lock does not answer"
    except Exception as error:
        # An adapter of another plugin may fail in any way; the booking stands and the grant is tried again.
        return None, f"{order.adapter}: {type(error).__name__}"


async def report(ctx: Ctx, order: Order, answer: GrantAnswer | None, fault: str | None) -> int:
    """Write down what a lock did with an order; 1 when it was done, 0 when it has to be tried again."""
    grant = await ctx.session.find(AccessGrant, order.grant_id)
    if grant is None:
        return 0
    if answer is None:
        if grant.version == order.version:
            pause = min(FIRST_PAUSE * 2 ** min(grant.attempts, 10), LONGEST_PAUSE)
            grant.attempts, grant.last_error, grant.next_try_at = grant.attempts + 1, fault, ctx.now() + pause
        return 0
    grant.done_version, grant.last_error = order.version, None
    if order.wanted:
        grant.vendor_reference = answer.vendor_reference
        grant.sealed_code = seal(ctx, grant.id, answer.code) if answer.code else None
    else:
        grant.sealed_code = None
    # A booking moved or cancelled meanwhile has raised the version: the newer wish stays due.
    if grant.version == order.version:
        grant.state = GrantState.ACTIVE if order.wanted else GrantState.REVOKED
        grant.next_try_at, grant.renew = None, False
    return 1


async def warn_about_silent_locks(ctx: Ctx) -> int:
    """Tell the caretaker, once per wish, about grants that a lock has not followed for too long."""
    settings = ctx.settings(BookingSettings)
    limit = ctx.now() - timedelta(minutes=settings.lock_warning_minutes)
    rows = await ctx.session.execute(
        select(AccessGrant, Booking, Resource.name, Place.caretaker_email)
        .join(Booking, (Booking.tenant_id == AccessGrant.tenant_id) & (Booking.id == AccessGrant.booking_id))
        .join(Resource, (Resource.tenant_id == Booking.tenant_id) & (Resource.id == Booking.resource_id))
        .join(Place, (Place.tenant_id == Resource.tenant_id) & (Place.id == Resource.place_id))
        .where(
            AccessGrant.next_try_at.is_not(None),
            AccessGrant.warned_at.is_(None),
            AccessGrant.requested_at <= limit,
            AccessGrant.valid_until > ctx.now(),
        )
        .order_by(AccessGrant.requested_at, AccessGrant.id)
        .limit(BATCH)
    )
    warned = 0
    for grant, booking, resource, email in rows:
        grant.warned_at = ctx.now()
        await ctx.emit(LockSilent(booking_id=booking.id, adapter=grant.adapter))
        to = email or settings.caretaker_email
        if to:
            await ctx.mail(Mail(to=to, template="booking/lock_silent", data=_warning(grant, booking, resource)))
        warned += 1
    return warned


def _warning(grant: AccessGrant, booking: Booking, resource: str) -> dict[str, object]:
    return {
        "number": booking.number,
        "resource": resource,
        "starts_at": booking.starts_at,
        "ends_at": booking.ends_at,
        "doors": list(grant.doors),
        "wanted": grant.wanted,
    }
