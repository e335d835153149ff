"""What runs by itself, once per town."""

from datetime import timedelta

from sqlalchemy import update

from regiohub.api import Job, TenantScope

from .models import HealthSuggestionState, Suggestion
from .settings import HealthSettings


async def forget_contacts(scope: TenantScope) -> None:
    """Delete contact details of suggestions that were decided long enough ago."""
    days = scope.settings(HealthSettings).suggestion_contact_days
    async with scope.write() as ctx:
        await ctx.session.execute(
            update(Suggestion)
            .where(
                Suggestion.state != HealthSuggestionState.OPEN,
                Suggestion.contact.is_not(None),
                Suggestion.decided_at < ctx.now() - timedelta(days=days),
            )
            .values(contact=None)
        )


JOBS = (Job("health_directory.forget_contacts", every=timedelta(hours=24), run=forget_contacts),)
