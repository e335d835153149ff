"""Reading values: aggregated per hour or day, or as they were measured."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from regiohub.api import Ctx, InvalidInput, NotFound, t
from regiohub_lorawan.models import Datastream
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.service.rollups import day_of
from regiohub_lorawan.store import rollups as store
from regiohub_lorawan.store.observations import HOUR_MS

MOST_BUCKETS = 10_000
YEARS = range(1000, 9000)
"""Years that can be asked for: far enough from the ends of the calendar to reckon with days around a moment."""
_DAY_MS = 24 * HOUR_MS


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One interval: its bounds and what the plausible observations in it add up to."""

    starts_at: datetime
    ends_at: datetime
    count: int
    mean: float
    minimum: float
    maximum: float
    last: float


async def datastream(ctx: Ctx, datastream_id: UUID) -> Datastream:
    """The datastream. Raises NotFound."""
    found = await ctx.session.find(Datastream, datastream_id)
    if found is None:
        raise NotFound(field="id")
    return found


def check_span(start: datetime, stop: datetime, *, field: str = "to") -> None:
    """Raise InvalidInput unless ``start`` lies before ``stop`` and both in years that can be reckoned with."""
    if start.year not in YEARS or stop.year not in YEARS:
        words = t(
            f"Bitte Jahre von {YEARS[0]} bis {YEARS[-1]} angeben.", f"Please give years from {YEARS[0]} to {YEARS[-1]}."
        )
        raise InvalidInput(words, field=field)
    if start >= stop:
        raise InvalidInput(t("Das Ende muss nach dem Anfang liegen.", "The end must be after the start."), field=field)


async def aggregates(ctx: Ctx, series: int, step: Step, start: datetime, stop: datetime) -> list[Aggregate]:
    """Intervals that touch [start, stop) and hold plausible values, in order.

    Right at any moment: what has changed since its rollup was made is computed from the observations themselves.
    Raises InvalidInput for a span of more than 10,000 intervals.
    """
    check_span(start, stop)
    first, last = to_millis(start.astimezone(UTC)), to_millis(stop.astimezone(UTC))
    if (last - first) // (HOUR_MS if step is Step.HOUR else _DAY_MS) > MOST_BUCKETS:
        words = t(f"Höchstens {MOST_BUCKETS} Werte auf einmal.", f"At most {MOST_BUCKETS} values at once.")
        raise InvalidInput(words, field="to")
    if step is Step.HOUR:
        first -= first % HOUR_MS
        hours = await store.read_hours(ctx.session, series, first, last)
        return [_aggregate(hour, hour.start + HOUR_MS) for hour in hours]
    return await _days(ctx, series, day_of(first, ctx.tenant.timezone)[0], day_of(last - 1, ctx.tenant.timezone)[1])


async def _days(ctx: Ctx, series: int, start: int, stop: int) -> list[Aggregate]:
    """Stored days, with those that have a dirty hour added up from their hours instead."""
    zone = ctx.tenant.timezone
    days = {bucket.start: bucket for bucket in await store.read_days(ctx.session, series, start, stop)}
    dirty = {day_of(hour, zone) for hour in await store.dirty_hours(ctx.session, series, start, stop)}
    if dirty:
        parts: dict[int, list[store.Bucket]] = defaultdict(list)
        for hour in await store.read_hours(ctx.session, series, min(dirty)[0], max(dirty)[1]):
            parts[day_of(hour.start, zone)[0]].append(hour)
        for day, _ in dirty:
            days.pop(day, None)
            if parts[day]:
                days[day] = store.add_up(day, parts[day])
    return [_aggregate(days[day], day_of(day, zone)[1]) for day in sorted(days)]


def _aggregate(bucket: store.Bucket, stop: int) -> Aggregate:
    return Aggregate(
        starts_at=from_millis(bucket.start),
        ends_at=from_millis(stop),
        count=bucket.count,
        mean=bucket.total / bucket.count,
        minimum=bucket.minimum,
        maximum=bucket.maximum,
        last=bucket.last,
    )
