"""The town's place in time."""

from regiohub.api import Ctx
from regiohub_health_directory.settings import HealthSettings

from .hours import Calendar


def town_calendar(ctx: Ctx) -> Calendar:
    """Time zone, state and additional holidays of the town of this unit of work."""
    return Calendar(
        ctx.tenant.timezone,
        ctx.tenant.country,
        ctx.tenant.subdivision,
        frozenset(ctx.settings(HealthSettings).additional_holidays),
    )
