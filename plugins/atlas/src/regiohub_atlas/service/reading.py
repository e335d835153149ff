"""Reading procedures: who sees what, by which filters, and the current content as a draft."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from regiohub.api import Ctx, NotFound
from regiohub_atlas.models import Actor, Document, Link, Phase, Procedure
from regiohub_atlas.permissions import EDIT

from .drafts import COLUMNS
from .topics import topics_of


def visible(ctx: Ctx) -> ColumnElement[bool] | None:
    """Everybody sees what is published; those who may edit see drafts too."""
    return None if ctx.can(EDIT) else Procedure.published_at.is_not(None)


async def find_procedure(ctx: Ctx, procedure_id: UUID) -> Procedure:
    """The procedure for changing it; other writers of the town wait until this one is done.

    :raises NotFound: there is none in this town.
    """
    await hold_writers(ctx)
    procedure = await ctx.session.find(Procedure, procedure_id)
    if procedure is None:
        raise NotFound(field="id")
    return procedure


async def hold_writers(ctx: Ctx) -> None:
    """Let a town's writers work one after the other: what follows from a procedure is replaced as a whole, and short
    names are given away by looking which are free. Staff write rarely; nobody notices."""
    await ctx.session.lock("atlas", "write")


async def current_values(ctx: Ctx, procedure: Procedure) -> dict[str, Any]:
    """Everything a procedure says now, in the shape of a draft."""
    values: dict[str, Any] = {name: getattr(procedure, name) for name in COLUMNS}
    topics = (await topics_of(ctx, [procedure.id]))[procedure.id]
    values["topics"] = [{"title": topic.title, "title_en": topic.title_en} for topic in topics]
    for part, table, names in (
        ("phases", Phase, ("kind", "starts_on", "ends_on", "title")),
        ("actors", Actor, ("role", "name")),
        (
            "documents",
            Document,
            (
                "kind", "title", "url", "published_on", "licence", "media_type", "sha256", "accessible", "alt_text",
                "copyright", "size",
            ),
        ),
        ("links", Link, ("kind", "title", "url")),
    ):  # fmt: skip
        rows = await ctx.session.scalars(
            select(table).where(table.procedure_id == procedure.id).order_by(table.position)
        )
        values[part] = [{name: getattr(row, name) for name in names} for row in rows]
    return values
