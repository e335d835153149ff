"""How far an indicator is: from its start to its target, by its latest figure. SQL and Python say the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from .models import Direction, Figure, Indicator


class Standing(StrEnum):
    """How an indicator stands: no figure yet, no target to compare with, on its way, reached, or late."""

    UNKNOWN = "unknown"
    OBSERVED = "observed"
    UNDERWAY = "underway"
    REACHED = "reached"
    OVERDUE = "overdue"


def progress(start: float | None, target: float | None, latest: float | None) -> float | None:
    """Share of the way from start to target, from 0 to 1; None if one of the three is not known."""
    if start is None or target is None or latest is None or start == target:
        return None
    return min(1.0, max(0.0, (latest - start) / (target - start)))


def progress_in_sql() -> Any:
    """The same as an expression over `Indicator`."""
    latest, way = latest_value(), Indicator.target_value - Indicator.start_value
    share = (latest - Indicator.start_value) / sa.func.nullif(way, 0.0)
    return sa.case((share < 0.0, 0.0), (share > 1.0, 1.0), else_=share)


def latest_value() -> Any:
    """Value of the latest figure, as an expression over `Indicator`; null without figures."""
    found = (
        sa.select(Figure.value)
        .where(Figure.tenant_id == Indicator.tenant_id, Figure.indicator_id == Indicator.id)
        .order_by(Figure.on.desc())
        .limit(1)
    )
    return found.correlate(Indicator).scalar_subquery()


def reached(direction: Direction, target: float | None, latest: float | None) -> bool:
    """Whether the latest figure is at the target or beyond."""
    if target is None or latest is None:
        return False
    return latest >= target if direction is Direction.UP else latest <= target


def standing(indicator: Indicator, latest: float | None, today: date) -> Standing:
    """How an indicator stands on a day of the town."""
    if reached(indicator.direction, indicator.target_value, latest):
        return Standing.REACHED
    if indicator.due is not None and indicator.due < today:
        return Standing.OVERDUE
    if latest is None:
        return Standing.UNKNOWN
    return Standing.OBSERVED if indicator.target_value is None else Standing.UNDERWAY


def mean(shares: Sequence[float | None]) -> float | None:
    """Progress of an objective: the mean of those of its key results that have one; None if none has."""
    known = [share for share in shares if share is not None]
    return sum(known) / len(known) if known else None
