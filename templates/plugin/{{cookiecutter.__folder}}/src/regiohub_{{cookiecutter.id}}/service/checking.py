"""Details age: staff confirm them, and what nobody has confirmed for long is marked."""

from datetime import timedelta
from uuid import UUID

from regiohub.api import Ctx
from regiohub_{{ cookiecutter.id }}.events import {{ cookiecutter.__Thing }}Outdated
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from regiohub_{{ cookiecutter.id }}.permissions import EDIT
from regiohub_{{ cookiecutter.id }}.settings import {{ cookiecutter.__Prefix }}Settings
from sqlalchemy import select

from .reading import find


async def confirm(ctx: Ctx, place_id: UUID) -> {{ cookiecutter.__Thing }}:
    """Write down that the details of a place are right as they stand."""
    ctx.require(EDIT)
    place = await find(ctx, place_id)
    place.checked_at, place.outdated = ctx.now(), False
    await ctx.session.flush()
    await ctx.audit("{{ cookiecutter.id }}.confirm", kind="place", id=str(place.id))
    return place


async def mark_outdated(ctx: Ctx) -> None:
    """Mark places whose details nobody has confirmed for as long as the settings say, and tell it once."""
    latest = ctx.now() - timedelta(days=ctx.settings({{ cookiecutter.__Prefix }}Settings).check_after_days)
    places = await ctx.session.scalars(
        select({{ cookiecutter.__Thing }}).where({{ cookiecutter.__Thing }}.checked_at < latest, {{ cookiecutter.__Thing }}.outdated.is_(False))
    )
    for place in places.all():
        place.outdated = True
        await ctx.emit({{ cookiecutter.__Thing }}Outdated(place_id=place.id))
    await ctx.session.flush()
