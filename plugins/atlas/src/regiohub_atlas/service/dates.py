"""Dates of procedures: adding, changing, cancelling."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from regiohub.api import Ctx, NotFound, uuid7
from regiohub_atlas.events import ProcedureDateChanged
from regiohub_atlas.models import Procedure, ProcedureEvent
from regiohub_atlas.models.enums import DateStatus
from regiohub_atlas.permissions import EDIT

from .drafts import EventDraft
from .reading import find_procedure
from .storing import work_out
from .validation import validated

_NAMES = tuple(EventDraft.model_fields)


async def add_date(ctx: Ctx, procedure_id: UUID, values: Mapping[str, Any]) -> ProcedureEvent:
    """A new date of a procedure."""
    ctx.require(EDIT)
    procedure = await find_procedure(ctx, procedure_id)
    draft = validated(EventDraft, values)
    event = new_event(ctx, procedure, draft, key=f"local-{uuid7()}")
    await _saved(ctx, procedure, event, "atlas.add_date", before=None, after=draft.model_dump(mode="json"))
    return event


async def change_date(ctx: Ctx, event_id: UUID, changes: Mapping[str, Any]) -> ProcedureEvent:
    """Change some values of a date; calendars get the new version. Giving a time replaces a whole day, and back."""
    ctx.require(EDIT)
    event, procedure = await _find(ctx, event_id)
    before = current_event(event)
    values = {**before, **changes}
    if changes.get("starts_at") is not None:
        values["day"] = None
    elif changes.get("day") is not None:
        values |= {"starts_at": None, "ends_at": None}
    draft, current = validated(EventDraft, values), validated(EventDraft, before)
    if draft == current:
        return event
    fill_event(ctx, event, draft)
    event.revision += 1
    _mark_local(procedure, event)
    await _saved(
        ctx, procedure, event, "atlas.change_date",
        before=current.model_dump(mode="json"), after=draft.model_dump(mode="json"),
    )  # fmt: skip
    return event


async def cancel_date(ctx: Ctx, event_id: UUID, note: str | None) -> ProcedureEvent:
    """Call a date off. It stays in the list and in calendars, marked as cancelled."""
    return await change_date(ctx, event_id, {"status": DateStatus.CANCELLED, **({"note": note} if note else {})})


def new_event(ctx: Ctx, procedure: Procedure, draft: EventDraft, *, key: str) -> ProcedureEvent:
    """A date made from a draft and added to the session."""
    event = ProcedureEvent(id=uuid7(), procedure_id=procedure.id, key=key, revision=0)
    fill_event(ctx, event, draft)
    ctx.session.add(event)
    return event


def fill_event(ctx: Ctx, event: ProcedureEvent, draft: EventDraft) -> None:
    """Set the columns of a date; the day of a time is that of the town's own clock."""
    for name in _NAMES:
        setattr(event, name, getattr(draft, name))
    if draft.starts_at is not None:
        event.day = draft.starts_at.astimezone(ctx.tenant.timezone).date()


def current_event(event: ProcedureEvent) -> dict[str, Any]:
    """Everything a date says now, in the shape of a draft."""
    values = {name: getattr(event, name) for name in _NAMES}
    if event.starts_at is not None:
        values["day"] = None
    return values


def local_mark(key: str) -> str:
    """The mark of a date that staff changed, among a procedure's local fields."""
    return f"date:{key}"


async def _find(ctx: Ctx, event_id: UUID) -> tuple[ProcedureEvent, Procedure]:
    event = await ctx.session.find(ProcedureEvent, event_id)
    if event is None:
        raise NotFound(field="id")
    return event, await find_procedure(ctx, event.procedure_id)


def _mark_local(procedure: Procedure, event: ProcedureEvent) -> None:
    if procedure.source is not None:
        procedure.local_fields = sorted({*procedure.local_fields, local_mark(event.key)})


async def _saved(
    ctx: Ctx, procedure: Procedure, event: ProcedureEvent, action: str, *, before: Any, after: Any
) -> None:
    await ctx.session.flush()
    await work_out(ctx, procedure)
    if procedure.published_at is not None:
        await ctx.emit(ProcedureDateChanged(procedure_id=procedure.id, event_id=event.id))
    await ctx.audit(action, kind="date", id=str(event.id), before=before, after=after)
