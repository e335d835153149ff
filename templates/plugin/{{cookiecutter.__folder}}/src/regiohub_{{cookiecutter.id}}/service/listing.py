"""Places with everything that files and pages show, read by a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regiohub.api import Ctx, distance_to
from regiohub_{{ cookiecutter.id }}.models import {{ cookiecutter.__Thing }}
from sqlalchemy import func, select

from .filtering import Wanted
from .hours import Span
from .reading import open_now, spans_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A place, its opening hours, and whether it is open now (None: nobody knows)."""

    place: {{ cookiecutter.__Thing }}
    spans: Sequence[Span]
    open_now: bool | None


async def page_of(ctx: Ctx, wanted: Wanted, limit: int, offset: int = 0) -> tuple[list[Entry], int]:
    """A page of places by name (around a point: the nearest first), and the number of all that fit."""
    conditions = wanted.conditions(ctx)
    matched = await ctx.session.scalar(select(func.count()).select_from({{ cookiecutter.__Thing }}).where(*conditions)) or 0
    order: list[Any] = [{{ cookiecutter.__Thing }}.name, {{ cookiecutter.__Thing }}.id]
    if wanted.point is not None:
        order.insert(0, distance_to({{ cookiecutter.__Thing }}.location, wanted.point[0], wanted.point[1]))
    found = await ctx.session.execute(
        select({{ cookiecutter.__Thing }}, open_now(ctx).label("open")).where(*conditions).order_by(*order).limit(limit).offset(offset)
    )
    rows = found.all()
    spans = await spans_of(ctx, [place.id for place, _ in rows])
    return [Entry(place, spans[place.id], open_) for place, open_ in rows], matched
