"""One entry of a procedure's lists at a time: a phase, an actor, a document, a link. The lists stay what they are for
everybody else: values that are replaced as a whole and checked together."""

from collections.abc import Mapping
from typing import Any, Final, Literal, cast
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Conflict, Ctx, t
from regiohub_atlas.models import Actor, Document, Link, Phase
from regiohub_atlas.permissions import EDIT

from .editing import update_procedure
from .files import store_file
from .reading import current_values, find_procedure

Part = Literal["phases", "actors", "documents", "links"]
TABLES: Final[Mapping[Part, Any]] = {"phases": Phase, "actors": Actor, "documents": Document, "links": Link}


async def put_entry(
    ctx: Ctx, procedure_id: UUID, part: Part, values: Mapping[str, Any], entry_id: UUID | None = None
) -> None:
    """Change an entry, or add one at the end.

    :raises Conflict: somebody has changed the list since; nothing is overwritten.
    :raises InvalidInput: a value breaks a rule.
    """
    entries, ids = await _entries(ctx, procedure_id, part)
    if entry_id is None:
        entries.append(dict(values))
    else:
        place = _place(ids, entry_id)
        entries[place] = {**entries[place], **values}
    await _replace(ctx, procedure_id, part, entries)


async def drop_entry(ctx: Ctx, procedure_id: UUID, part: Part, entry_id: UUID) -> None:
    """Take an entry out of its list."""
    entries, ids = await _entries(ctx, procedure_id, part)
    del entries[_place(ids, entry_id)]
    await _replace(ctx, procedure_id, part, entries)


async def move_entry(ctx: Ctx, procedure_id: UUID, part: Part, entry_id: UUID, by: int) -> None:
    """Move an entry up (negative) or down in its list; at the ends it stays where it is."""
    entries, ids = await _entries(ctx, procedure_id, part)
    place = _place(ids, entry_id)
    target = min(max(place + by, 0), len(entries) - 1)
    entries.insert(target, entries.pop(place))
    await _replace(ctx, procedure_id, part, entries)


async def attach_file(
    ctx: Ctx, procedure_id: UUID, name: str, content: bytes, values: Mapping[str, Any], entry_id: UUID | None = None
) -> None:
    """Add a document with its file, or give a document another file.

    :raises InvalidInput: the file is not taken, or an image comes without text and rights.
    """
    stored = await store_file(ctx, name, content)
    await put_entry(ctx, procedure_id, "documents", {**values, **stored.values()}, entry_id)


async def _entries(ctx: Ctx, procedure_id: UUID, part: Part) -> tuple[list[dict[str, Any]], list[UUID]]:
    ctx.require(EDIT)
    table = TABLES[part]
    procedure = await find_procedure(ctx, procedure_id)
    ids = await ctx.session.scalars(select(table.id).where(table.procedure_id == procedure_id).order_by(table.position))
    return cast("list[dict[str, Any]]", (await current_values(ctx, procedure))[part]), list(ids)


def _place(ids: list[UUID], entry_id: UUID) -> int:
    if entry_id not in ids:
        # The rows of a list are new whenever it is saved.
        message = t(
            "Die Liste wurde inzwischen geändert. Bitte laden Sie die Seite neu.",
            "The list has been changed meanwhile. Please load the page again.",
        )
        raise Conflict(message, field="id")
    return ids.index(entry_id)


async def _replace(ctx: Ctx, procedure_id: UUID, part: Part, entries: list[dict[str, Any]]) -> None:
    await update_procedure(ctx, procedure_id, {part: entries})
