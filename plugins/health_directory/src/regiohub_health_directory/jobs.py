"""What runs by itself, once per town."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, Job, Task, TenantScope

from .service.duplicates import TASK as FIND_DUPLICATES
from .service.duplicates import find_duplicates, find_requested
from .service.verification import keep_up, send_chunk
from .service.verification.letters import TASK as ASK_PROVIDERS


async def compare_entries(scope: TenantScope) -> None:
    """Look for pairs of entries that may be one offer."""
    await scope.run(find_duplicates)


async def look_after_letters(scope: TenantScope) -> None:
    """Remind providers of letters, and close letters that have expired."""
    await scope.run(keep_up)


async def _compare(ctx: Ctx, payload: dict[str, Any]) -> None:
    await find_requested(ctx, UUID(payload["work"]))


JOBS = (
    Job("health_directory.duplicates", every=timedelta(hours=24), run=compare_entries),
    Job("health_directory.letters", every=timedelta(hours=24), run=look_after_letters),
)
TASKS = (Task(ASK_PROVIDERS, send_chunk), Task(FIND_DUPLICATES, _compare))
