"""Parts without an identity of their own: phones, contacts, prices."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import Ctx
from regiohub_health_directory.models import Contact, CostOption, Phone

COLUMNS: dict[type[Any], tuple[str, ...]] = {
    Phone: ("number", "kind", "description"),
    Contact: ("name", "title", "email"),
    CostOption: ("option", "amount", "currency", "amount_description"),
}
Part = type[Phone] | type[Contact] | type[CostOption]


def rows_of(model: Part, parts: Sequence[Any]) -> list[dict[str, Any]]:
    """The values of parts, drafts or rows alike."""
    return [{name: getattr(part, name) for name in COLUMNS[model]} for part in parts]


def add_parts(ctx: Ctx, model: Part, owner: str, owner_id: UUID, parts: Sequence[Any]) -> None:
    """Store parts of something new; `owner` names the column that points to it."""
    ctx.session.add_all(model(**{owner: owner_id}, **row) for row in rows_of(model, parts))


async def replace_parts(ctx: Ctx, model: Part, owner: str, owner_id: UUID, wanted: Sequence[Any]) -> bool:
    """Make the wanted parts the parts of something; nothing is written when they are the same. Tells which."""
    column = getattr(model, owner)
    present = (await ctx.session.scalars(select(model).where(column == owner_id).order_by(model.id))).all()
    if rows_of(model, present) == rows_of(model, wanted):
        return False
    await ctx.session.execute(delete(model).where(column == owner_id))
    add_parts(ctx, model, owner, owner_id, wanted)
    await ctx.session.flush()
    return True
