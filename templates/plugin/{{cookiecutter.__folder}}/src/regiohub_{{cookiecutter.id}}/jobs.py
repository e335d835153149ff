"""Work that comes round."""

from datetime import timedelta

{% if cookiecutter.table %}
from regiohub.api import Job, TenantScope
from regiohub_{{ cookiecutter.id }}.service.checking import mark_outdated


async def look_for_outdated(scope: TenantScope) -> None:
    """Mark what nobody has confirmed for longer than the town wants."""
    await scope.run(mark_outdated)


JOBS = (Job("{{ cookiecutter.id }}.outdated", every=timedelta(days=1), run=look_for_outdated),)
{% else %}
from regiohub.api import Ctx, Job, TenantScope
from regiohub_{{ cookiecutter.id }}.events import OpenChanged
from regiohub_{{ cookiecutter.id }}.service.hours import is_open, wall_time
from regiohub_{{ cookiecutter.id }}.service.office import office_hours

PERIOD = timedelta(minutes=5)


async def tell_changes(scope: TenantScope) -> None:
    """Tell other plugins that the opening hours have begun or ended within the last period.

    Nothing is kept, so nothing is known of earlier runs: what changes while no worker runs is not told, and a late run
    may miss a change. Who must not miss one asks for ``openNow``. With a table of your own, keep there what was told
    last, and let ``work=`` of the job select the towns in which that differs.
    """

    async def tell(ctx: Ctx) -> None:
        spans = office_hours(ctx)
        before, now = (is_open(spans, *wall_time(at, ctx.tenant.timezone)) for at in (ctx.now() - PERIOD, ctx.now()))
        if before != now:
            await ctx.emit(OpenChanged(open=now))

    await scope.run(tell)


JOBS = (Job("{{ cookiecutter.id }}.open_changed", every=PERIOD, run=tell_changes),)
{% endif %}
