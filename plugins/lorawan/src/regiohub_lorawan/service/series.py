"""A span of a series for a chart: as measured where that is little, else gathered per hour or day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import select

from regiohub.api import Ctx
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream, Observation
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.service import reading

MOST_RAW = 3_000
MOST_DOUBTS = 500
_RAW_UNTIL, _HOURS_UNTIL = timedelta(days=8), timedelta(days=92)


class Grain(Enum):
    """How the values of a span are given."""

    RAW = "raw"
    HOUR = "hour"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Sample:
    """One value of a chart; ``minimum`` and ``maximum`` are those of the interval that it stands for."""

    at: datetime
    value: float
    quality: Quality = Quality.GOOD
    minimum: float | None = None
    maximum: float | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Span:
    """Samples in the order of time; values that are not plausible stand among them with their own moments."""

    grain: Grain
    samples: Sequence[Sample]


async def read(ctx: Ctx, stream: Datastream, start: datetime, stop: datetime) -> Span:
    """The span [start, stop). Raises InvalidInput for a span that cannot be."""
    reading.check_span(start, stop)
    length = stop - start
    if length <= _RAW_UNTIL:
        raw = await _observations(ctx, stream, start, stop, most=MOST_RAW + 1)
        if len(raw) <= MOST_RAW:
            return Span(Grain.RAW, raw)
    grain, step = (Grain.HOUR, Step.HOUR) if length <= _HOURS_UNTIL else (Grain.DAY, Step.DAY)
    gathered = [
        Sample(one.starts_at, one.mean, minimum=one.minimum, maximum=one.maximum, count=one.count)
        for one in await reading.aggregates(ctx, stream.series, step, start, stop)
    ]
    doubts = await _observations(ctx, stream, start, stop, most=MOST_DOUBTS, only_doubtful=True)
    return Span(grain, sorted([*gathered, *doubts], key=lambda sample: sample.at))


async def _observations(
    ctx: Ctx, stream: Datastream, start: datetime, stop: datetime, *, most: int, only_doubtful: bool = False
) -> list[Sample]:
    doubtful = [Observation.quality != Quality.GOOD.value] if only_doubtful else []
    rows = await ctx.session.execute(
        select(Observation.ts, Observation.value, Observation.quality)
        .where(Observation.series == stream.series, Observation.ts >= start, Observation.ts < stop, *doubtful)
        .order_by(Observation.ts)
        .limit(most)
    )
    return [Sample(at, value, Quality(quality)) for at, value, quality in rows.all()]
