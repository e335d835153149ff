"""What measures want to reach and how far they are, as residents see it (published) and as staff keep it (all)."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from regiohub.auth.permissions import TENANT_MEASURES
from regiohub.graphql.authoring.aggregates import first_of
from regiohub.graphql.authoring.connection import Connection
from regiohub.graphql.authoring.fields import column, computed
from regiohub.graphql.authoring.filters import filters, where
from regiohub.graphql.authoring.lists import to_many
from regiohub.graphql.authoring.types import bound
from regiohub.tenancy.indicators.models import Direction, Figure, ImpactKind, Indicator, Objective
from regiohub.tenancy.indicators.progress import progress_in_sql

from .wording import in_callers_language


@bound(Figure, cacheable=True)
class FigureType:
    """Value of an indicator on a day."""

    id: UUID = column("Identifier.")
    on: date = column("Day that the value is of.")
    value: float = column("The value, in the unit of the indicator.")
    note: str | None = column("Source or remark.")


def _since(day: date) -> Any:
    return Figure.on >= day


def _until(day: date) -> Any:
    return Figure.on <= day


@filters(Figure)
class FigureFilter:
    """Which figures are wanted."""

    since: date | None = where("From this day on.", _since)
    until: date | None = where("Up to and including this day.", _until)


def _seen(ctx: Any) -> Any:
    """Residents see what is published; drafts are for those who keep them."""
    return None if ctx.can(TENANT_MEASURES) else Indicator.published.is_(True)


@bound(Indicator, rows=_seen, cacheable=True)
class IndicatorType:
    """A figure that a measure is judged by; with a target it can be reached."""

    id: UUID = column("Identifier.")
    title: str = in_callers_language("What is counted or measured, in the caller's language.", Indicator, "title")
    kind: ImpactKind = column("Where it stands in the impact chain: input, output, outcome, impact.")
    unit: str = column("Unit: a UCUM symbol or words; may be empty for a plain count.")
    start_value: float | None = column("Value at the start, where it is known.")
    target_value: float | None = column("Value to be reached, where there is one.")
    direction: Direction = column("Whether larger or smaller values are better.")
    due: date | None = column("Day by which the target is to be reached.")
    published: bool = column("Whether residents see it.")
    position: int = column("Place among the indicators of its measure.")
    objective_id: UUID | None = column("Objective whose key result it is; null for a plain indicator.")
    figures: Connection[FigureType] = to_many(
        "Its history, the oldest value first.", Indicator.figures, order_by=Figure.on, filter=FigureFilter, most=1000
    )
    latest: FigureType | None = first_of("Its latest value.", Indicator.figures, order_by=Figure.on.desc())
    progress: float | None = computed(
        "Share of the way from start to target, 0 to 1; null without start, target or value.", sql=progress_in_sql
    )


@filters(Indicator)
class IndicatorFilter:
    """Which indicators are wanted."""

    kind: ImpactKind | None = where("Only those of this place in the impact chain.", Indicator.kind)
    objective_id: UUID | None = where("Only key results of this objective.", Indicator.objective_id)
    published: bool | None = where("Only published ones, or only drafts.", Indicator.published)


@bound(Objective, cacheable=True)
class ObjectiveType:
    """What a measure wants to reach, in words."""

    id: UUID = column("Identifier.")
    title: str = in_callers_language("The objective, in the caller's language.", Objective, "title")
    position: int = column("Place among the objectives of its measure.")
    key_results: Connection[IndicatorType] = to_many(
        "Key results that tell whether it is reached.",
        Objective.indicators,
        order_by=(Indicator.position, Indicator.id),
    )
