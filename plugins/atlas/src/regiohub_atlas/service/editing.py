"""What staff do with procedures. Every step is audited; nothing is shown to the public before it is published."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from regiohub.api import Conflict, Ctx, t, uuid7
from regiohub_atlas.events import ProcedureChanged, ProcedurePublished, ProcedureStatusChanged, ProcedureWithdrawn
from regiohub_atlas.models import Procedure, ProcedureStatus
from regiohub_atlas.permissions import EDIT, PUBLISH

from .drafts import COLUMNS, PARTS, ProcedureDraft, StatusNote
from .outdating import mark_outdated
from .reading import current_values, find_procedure, hold_writers
from .status import statuses_on, today
from .storing import fill_columns, free_slug, store_parts, work_out
from .topics import topic_key
from .validation import validated


async def create_procedure(ctx: Ctx, values: Mapping[str, Any]) -> Procedure:
    """A new procedure as a draft that only staff see.

    :raises InvalidInput: a value breaks a rule; ``field`` says which.
    """
    ctx.require(EDIT)
    procedure = await add_procedure(ctx, validated(ProcedureDraft, values))
    await ctx.audit("atlas.create", kind="procedure", id=str(procedure.id), after={"title": procedure.title})
    return procedure


async def add_procedure(ctx: Ctx, draft: ProcedureDraft, *, slug: str | None = None) -> Procedure:
    """Store a draft as a new procedure, without asking for a right: the way of imports and demo content too."""
    await hold_writers(ctx)
    procedure = Procedure(
        id=uuid7(),
        slug=await free_slug(ctx, slug or topic_key(draft.title)),
        example=False,
        local_fields=[],
        search_text="",
    )
    fill_columns(procedure, draft)
    ctx.session.add(procedure)
    await ctx.session.flush()
    await store_parts(ctx, procedure, draft)
    await work_out(ctx, procedure)
    return procedure


async def update_procedure(ctx: Ctx, procedure_id: UUID, changes: Mapping[str, Any]) -> Procedure:
    """Change some fields; a list given replaces the whole list.

    What staff change in an imported procedure is marked as theirs: later imports leave it alone.
    """
    ctx.require(EDIT)
    procedure = await find_procedure(ctx, procedure_id)
    before = await current_values(ctx, procedure)
    draft = validated(ProcedureDraft, {**before, **changes})
    current = validated(ProcedureDraft, before)
    changed = sorted(name for name in (*COLUMNS, *PARTS) if getattr(draft, name) != getattr(current, name))
    if not changed:
        return procedure
    await apply_changes(ctx, procedure, draft, changed)
    if procedure.source is not None:
        procedure.local_fields = sorted({*procedure.local_fields, *changed})
    await ctx.session.flush()
    await ctx.audit(
        "atlas.update",
        kind="procedure",
        id=str(procedure.id),
        before=_told(current, changed),
        after=_told(draft, changed),
    )
    return procedure


async def apply_changes(ctx: Ctx, procedure: Procedure, draft: ProcedureDraft, changed: list[str]) -> None:
    """Store the changed fields of a draft, work out what follows, and say so if the procedure is public."""
    fill_columns(procedure, draft)
    await mark_outdated(ctx, procedure, changed)
    await store_parts(ctx, procedure, draft, [part for part in PARTS if part in changed])
    status = await work_out(ctx, procedure)
    if procedure.published_at is not None:
        await ctx.emit(ProcedureChanged(procedure_id=procedure.id, fields=changed))
        await announce(ctx, procedure, status)


async def publish_procedure(ctx: Ctx, procedure_id: UUID) -> Procedure:
    """Show a procedure to everybody. Publishing again changes nothing."""
    ctx.require(PUBLISH)
    procedure = await find_procedure(ctx, procedure_id)
    if procedure.published_at is None:
        await make_public(ctx, procedure)
        await ctx.audit("atlas.publish", kind="procedure", id=str(procedure.id))
    return procedure


async def make_public(ctx: Ctx, procedure: Procedure) -> None:
    """Mark a procedure as published now and tell so."""
    procedure.published_at = ctx.now()
    procedure.announced_status = (await statuses_on(ctx, [procedure.id], today(ctx)))[procedure.id]
    await ctx.session.flush()
    await ctx.emit(ProcedurePublished(procedure_id=procedure.id))


async def withdraw_procedure(ctx: Ctx, procedure_id: UUID) -> Procedure:
    """Take a procedure back from the public; nothing is lost. Withdrawing again changes nothing."""
    ctx.require(PUBLISH)
    procedure = await find_procedure(ctx, procedure_id)
    if procedure.published_at is not None:
        procedure.published_at = None
        await ctx.session.flush()
        await ctx.emit(ProcedureWithdrawn(procedure_id=procedure.id))
        await ctx.audit("atlas.withdraw", kind="procedure", id=str(procedure.id))
    return procedure


async def set_status(ctx: Ctx, procedure_id: UUID, status: ProcedureStatus | None, note: str | None) -> Procedure:
    """Set the status by hand from today on, with a note for readers; ``None`` lets it follow from the phases again."""
    ctx.require(PUBLISH)
    procedure = await find_procedure(ctx, procedure_id)
    before = procedure.status_override
    procedure.status_override = status
    procedure.status_since = None if status is None else today(ctx)
    procedure.status_note = None if status is None else validated(StatusNote, {"note": note}).note
    if procedure.source is not None:
        procedure.local_fields = sorted({*procedure.local_fields, "status_override"})
    after = await work_out(ctx, procedure)
    if procedure.published_at is not None:
        await announce(ctx, procedure, after)
    await ctx.audit(
        "atlas.set_status",
        kind="procedure",
        id=str(procedure.id),
        before={"status": before and before.value},
        after={"status": status and status.value},
        note=procedure.status_note,
    )
    return procedure


async def delete_procedure(ctx: Ctx, procedure_id: UUID) -> None:
    """Delete a draft for good. What was published stays: the archive is to grow.

    :raises Conflict: the procedure is published, or was imported and would come back.
    """
    ctx.require(EDIT)
    procedure = await find_procedure(ctx, procedure_id)
    if procedure.announced_status is not None:
        message = t(
            "Veröffentlichte Verfahren bleiben im Archiv. Bitte zurückziehen oder den Status ändern.",
            "Published procedures stay in the archive. Withdraw it or change its status.",
        )
        raise Conflict(message, field="id")
    await ctx.session.delete(procedure)
    await ctx.session.flush()
    await ctx.audit("atlas.delete", kind="procedure", id=str(procedure_id), before={"title": procedure.title})


async def announce(ctx: Ctx, procedure: Procedure, status: ProcedureStatus) -> None:
    """Tell a change of status once."""
    if procedure.announced_status is status:
        return
    before, procedure.announced_status = procedure.announced_status, status
    await ctx.session.flush()
    await ctx.emit(
        ProcedureStatusChanged(procedure_id=procedure.id, before=before and before.value, after=status.value)
    )


def _told(draft: ProcedureDraft, names: list[str]) -> dict[str, Any]:
    """The changed values for the audit, without free contact details."""
    return draft.model_dump(mode="json", include={name for name in names if name != "contact"})
