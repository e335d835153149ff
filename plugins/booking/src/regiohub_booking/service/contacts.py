"""People who stand in the contact of a house or owner: found by their address in the words.

A contact that is nothing but an address, and a caretaker's address, are found by the declared tables.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from regiohub.api import Ctx, Erased, Subject
from regiohub_booking.models import Owner, Place

CATEGORY = "contacts"


async def contacts(ctx: Ctx, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Houses and owners whose contact holds one of the addresses, as records."""
    rows = await _naming(ctx, subject)
    return {CATEGORY: [{"id": row.id, "slug": row.slug, "name": row.name, "contact": row.contact} for row in rows]}


async def forget_contacts(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Empty these contacts; a caretaker of the same house may be somebody else and stays."""
    rows = await _naming(ctx, subject)
    for row in rows:
        row.contact = None
    return [Erased(CATEGORY, cleared=len(rows))] if rows else []


async def _naming(ctx: Ctx, subject: Subject) -> Sequence[Place | Owner]:
    if not subject.emails:
        return []
    found: list[Place | Owner] = []
    for model in (Place, Owner):
        like = [func.lower(model.contact).contains(one, autoescape=True) for one in sorted(subject.emails)]
        found += await ctx.session.scalars(select(model).where(or_(*like)).order_by(model.id))
    # The database finds the end of a longer address as well; an owner's address alone is found by its declaration.
    return [
        row
        for row in found
        if subject.is_in(row.contact) and not (isinstance(row, Owner) and subject.is_email(row.contact))
    ]
