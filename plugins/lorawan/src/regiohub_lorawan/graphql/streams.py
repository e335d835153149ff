"""Datastreams and their values."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from regiohub.api import (
    BboxInput,
    Connection,
    Ctx,
    NearInput,
    batched,
    bound,
    column,
    computed,
    connection,
    field,
    filters,
    near,
    to_one,
    value,
    where,
    within_bbox,
)
from regiohub_lorawan.graphql.enums import AggregateStep, ObservationQuality, Origin
from regiohub_lorawan.graphql.types import DeviceType, ThingType
from regiohub_lorawan.mapping.units import unit
from regiohub_lorawan.models import Datastream, Observation, Thing
from regiohub_lorawan.service import reading, silence
from regiohub_lorawan.settings import LorawanSettings


@bound(Observation)
class ObservationType:
    """One measured value."""

    time: datetime = column("When it was measured.", of=Observation.ts)
    value: float = column("The value, in the unit of its datastream.")
    quality: ObservationQuality = computed(
        "How far it can be trusted.", python=lambda row, _ctx: ObservationQuality.of(row.quality)
    )


@value
class LatestValue:
    """The newest value of a datastream."""

    time: datetime = column("When it was measured.")
    value: float = column("The value, in the unit of its datastream.")
    quality: ObservationQuality = column("How far it can be trusted.")


@value
class AggregateValue:
    """What the plausible values within one hour or one local day add up to."""

    starts_at: datetime = column("Beginning of the interval.")
    ends_at: datetime = column("End of the interval, not part of it.")
    count: int = column("How many values.")
    mean: float = column("Their mean.")
    minimum: float = column("The smallest.")
    maximum: float = column("The largest.")
    last: float = column("The last one.")


def latest_value(row: Datastream) -> LatestValue | None:
    """From the columns beside the datastream."""
    if row.latest_at is None or row.latest_value is None:
        return None
    quality = ObservationQuality.of(row.latest_quality or 0)
    return LatestValue(time=row.latest_at, value=row.latest_value, quality=quality)  # pyright: ignore[reportCallIssue]


def _silent(row: Datastream, ctx: Ctx) -> bool:
    return silence.is_silent(row, ctx.now(), ctx.settings(LorawanSettings).silent_after_intervals)


@bound(Datastream)
class DatastreamType:
    """One observed property of one device: the series of its values."""

    id: UUID = column("Identifier.")
    observed_property: str = column("The property observed, a stable word such as `air_temperature`.")
    title: str = column("Its name for readers.")
    unit: str = column("Unit as a UCUM symbol.")
    unit_label: str = computed("Unit as readers write it.", python=lambda row, _ctx: unit(row.unit).label)
    minimum: float | None = column("Smallest plausible value.")
    maximum: float | None = column("Largest plausible value.")
    origin: Origin = column("Whose sensor it is.")
    expected_interval_s: int | None = column("Seconds between two values, if they come regularly.")
    device: DeviceType = to_one("The sensor.", Datastream.device)
    thing: ThingType = to_one("What is observed.", Datastream.thing)
    is_silent: bool = computed("Whether values have been missing for several expected intervals.", python=_silent)
    silent_since: datetime | None = column("When that was noticed.")

    @batched("The newest value; null before the first.")
    @staticmethod
    async def latest(rows: Sequence[Datastream]) -> list[LatestValue | None]:
        """No statement: it stands beside the datastream."""
        return [latest_value(row) for row in rows]

    @field(
        "Values as they were measured, oldest first.",
        args={"from_": "First moment.", "to": "First moment after the span."},
    )
    @staticmethod
    async def observations(row: Datastream, from_: datetime, to: datetime) -> "Connection[ObservationType]":
        """A page of the series."""
        return connection(reading.observations(row.series, from_, to), order_by=(Observation.ts,))

    @field(
        "Values gathered per hour or per local day, in order; intervals without values are left out.",
        args={
            "step": "Length of the intervals.",
            "from_": "First moment; its whole interval counts.",
            "to": "First moment after the span.",
        },
        items=750,
    )
    @staticmethod
    async def aggregates(
        row: Datastream, ctx: Ctx, step: AggregateStep, from_: datetime, to: datetime
    ) -> list[AggregateValue]:
        """The series for a chart."""
        found = await reading.aggregates(ctx, row.series, step.stored, from_, to)
        return [
            AggregateValue(**{name: getattr(item, name) for name in item.__slots__})  # pyright: ignore[reportCallIssue]
            for item in found
        ]


def _at_thing(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether the datastream's thing fulfils a condition."""
    return exists(
        select(Thing.id).where(Thing.tenant_id == Datastream.tenant_id, Thing.id == Datastream.thing_id, condition)
    )


def _near(point: NearInput) -> ColumnElement[bool]:
    return _at_thing(near(Thing.place, point.lon, point.lat, point.metres))


def _within(box: BboxInput) -> ColumnElement[bool]:
    return _at_thing(within_bbox(Thing.place, box.west, box.south, box.east, box.north))


def _titled(part: str) -> ColumnElement[bool]:
    return Datastream.title.icontains(part, autoescape=True)


def _silent_or_not(silent: bool) -> ColumnElement[bool]:
    return Datastream.silent_since.is_not(None) if silent else Datastream.silent_since.is_(None)


@filters(Datastream)
class DatastreamFilter:
    """Which datastreams are wanted."""

    observed_property: str | None = where("Only this property.", Datastream.observed_property)
    origin: Origin | None = where("Only official ones, or only residents' own.", Datastream.origin)
    device_id: UUID | None = where("Only those of this device.", Datastream.device_id)
    thing_id: UUID | None = where("Only those of this thing.", Datastream.thing_id)
    text: str | None = where("Part of the title.", _titled)
    silent: bool | None = where("Only those reported silent, or only the others.", _silent_or_not)
    near: NearInput | None = where("Only around this point.", _near)
    bbox: BboxInput | None = where("Only within this box.", _within)
