"""Reading places, and what is open at a moment; each with a number of statements that never grows with the rows."""

from collections.abc import Sequence
{% if cookiecutter.__ingest %}
from datetime import timedelta
{% endif %}
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, Link, NotFound, t
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}, Opening
{% if cookiecutter.__ingest %}
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings
{% endif %}
from sqlalchemy import {% if cookiecutter.__ingest %}and_, {% endif %}case, func, select

from .hours import Span, wall_time


def open_now(ctx: Ctx) -> Any:
    """Whether a place is open at this moment, by the town's own clock: an SQL expression over its row.

{% if cookiecutter.__ingest %}
    A report from the spot counts more than the opening hours, for as long as the settings say.
{% endif %}
    Null where nobody knows.
    """
    weekday, minute = wall_time(ctx.now(), ctx.tenant.timezone)
    hours = select(func.count()).where(Opening.tenant_id == {{ cookiecutter.__Thing }}.tenant_id, Opening.place_id == {{ cookiecutter.__Thing }}.id)
    at_present = hours.where(Opening.weekday == weekday, Opening.opens <= minute, Opening.closes > minute)
    known = hours.correlate({{ cookiecutter.__Thing }}).scalar_subquery()
{% if cookiecutter.__ingest %}
    planned = case((known == 0, None), else_=at_present.correlate({{ cookiecutter.__Thing }}).scalar_subquery() > 0)
    since = ctx.now() - timedelta(minutes=ctx.settings({{ cookiecutter.__Prefix }}Settings).report_minutes)
    told = and_({{ cookiecutter.__Thing }}.reported_open.is_not(None), {{ cookiecutter.__Thing }}.reported_at > since)
    return case((told, {{ cookiecutter.__Thing }}.reported_open), else_=planned)
{% else %}
    return case((known == 0, None), else_=at_present.correlate({{ cookiecutter.__Thing }}).scalar_subquery() > 0)
{% endif %}


async def find(ctx: Ctx, place_id: UUID) -> {{ cookiecutter.__Thing }}:
    """The place.

    :raises NotFound: there is none in this town.
    """
    found = await ctx.session.find({{ cookiecutter.__Thing }}, place_id)
    if found is None:
        raise NotFound(t("Diesen Ort gibt es nicht.", "There is no such place."), field="id")
    return found


async def spans_of(ctx: Ctx, ids: Sequence[UUID]) -> dict[UUID, tuple[Span, ...]]:
    """The opening hours of each place, by one statement; empty where nobody knows."""
    found: dict[UUID, list[Span]] = {place_id: [] for place_id in ids}
    rows = await ctx.session.execute(
        select(Opening.place_id, Opening.weekday, Opening.opens, Opening.closes)
        .where(Opening.place_id.in_(ids))
        .order_by(Opening.weekday, Opening.opens)
    )
    for place_id, *stretch in rows:
        found[place_id].append(Span(*stretch))
    return {place_id: tuple(spans) for place_id, spans in found.items()}


async def links(ctx: Ctx) -> Sequence[Link]:
    """How many places there are."""
    count = await ctx.session.scalar(select(func.count()).select_from({{ cookiecutter.__Thing }})) or 0
    return (Link("places", t("Orte", "Places"), count, "/{{ cookiecutter.id }}/places.geojson"),)
