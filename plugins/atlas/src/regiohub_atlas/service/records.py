"""Procedures with everything that exports show, read by a constant number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from regiohub.api import Ctx
from regiohub_atlas.models import Actor, Document, Link, Procedure, ProcedureEvent, ProcedureStatus, Topic
from regiohub_atlas.models.enums import DateStatus

from .files import town_address
from .status import statuses_on, today
from .topics import topics_of


@dataclass(frozen=True, slots=True)
class Record:
    """A procedure, its status today, and what belongs to it."""

    procedure: Procedure
    status: ProcedureStatus
    topics: list[Topic]
    actors: list[Actor]
    documents: list[Document]
    links: list[Link]
    next_date: date | None
    base: str
    """Address of the town, below which its own files stand."""


async def load_records(ctx: Ctx, procedures: Sequence[Procedure]) -> list[Record]:
    """The records of these procedures, in their order."""
    ids = [procedure.id for procedure in procedures]
    day = today(ctx)
    statuses = await statuses_on(ctx, ids, day)
    topics = await topics_of(ctx, ids)
    actors: dict[UUID, list[Actor]] = {}
    for actor in await ctx.session.scalars(
        select(Actor).where(Actor.procedure_id.in_(ids)).order_by(Actor.position, Actor.id)
    ):
        actors.setdefault(actor.procedure_id, []).append(actor)
    documents: dict[UUID, list[Document]] = {}
    for document in await ctx.session.scalars(
        select(Document).where(Document.procedure_id.in_(ids)).order_by(Document.position, Document.id)
    ):
        documents.setdefault(document.procedure_id, []).append(document)
    links: dict[UUID, list[Link]] = {}
    for link in await ctx.session.scalars(
        select(Link).where(Link.procedure_id.in_(ids)).order_by(Link.position, Link.id)
    ):
        links.setdefault(link.procedure_id, []).append(link)
    dates = await next_dates(ctx, ids, day)
    base = town_address(ctx)
    return [
        Record(
            procedure,
            statuses[procedure.id],
            topics[procedure.id],
            actors.get(procedure.id, []),
            documents.get(procedure.id, []),
            links.get(procedure.id, []),
            dates.get(procedure.id),
            base,
        )
        for procedure in procedures
    ]


async def next_dates(ctx: Ctx, ids: Sequence[UUID], day: date) -> dict[UUID, date]:
    """For each procedure the next day with a date that is not cancelled, from ``day`` on."""
    rows = await ctx.session.execute(
        select(ProcedureEvent.procedure_id, func.min(ProcedureEvent.day))
        .where(ProcedureEvent.procedure_id.in_(ids), _takes_place(day))
        .group_by(ProcedureEvent.procedure_id)
    )
    return dict(rows.all())


def next_date_from(day: date) -> Any:
    """The same as a scalar over a procedure's row; null without one."""
    return (
        select(func.min(ProcedureEvent.day))
        .where(
            ProcedureEvent.tenant_id == Procedure.tenant_id,
            ProcedureEvent.procedure_id == Procedure.id,
            _takes_place(day),
        )
        .correlate(Procedure)
        .scalar_subquery()
    )


def _takes_place(day: date) -> ColumnElement[bool]:
    return and_(ProcedureEvent.day >= day, ProcedureEvent.status != DateStatus.CANCELLED)
