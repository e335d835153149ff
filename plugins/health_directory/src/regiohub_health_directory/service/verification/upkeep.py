"""What happens to letters by itself: reminders, expiry, forgetting."""

from datetime import timedelta

from sqlalchemy import delete, func, select, update

from regiohub.api import Ctx
from regiohub_health_directory.models import HealthVerificationState, VerificationRequest
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.settings import HealthSettings

from .letters import enqueue_letters, send_reminder

KEPT = timedelta(days=730)
_MOST_REMINDERS = 50


async def keep_up(ctx: Ctx) -> None:
    """One night's work in one town; what is left over is done the next night."""
    settings, now = ctx.settings(HealthSettings), ctx.now()
    session = ctx.session
    is_open = VerificationRequest.state == HealthVerificationState.OPEN
    await session.execute(
        update(VerificationRequest)
        .where(is_open, VerificationRequest.expires_at <= now)
        .values(state=HealthVerificationState.EXPIRED)
    )
    due = select(VerificationRequest).where(
        is_open,
        VerificationRequest.reminded_at.is_(None),
        VerificationRequest.created_at <= now - timedelta(days=settings.verification_reminder_days),
    )
    for letter in await session.scalars(due.order_by(VerificationRequest.created_at).limit(_MOST_REMINDERS)):
        await send_reminder(ctx, letter)
    closed_at = func.coalesce(VerificationRequest.answered_at, VerificationRequest.expires_at)
    forget = now - timedelta(days=settings.verification_contact_days)
    await session.execute(
        update(VerificationRequest)
        .where(~is_open, VerificationRequest.email.is_not(None), closed_at < forget)
        .values(email=None)
    )
    await session.execute(delete(VerificationRequest).where(~is_open, VerificationRequest.created_at < now - KEPT))
    if settings.verification_automatic:
        await enqueue_letters(ctx, [HealthFreshness.STALE], "en" if ctx.tenant.language == "en" else "de")
