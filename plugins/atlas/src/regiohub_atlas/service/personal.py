"""People who stand as contact of a procedure: found by their address in the words, handed out and taken out."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, or_, select

from regiohub.api import Ctx, Erased, Subject, SubjectData
from regiohub_atlas.events import ProcedureChanged
from regiohub_atlas.models import Procedure

CATEGORY = "contacts"


async def contacts(ctx: Ctx, subject: Subject) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Procedures whose contact holds one of the addresses, as records."""
    rows = await _naming(ctx, subject)
    return {CATEGORY: [{"id": row.id, "slug": row.slug, "title": row.title, "contact": row.contact} for row in rows]}


async def forget_contacts(ctx: Ctx, subject: Subject) -> Sequence[Erased]:
    """Empty these contacts, for good where a procedure was imported: its source has the contact still."""
    rows = await _naming(ctx, subject)
    for row in rows:
        row.contact = None
        if row.source is not None:
            row.local_fields = sorted({*row.local_fields, "contact"})
        if row.published_at is not None:
            await ctx.emit(ProcedureChanged(procedure_id=row.id, fields=["contact"]))
    return [Erased(CATEGORY, cleared=len(rows))] if rows else []


async def _naming(ctx: Ctx, subject: Subject) -> Sequence[Procedure]:
    like = [func.lower(Procedure.contact).contains(one, autoescape=True) for one in sorted(subject.emails)]
    if not like:
        return []
    rows = await ctx.session.scalars(select(Procedure).where(or_(*like)).order_by(Procedure.id))
    # The database finds the end of a longer address as well.
    return [row for row in rows if subject.is_in(row.contact)]


SUBJECT_DATA = SubjectData(export=contacts, erase=forget_contacts)
