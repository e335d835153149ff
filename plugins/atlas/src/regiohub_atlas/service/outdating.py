"""Texts in other words follow their original."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import update

from regiohub.api import Ctx
from regiohub_atlas.models import Procedure, ProcedureText

SOURCE_FIELDS: Final = frozenset({"title", "summary", "description"})
"""What the texts say in other words: when one of these changes, they may no longer be true."""


async def mark_outdated(ctx: Ctx, procedure: Procedure, changed: Collection[str]) -> None:
    """After a change of the original: its texts have to be looked at again."""
    if SOURCE_FIELDS.isdisjoint(changed):
        return
    await ctx.session.execute(
        update(ProcedureText)
        .where(ProcedureText.procedure_id == procedure.id, ProcedureText.outdated.is_(False))
        .values(outdated=True)
        .execution_options(synchronize_session="fetch")
    )
