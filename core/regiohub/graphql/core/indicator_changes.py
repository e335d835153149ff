"""Mutations on objectives, indicators and figures."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from strawberry.types.unset import UNSET

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.graphql.authoring.fields import column
from regiohub.graphql.authoring.operations import mutation
from regiohub.graphql.authoring.types import input_type
from regiohub.tenancy.context import Ctx
from regiohub.tenancy.indicators import service
from regiohub.tenancy.indicators.models import Direction, ImpactKind

from .indicators import FigureType, IndicatorType, ObjectiveType
from .inputs import given

_MEASURE = {"measure": "Key of the measure."}
_OBJECTIVE = {"id": "The objective."}
_INDICATOR = {"id": "The indicator."}


@input_type
class ObjectiveInput:
    """An objective. What is left out stays as it is."""

    title: str | None = column("The objective in German; a new one needs it.", default=UNSET)
    title_en: str | None = column("The same in English.", default=UNSET)
    position: int | None = column("Place among the measure's objectives.", default=UNSET)


@input_type
class IndicatorInput:
    """An indicator. What is left out stays as it is; null takes a value away."""

    title: str | None = column("What is counted or measured, in German; a new one needs it.", default=UNSET)
    title_en: str | None = column("The same in English.", default=UNSET)
    kind: ImpactKind | None = column("Place in the impact chain; OUTPUT if nothing is said.", default=UNSET)
    unit: str | None = column("Unit: a UCUM symbol or words.", default=UNSET)
    start_value: float | None = column("Value at the start.", default=UNSET)
    target_value: float | None = column("Value to be reached.", default=UNSET)
    direction: Direction | None = column("Whether larger or smaller is better; UP if nothing is said.", default=UNSET)
    due: date | None = column("Day by which the target is to be reached.", default=UNSET)
    objective_id: UUID | None = column("Objective whose key result it is; null makes it a plain one.", default=UNSET)
    published: bool | None = column("Whether residents see it; a new one is a draft.", default=UNSET)
    position: int | None = column("Place among the measure's indicators.", default=UNSET)


@mutation("Adds an objective to a measure.", permission=TENANT_MEASURES, returns="objective", args=_MEASURE)
async def add_objective(ctx: Ctx, measure: str, input: ObjectiveInput) -> ObjectiveType:
    return _row(await service.add_objective(ctx, measure, given(input)))


@mutation("Changes an objective.", permission=TENANT_MEASURES, returns="objective", args=_OBJECTIVE)
async def change_objective(ctx: Ctx, id: UUID, input: ObjectiveInput) -> ObjectiveType:
    return _row(await service.change_objective(ctx, id, given(input)))


@mutation(
    "Deletes an objective; its key results stay as indicators of the measure.",
    permission=TENANT_MEASURES,
    args=_OBJECTIVE,
)
async def delete_objective(ctx: Ctx, id: UUID) -> None:
    await service.delete_objective(ctx, id)


@mutation("Adds an indicator to a measure.", permission=TENANT_MEASURES, returns="indicator", args=_MEASURE)
async def add_indicator(ctx: Ctx, measure: str, input: IndicatorInput) -> IndicatorType:
    return _row(await service.add_indicator(ctx, measure, _without_nulls(given(input))))


@mutation("Changes an indicator.", permission=TENANT_MEASURES, returns="indicator", args=_INDICATOR)
async def change_indicator(ctx: Ctx, id: UUID, input: IndicatorInput) -> IndicatorType:
    return _row(await service.change_indicator(ctx, id, _without_nulls(given(input))))


@mutation("Deletes an indicator with all its figures.", permission=TENANT_MEASURES, args=_INDICATOR)
async def delete_indicator(ctx: Ctx, id: UUID) -> None:
    await service.delete_indicator(ctx, id)


@mutation(
    "Writes down the value of a day; a value that the day has already is replaced.",
    permission=TENANT_MEASURES,
    returns="figure",
    args={
        "indicator": "The indicator.",
        "on": "Day that the value is of; not one to come.",
        "value": "The value, in the indicator's unit.",
        "note": "Source or remark.",
    },
)
async def record_figure(ctx: Ctx, indicator: UUID, on: date, value: float, note: str | None = None) -> FigureType:
    return _row(await service.record_figure(ctx, indicator, on, value, note or None))


@mutation("Deletes a value.", permission=TENANT_MEASURES, args={"id": "The value."})
async def delete_figure(ctx: Ctx, id: UUID) -> None:
    await service.delete_figure(ctx, id)


_ALWAYS = frozenset({"kind", "direction", "published", "unit"})


def _without_nulls(values: dict[str, Any]) -> dict[str, Any]:
    """What an indicator always has cannot be taken away: null there means "as it is"."""
    return {name: value for name, value in values.items() if value is not None or name not in _ALWAYS}


def _row(row: Any) -> Any:
    """Bound types hold rows of their model; the type checker cannot know that."""
    return row


MUTATIONS = (
    add_objective,
    change_objective,
    delete_objective,
    add_indicator,
    change_indicator,
    delete_indicator,
    record_figure,
    delete_figure,
)
