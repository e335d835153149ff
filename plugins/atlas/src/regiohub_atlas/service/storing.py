"""Putting a checked draft into the tables, and everything that is worked out from it."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select

from regiohub.api import Ctx
from regiohub_atlas.models import (
    Actor,
    Document,
    Link,
    Phase,
    Procedure,
    ProcedureEvent,
    ProcedureStatus,
    ProcedureTopic,
    StatusDays,
    Topic,
)

from .drafts import COLUMNS, PARTS, ProcedureDraft
from .folding import searchable
from .phases import PhaseSpan, StatusSpan, course, status_on
from .status import today
from .topics import ensure_topics


def fill_columns(procedure: Procedure, draft: ProcedureDraft) -> None:
    """Set the columns of a procedure from a draft, the bounds of the term included.

    :raises InvalidInput: the term contradicts itself.
    """
    term = draft.term
    for name in COLUMNS:
        value = getattr(draft, name)
        setattr(procedure, name, list(value) if isinstance(value, list) else value)
    procedure.first_day, procedure.last_day = term.first_day, term.last_day


async def store_parts(ctx: Ctx, procedure: Procedure, draft: ProcedureDraft, parts: Collection[str] = PARTS) -> None:
    """Replace the named parts of a procedure by those of the draft."""
    for part in parts:
        if part != "topics":
            await _clear(ctx, part, procedure.id)
    if "topics" in parts:
        await _store_topics(ctx, procedure.id, {topic.id for topic in await ensure_topics(ctx, draft.topics)})
    owner = {"procedure_id": procedure.id}
    if "phases" in parts:
        ctx.session.add_all(
            Phase(**owner, position=place, **phase.model_dump()) for place, phase in enumerate(draft.phases)
        )
    if "actors" in parts:
        ctx.session.add_all(
            Actor(**owner, position=place, **actor.model_dump()) for place, actor in enumerate(draft.actors)
        )
    if "documents" in parts:
        ctx.session.add_all(
            Document(**owner, position=place, **document.model_dump()) for place, document in enumerate(draft.documents)
        )
    if "links" in parts:
        ctx.session.add_all(
            Link(**owner, position=place, **link.model_dump()) for place, link in enumerate(draft.links)
        )
    await ctx.session.flush()


_TABLE = {"phases": Phase, "actors": Actor, "documents": Document, "links": Link}


async def _clear(ctx: Ctx, part: str, procedure_id: UUID) -> None:
    table = _TABLE[part]
    await ctx.session.execute(
        delete(table).where(table.procedure_id == procedure_id).execution_options(synchronize_session="fetch")
    )


async def work_out(ctx: Ctx, procedure: Procedure) -> ProcedureStatus:
    """Work out the course and the search text of a procedure from what is stored, and return today's status."""
    phases = (
        await ctx.session.scalars(
            select(Phase).where(Phase.procedure_id == procedure.id).order_by(Phase.starts_on, Phase.position)
        )
    ).all()
    spans = course(
        [PhaseSpan(phase.kind, phase.starts_on, phase.ends_on) for phase in phases],
        procedure.first_day,
        procedure.last_day,
        procedure.status_override,
        procedure.status_since,
    )
    await _store_course(ctx, procedure.id, spans)
    procedure.search_text = await _search_text(ctx, procedure)
    await ctx.session.flush()
    return status_on(spans, today(ctx))


async def _store_topics(ctx: Ctx, procedure_id: UUID, wanted: set[UUID]) -> None:
    """Bring the topics of a procedure to what is wanted; those that stay are left alone."""
    rows = (await ctx.session.scalars(select(ProcedureTopic).where(ProcedureTopic.procedure_id == procedure_id))).all()
    for row in rows:
        if row.topic_id not in wanted:
            await ctx.session.delete(row)
    ctx.session.add_all(
        ProcedureTopic(procedure_id=procedure_id, topic_id=topic)
        for topic in sorted(wanted - {row.topic_id for row in rows})
    )


async def _store_course(ctx: Ctx, procedure_id: UUID, spans: Sequence[StatusSpan]) -> None:
    """Store the course of a procedure, unless it is what is stored already."""
    rows = (await ctx.session.scalars(select(StatusDays).where(StatusDays.procedure_id == procedure_id))).all()
    wanted = {(span.first, span.last, span.status) for span in spans}
    if wanted == {(row.first_day, row.last_day, row.status) for row in rows}:
        return
    await ctx.session.execute(
        delete(StatusDays).where(StatusDays.procedure_id == procedure_id).execution_options(synchronize_session="fetch")
    )
    ctx.session.add_all(
        StatusDays(procedure_id=procedure_id, first_day=first, last_day=last, status=status)
        for first, last, status in sorted(wanted)
    )


async def _search_text(ctx: Ctx, procedure: Procedure) -> str:
    topics = await ctx.session.scalars(
        select(Topic.title)
        .join(ProcedureTopic, (ProcedureTopic.tenant_id == Topic.tenant_id) & (ProcedureTopic.topic_id == Topic.id))
        .where(ProcedureTopic.procedure_id == procedure.id)
    )
    actors = await ctx.session.scalars(select(Actor.name).where(Actor.procedure_id == procedure.id))
    dates = await ctx.session.execute(
        select(ProcedureEvent.title, ProcedureEvent.venue).where(ProcedureEvent.procedure_id == procedure.id)
    )
    return searchable(
        procedure.title,
        procedure.title_en,
        procedure.summary,
        procedure.summary_en,
        procedure.description,
        procedure.plain_text,
        procedure.place_label,
        procedure.result,
        procedure.outcome,
        *procedure.districts,
        *sorted(topics),
        *sorted(actors),
        *(text for row in dates for text in row),
    )


async def free_slug(ctx: Ctx, wanted: str) -> str:
    """The wanted slug, or the first of its numbered variants that no procedure has."""
    base = wanted[:100].strip("-") or "verfahren"
    taken: Sequence[str] = (
        await ctx.session.scalars(select(Procedure.slug).where(Procedure.slug.startswith(base, autoescape=True)))
    ).all()
    number, slug = 1, base
    while slug in set(taken):
        number += 1
        slug = f"{base}-{number}"
    return slug
