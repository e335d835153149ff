"""Taking over procedures from a source: repeatable, with provenance, and without touching what staff changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, update

from regiohub.api import Ctx, Text
from regiohub_atlas.formats.provenance import Batch, Incoming, Source
from regiohub_atlas.models import Procedure, ProcedureEvent, ProcedureStatus, TextState
from regiohub_atlas.permissions import IMPORT

from .dates import current_event, fill_event, local_mark, new_event
from .drafts import COLUMNS, PARTS, EventDraft, ProcedureDraft
from .editing import add_procedure, apply_changes, make_public
from .phases import PhaseSpan, course, status_on
from .reading import current_values, hold_writers
from .status import today
from .storing import work_out
from .texts import check_text, publish_text, write_text
from .validation import validated


@dataclass(slots=True)
class ImportReport:
    """What an import did, by the source's own ids. ``kept`` are procedures whose local changes were left alone."""

    created: list[str] = field(default_factory=list[str])
    updated: list[str] = field(default_factory=list[str])
    unchanged: list[str] = field(default_factory=list[str])
    kept: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    missing: list[str] = field(default_factory=list[str])
    refused: list[tuple[str, str | None, Text]] = field(default_factory=list[tuple[str, str | None, Text]])


async def import_batch(ctx: Ctx, batch: Batch, *, create_only: bool = False) -> ImportReport:
    """Bring a source's procedures into the atlas and publish new ones.

    A procedure is found again by source and external id. Fields that staff changed keep their values. One that the
    source no longer lists stays: the archive is to grow. With ``create_only`` known procedures stay as they are.
    """
    ctx.require(IMPORT)
    report = ImportReport(
        refused=[(entry.external_id, entry.error.field, entry.error.message) for entry in batch.refused]
    )
    await hold_writers(ctx)
    rows = await ctx.session.scalars(select(Procedure).where(Procedure.source == batch.source.name))
    known = {procedure.external_id: procedure for procedure in rows}
    for entry in batch.procedures:
        procedure = known.get(entry.external_id)
        if procedure is None:
            await _create(ctx, batch.source, entry)
            report.created.append(entry.external_id)
        elif not create_only and await _update(ctx, procedure, entry, report):
            report.updated.append(entry.external_id)
        else:
            report.unchanged.append(entry.external_id)
    listed = {entry.external_id for entry in batch.procedures} | {entry.external_id for entry in batch.refused}
    report.missing = sorted(name for name in known if name is not None and name not in listed)
    # A statement of its own: that a source was read again is no change of the procedure.
    await ctx.session.execute(
        update(Procedure)
        .where(Procedure.source == batch.source.name, Procedure.external_id.in_(sorted(listed)))
        .values(synced_at=ctx.now(), updated_at=Procedure.updated_at)
        .execution_options(synchronize_session=False)
    )
    if report.created or report.updated or report.refused:
        await ctx.audit(
            "atlas.import",
            kind="source",
            id=batch.source.name,
            after={"created": report.created, "updated": report.updated, "refused": len(report.refused)},
        )
    return report


async def _create(ctx: Ctx, source: Source, entry: Incoming) -> None:
    procedure = await add_procedure(ctx, entry.draft, slug=entry.external_id)
    procedure.source, procedure.source_url, procedure.external_id = source.name, source.url, entry.external_id
    procedure.example = entry.example
    procedure.status_override = _override(ctx, entry, entry.draft)
    for key, draft in entry.events.items():
        new_event(ctx, procedure, draft, key=key)
    await ctx.session.flush()
    await work_out(ctx, procedure)
    for text in entry.texts:
        made = await write_text(ctx, procedure.id, text.variety, text.language, text.values)
        if text.state is not TextState.DRAFT:
            await check_text(ctx, made.id)
        if text.state is TextState.PUBLISHED:
            await publish_text(ctx, made.id)
    if not entry.hidden:
        await make_public(ctx, procedure)
    # What has come with the source is no change of staff's.
    procedure.local_fields = []
    await ctx.session.flush()


async def _update(ctx: Ctx, procedure: Procedure, entry: Incoming, report: ImportReport) -> bool:
    """Bring a known procedure up to date; whether anything changed."""
    local = set(procedure.local_fields)
    if local:
        report.kept[entry.external_id] = sorted(local)
    values = await current_values(ctx, procedure)
    current = validated(ProcedureDraft, values)
    wanted = entry.draft.model_dump(include={name for name in (*COLUMNS, *PARTS) if name not in local})
    draft = validated(ProcedureDraft, {**values, **wanted})
    changed = [name for name in (*COLUMNS, *PARTS) if getattr(draft, name) != getattr(current, name)]
    dates = await _update_dates(ctx, procedure, entry, local)
    override = _override(ctx, entry, draft)
    if "status_override" not in local and procedure.status_override is not override:
        procedure.status_override, procedure.status_since = override, None
        changed.append("status_override")
    if changed or dates:
        await apply_changes(ctx, procedure, draft, [*changed, *(["events"] if dates else [])])
    return bool(changed or dates)


async def _update_dates(ctx: Ctx, procedure: Procedure, entry: Incoming, local: set[str]) -> bool:
    rows = await ctx.session.scalars(select(ProcedureEvent).where(ProcedureEvent.procedure_id == procedure.id))
    events = {event.key: event for event in rows}
    changed = False
    for key, draft in entry.events.items():
        event = events.get(key)
        if event is None:
            new_event(ctx, procedure, draft, key=key)
            changed = True
        elif local_mark(key) not in local and draft != validated(EventDraft, current_event(event)):
            fill_event(ctx, event, draft)
            event.revision += 1
            changed = True
    for key in _gone(events, entry, local):
        await ctx.session.delete(events[key])
        changed = True
    await ctx.session.flush()
    return changed


def _gone(events: dict[str, ProcedureEvent], entry: Incoming, local: set[str]) -> Sequence[str]:
    """Dates that the source has dropped; those that staff added or changed stay."""
    return [
        key
        for key in events
        if key not in entry.events and not key.startswith("local-") and local_mark(key) not in local
    ]


def _override(ctx: Ctx, entry: Incoming, draft: ProcedureDraft) -> ProcedureStatus | None:
    """The source's own status, where it is not what the dates say today."""
    if entry.stated_status is None:
        return None
    phases = [PhaseSpan(phase.kind, phase.starts_on, phase.ends_on) for phase in draft.phases]
    derived = status_on(course(phases, draft.term.first_day, draft.term.last_day), today(ctx))
    return None if derived is entry.stated_status else entry.stated_status
