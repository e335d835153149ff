"""What runs by itself, once per town."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from regiohub.api import Ctx, Job, Task, TenantScope

from .models import HealthSuggestionState, Suggestion
from .service.duplicates import TASK as FIND_DUPLICATES
from .service.duplicates import find_duplicates, find_requested
from .service.verification import keep_up, send_chunk
from .service.verification.letters import TASK as ASK_PROVIDERS
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


async def compare_entries(scope: TenantScope) -> None:
    """Look for pairs of entries that may be one offer."""
    await scope.run(find_duplicates)


async def look_after_letters(scope: TenantScope) -> None:
    """Remind, expire and forget letters to providers."""
    await scope.run(keep_up)


async def _compare(ctx: Ctx, payload: dict[str, Any]) -> None:
    await find_requested(ctx, UUID(payload["work"]))


JOBS = (
    Job("health_directory.forget_contacts", every=timedelta(hours=24), run=forget_contacts),
    Job("health_directory.duplicates", every=timedelta(hours=24), run=compare_entries),
    Job("health_directory.letters", every=timedelta(hours=24), run=look_after_letters),
)
TASKS = (Task(ASK_PROVIDERS, send_chunk), Task(FIND_DUPLICATES, _compare))
