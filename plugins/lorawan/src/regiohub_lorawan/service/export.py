"""A datastream for download, in portions that each end their transaction."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import select

from regiohub.api import InvalidInput, TenantScope, t
from regiohub_lorawan.formats.csv import moment
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream, Observation
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.service import reading

Grain = Literal["raw", "hour", "day"]
_PORTION = 5_000
_MOST_AGGREGATED = timedelta(days=366)


async def describe(scope: TenantScope, datastream_id: UUID, start: datetime, stop: datetime) -> Datastream:
    """The datastream, after checking the span. Raises NotFound or InvalidInput."""
    if start.tzinfo is None or stop.tzinfo is None:
        words = t("Bitte Zeiten mit Zeitzone angeben.", "Please give times with an offset.")
        raise InvalidInput(words, field="from")
    reading.check_span(start, stop)
    async with scope.read() as ctx:
        return await reading.datastream(ctx, datastream_id)


def header(grain: Grain) -> Sequence[str]:
    """Column names. The unit is the UCUM symbol and stands in each row, so that tables can be joined."""
    if grain == "raw":
        return ("time", "value", "unit", "quality")
    return ("from", "to", "count", "mean", "minimum", "maximum", "last", "unit")


async def rows(
    scope: TenantScope, stream: Datastream, start: datetime, stop: datetime, grain: Grain
) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Portions of rows, oldest first."""
    if grain == "raw":
        async for portion in _raw(scope, stream, start, stop):
            yield portion
        return
    step = Step.HOUR if grain == "hour" else Step.DAY
    while start < stop:
        # At midnight of the town's day: no portion cuts a day in two.
        end = min(stop, _midnight(scope, start + _MOST_AGGREGATED))
        async with scope.read() as ctx:
            found = await reading.aggregates(ctx, stream.series, step, start, end)
        yield [
            (moment(a.starts_at), moment(a.ends_at), a.count, a.mean, a.minimum, a.maximum, a.last, stream.unit)
            for a in found
        ]
        start = end


def _midnight(scope: TenantScope, at: datetime) -> datetime:
    local = at.astimezone(scope.tenant.timezone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0)


async def _raw(
    scope: TenantScope, stream: Datastream, start: datetime, stop: datetime
) -> AsyncIterator[Sequence[Sequence[object]]]:
    wanted = select(Observation.ts, Observation.value, Observation.quality).where(
        Observation.series == stream.series, Observation.ts < stop
    )
    after = Observation.ts >= start
    while True:
        async with scope.read() as ctx:
            found = (await ctx.session.execute(wanted.where(after).order_by(Observation.ts).limit(_PORTION))).all()
        yield [(moment(at), value, stream.unit, Quality(quality).name.lower()) for at, value, quality in found]
        if len(found) < _PORTION:
            return
        after = Observation.ts > found[-1][0]
