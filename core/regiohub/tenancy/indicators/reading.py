"""Reading objectives, indicators and figures for pages and mails: a constant number of statements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.errors import NotFound
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.models import Measure
from regiohub.texts import t

from .models import Figure, Indicator, Objective
from .progress import Standing, mean, progress, standing


@dataclass(frozen=True, slots=True)
class IndicatorView:
    """An indicator with its latest figure, how far it is (0 to 1, None without start, target or figure), and how."""

    row: Indicator
    latest: Figure | None
    share: float | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class ObjectiveView:
    """An objective with its key results; its share is the mean of theirs."""

    row: Objective
    results: Sequence[IndicatorView]
    share: float | None


@dataclass(frozen=True, slots=True)
class MeasureGoals:
    """What one measure is judged by: objectives with key results, and indicators without an objective."""

    objectives: Sequence[ObjectiveView]
    others: Sequence[IndicatorView]


@dataclass(frozen=True, slots=True)
class PlacedIndicator:
    """An indicator among those of all measures."""

    view: IndicatorView
    measure: Measure


async def goals_of(ctx: Ctx, measure_id: UUID) -> MeasureGoals:
    """Objectives and indicators of a measure, in their order; three statements."""
    session = ctx.session
    objectives = await session.scalars(
        sa.select(Objective).where(Objective.measure_id == measure_id).order_by(Objective.position, Objective.id)
    )
    rows = (
        await session.scalars(
            _visible(ctx).where(Indicator.measure_id == measure_id).order_by(Indicator.position, Indicator.id)
        )
    ).all()
    views = await _views(ctx, rows)
    of = {objective: [view for view in views if view.row.objective_id == objective.id] for objective in objectives}
    found = [_objective(objective, results) for objective, results in of.items()]
    return MeasureGoals(found, [view for view in views if view.row.objective_id is None])


async def all_indicators(ctx: Ctx) -> Sequence[PlacedIndicator]:
    """Indicators of all measures of the portfolio, by measure and place; three statements."""
    in_portfolio = sa.select(Measure).where(Measure.retired_at.is_(None))
    measures = {row.id: row for row in await ctx.session.scalars(in_portfolio)}
    rows = (await ctx.session.scalars(_visible(ctx).order_by(Indicator.position, Indicator.id))).all()
    views = await _views(ctx, [row for row in rows if row.measure_id in measures])
    placed = [PlacedIndicator(view, measures[view.row.measure_id]) for view in views]
    return sorted(placed, key=lambda one: (one.measure.position, one.measure.key))


async def indicator_of(ctx: Ctx, id: UUID) -> PlacedIndicator:
    """One indicator with its measure. Raises ``NotFound``."""
    row = await ctx.session.scalar(_visible(ctx).where(Indicator.id == id))
    measure = await ctx.session.find(Measure, row.measure_id) if row else None
    if row is None or measure is None:
        raise NotFound(t("Diesen Indikator gibt es hier nicht.", "There is no such indicator here."), field="id")
    (view,) = await _views(ctx, [row])
    return PlacedIndicator(view, measure)


async def history_of(ctx: Ctx, id: UUID) -> Sequence[Figure]:
    """The figures of an indicator, the oldest first. Raises ``NotFound``."""
    await indicator_of(ctx, id)
    statement = sa.select(Figure).where(Figure.indicator_id == id).order_by(Figure.on)
    return (await ctx.session.scalars(statement)).all()


def _visible(ctx: Ctx) -> sa.Select[Indicator]:
    found = sa.select(Indicator)
    return found if ctx.can(TENANT_MEASURES) else found.where(Indicator.published)


async def _views(ctx: Ctx, rows: Sequence[Indicator]) -> list[IndicatorView]:
    latest = await _latest(ctx, [row.id for row in rows])
    today = ctx.now().astimezone(ctx.tenant.timezone).date()
    return [_view(row, latest.get(row.id), today) for row in rows]


async def _latest(ctx: Ctx, ids: Sequence[UUID]) -> Mapping[UUID, Figure]:
    last = (
        sa.select(Figure.indicator_id, sa.func.max(Figure.on).label("on"))
        .where(Figure.indicator_id.in_(ids))
        .group_by(Figure.indicator_id)
        .subquery()
    )
    found = sa.select(Figure).join(last, sa.and_(Figure.indicator_id == last.c.indicator_id, Figure.on == last.c.on))
    return {figure.indicator_id: figure for figure in await ctx.session.scalars(found)}


def _view(row: Indicator, latest: Figure | None, today: date) -> IndicatorView:
    value = latest.value if latest else None
    share = progress(row.start_value, row.target_value, value)
    return IndicatorView(row, latest, share, standing(row, value, today))


def _objective(row: Objective, results: Sequence[IndicatorView]) -> ObjectiveView:
    return ObjectiveView(row, results, mean([_counted(result) for result in results]))


def _counted(view: IndicatorView) -> float | None:
    """A key result that could be measured and has no figure yet stands at its start, and counts so."""
    measurable = view.row.start_value is not None and view.row.target_value is not None
    return 0.0 if view.share is None and measurable and view.latest is None else view.share
