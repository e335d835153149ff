"""What happens to letters by itself: reminders and expiry."""

from datetime import timedelta

from sqlalchemy import select, update

from regiohub.api import Ctx
from regiohub_health_directory.models import HealthVerificationState, VerificationRequest
from regiohub_health_directory.service.freshness import HealthFreshness
from regiohub_health_directory.settings import HealthSettings

from .letters import enqueue_letters, send_reminder

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
    if settings.verification_automatic:
        await enqueue_letters(ctx, [HealthFreshness.STALE], "en" if ctx.tenant.language == "en" else "de")
