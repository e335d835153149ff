"""What is told from the spot: whether a place is open in fact."""

{% if cookiecutter.table %}
from regiohub.api import Ctx, NotFound, t
{% else %}
from regiohub.api import Ctx
{% endif %}
from regiohub_{{ cookiecutter.id }}.events import Reported
from regiohub_{{ cookiecutter.id }}.formats.report import Report
{% if cookiecutter.table %}
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from sqlalchemy import select
{% endif %}


async def take(ctx: Ctx, report: Report) -> None:
{% if cookiecutter.table %}
    """Keep a report with its place and tell other plugins. One that is older than what is known changes nothing.

    :raises NotFound: no place has this external id.
    """
    place = await ctx.session.scalar(select({{ cookiecutter.__Thing }}).where({{ cookiecutter.__Thing }}.external_id == report.place))
    if place is None:
        raise NotFound(
            t("Kein Ort hat diese externe Kennung.", "No place has this external id."), field="place"
        )
    if place.reported_at is not None and place.reported_at >= report.at:
        return
    place.reported_open, place.reported_at = report.open, report.at
    await ctx.session.flush()
{% else %}
    """Pass a report on to other plugins."""
{% endif %}
    await ctx.emit(Reported(place=report.place, open=report.open, at=report.at))
