"""What everybody may see, for maps and calendars: published procedures only, whoever asks."""

from typing import Any

from sqlalchemy import func, select

from regiohub.api import Ctx, NotFound, distance_to
from regiohub_atlas.models import Procedure

from .characters import can_be_stored
from .filtering import Filter
from .records import Record, load_records
from .status import today


async def public_page(ctx: Ctx, wanted: Filter, limit: int, offset: int) -> tuple[list[Record], int]:
    """A page of published procedures and the number of all that fit.

    Around a point the nearest stands first, otherwise the order is that of the titles.
    """
    conditions = [Procedure.published_at.is_not(None), *wanted.conditions(today(ctx))]
    matched = await ctx.session.scalar(select(func.count()).select_from(Procedure).where(*conditions))
    order: list[Any] = [Procedure.title, Procedure.id]
    if wanted.point is not None:
        order.insert(0, distance_to(Procedure.place, wanted.point[0], wanted.point[1]))
    rows = await ctx.session.scalars(select(Procedure).where(*conditions).order_by(*order).limit(limit).offset(offset))
    return await load_records(ctx, rows.all()), matched or 0


async def public_procedure(ctx: Ctx, slug: str) -> Procedure:
    """A published procedure by its short name.

    :raises NotFound: there is none, or it is not published.
    """
    if not can_be_stored(slug):
        raise NotFound(field="slug")
    found = await ctx.session.scalar(
        select(Procedure).where(Procedure.slug == slug, Procedure.published_at.is_not(None))
    )
    if found is None:
        raise NotFound(field="slug")
    return found
