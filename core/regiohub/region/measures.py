"""Measures of all towns, with how far their indicators are."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from regiohub.auth.permissions import REGION_READ
from regiohub.auth.principal import Principal
from regiohub.tenancy.indicators.models import Indicator
from regiohub.tenancy.indicators.progress import progress_in_sql
from regiohub.tenancy.models import Measure

from .rights import require


def of_indicators(what: Any) -> Any:
    """An aggregate over the published indicators of a measure, as an expression over ``Measure``."""
    of_measure = (Indicator.tenant_id == Measure.tenant_id, Indicator.measure_id == Measure.id)
    chosen = sa.select(what).where(*of_measure, Indicator.published)
    return chosen.correlate(Measure).scalar_subquery()


PROGRESS = of_indicators(sa.func.avg(progress_in_sql()))
"""Mean progress of a measure's indicators, 0 to 1; null where none has a start, a target and a figure."""
INDICATORS = of_indicators(sa.func.count())


def measures(person: Principal) -> sa.Select[Measure, Any, Any]:
    """Rows of measure, progress and number of indicators, without order. Retired measures are left out."""
    require(person, REGION_READ)
    return sa.select(Measure, PROGRESS.label("progress"), INDICATORS.label("indicators")).where(
        Measure.retired_at.is_(None)
    )
