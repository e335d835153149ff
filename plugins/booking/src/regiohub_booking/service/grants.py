"""Repair of access: try again, take back, give again, another code, a note. The lock follows by the job of doors."""

from uuid import UUID

from regiohub.api import Conflict, Ctx, InvalidInput, NotFound, t
from regiohub_booking.models import AccessGrant, Booking, GrantState
from regiohub_booking.permissions import CARETAKE
from regiohub_booking.rules.states import BookingState
from regiohub_booking.service.wishes import LONGEST_TEXT


async def retry_grant(ctx: Ctx, grant_id: UUID) -> AccessGrant:
    """Ask the lock again now instead of after the pause. Raises Forbidden, NotFound, Conflict when nothing is due."""
    grant = await _grant(ctx, grant_id)
    if grant.next_try_at is None:
        raise Conflict(t("Das Schloss hat schon alles erledigt.", "The lock has done everything already."))
    grant.next_try_at, grant.attempts = ctx.now(), 0
    await _done(ctx, "booking.grant_retry", grant)
    return grant


async def revoke_grant(ctx: Ctx, grant_id: UUID) -> AccessGrant:
    """Take access back although the booking stands: a lost phone, a shared code. Raises Forbidden, NotFound."""
    grant = await _grant(ctx, grant_id)
    if grant.wanted:
        grant.wanted = False
        _due(ctx, grant)
        await _done(ctx, "booking.grant_revoke", grant)
    return grant


async def restore_grant(ctx: Ctx, grant_id: UUID) -> AccessGrant:
    """Give access again that was taken back. Raises Forbidden, NotFound, Conflict unless the booking is confirmed."""
    grant = await _grant(ctx, grant_id)
    await _check_confirmed(ctx, grant)
    if not grant.wanted:
        grant.wanted = grant.renew = True
        _due(ctx, grant)
        await _done(ctx, "booking.grant_restore", grant)
    return grant


async def replace_code(ctx: Ctx, grant_id: UUID) -> AccessGrant:
    """Let the lock forget the code and make another one; the old one is unreadable at once.

    Raises Forbidden, NotFound, Conflict unless the booking is confirmed and access is wanted.
    """
    grant = await _grant(ctx, grant_id)
    await _check_confirmed(ctx, grant)
    if not grant.wanted:
        raise Conflict(t("Der Zugang ist zurückgenommen.", "Access has been taken back."))
    grant.renew = True
    grant.sealed_code = None
    _due(ctx, grant)
    await _done(ctx, "booking.grant_replace", grant)
    return grant


async def note_grant(ctx: Ctx, grant_id: UUID, note: str) -> AccessGrant:
    """Keep a note about the access, for staff only; empty removes it. Raises Forbidden, NotFound, InvalidInput."""
    grant = await _grant(ctx, grant_id)
    said = note.strip()
    if len(said) > LONGEST_TEXT:
        raise InvalidInput(t(f"Höchstens {LONGEST_TEXT} Zeichen.", f"At most {LONGEST_TEXT} characters."), field="note")
    grant.note = said or None
    await ctx.session.flush()
    return grant


async def _grant(ctx: Ctx, grant_id: UUID) -> AccessGrant:
    ctx.require(CARETAKE)
    grant = await ctx.session.find(AccessGrant, grant_id)
    if grant is None:
        raise NotFound(t("Diesen Zugang gibt es nicht.", "There is no such access."), field="id")
    return grant


async def _check_confirmed(ctx: Ctx, grant: AccessGrant) -> None:
    booking = await ctx.session.find(Booking, grant.booking_id)
    if booking is None or booking.state is not BookingState.CONFIRMED or booking.ends_at <= ctx.now():
        raise Conflict(
            t("Zugang gibt es nur für bestätigte, künftige Buchungen.", "Access is for confirmed future bookings only.")
        )


def _due(ctx: Ctx, grant: AccessGrant) -> None:
    """A new wish: the lock is asked at once, and an answer to an older wish does not count."""
    grant.version += 1
    grant.requested_at = grant.next_try_at = ctx.now()
    grant.state, grant.attempts, grant.warned_at, grant.last_error = GrantState.WAITING, 0, None, None


async def _done(ctx: Ctx, action: str, grant: AccessGrant) -> None:
    await ctx.session.flush()
    after = {"wanted": grant.wanted, "version": grant.version}
    await ctx.audit(action, kind="booking", id=str(grant.booking_id), after=after)
