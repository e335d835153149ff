"""A datastream for download, in portions that each end their transaction."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy import and_, select

from regiohub.api import InvalidInput, TenantScope, t
from regiohub_lorawan.formats.csv import moment, safe_cell
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream, Device, Observation, Thing
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.service import reading

Grain = Literal["raw", "hour", "day"]
OVERVIEW = (
    "id", "title", "property", "unit", "origin", "device", "thing", "latest_time", "latest_value",
    "silent_since", "csv",
)  # fmt: skip
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


async def overview(scope: TenantScope) -> AsyncIterator[Sequence[Sequence[object]]]:
    """Portions of all datastreams in the order of their series."""
    after = 0
    while True:
        async with scope.read() as ctx:
            found = (
                await ctx.session.execute(
                    select(Datastream, Device.name, Thing.name)
                    .join(Device, and_(Device.tenant_id == Datastream.tenant_id, Device.id == Datastream.device_id))
                    .join(Thing, and_(Thing.tenant_id == Datastream.tenant_id, Thing.id == Datastream.thing_id))
                    .where(Datastream.series > after)
                    .order_by(Datastream.series)
                    .limit(_PORTION)
                )
            ).all()
        yield [_overview_row(stream, device, thing) for stream, device, thing in found]
        if len(found) < _PORTION:
            return
        after = found[-1][0].series


def _overview_row(stream: Datastream, device: str, thing: str) -> Sequence[object]:
    return (
        stream.id,
        safe_cell(stream.title),
        stream.observed_property,
        stream.unit,
        stream.origin.value,
        safe_cell(device),
        safe_cell(thing),
        moment(stream.latest_at) if stream.latest_at else "",
        "" if stream.latest_value is None else stream.latest_value,
        moment(stream.silent_since) if stream.silent_since else "",
        f"datastreams/{stream.id}.csv",
    )


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
