"""Datastreams and their values."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, case, exists, literal, select

from regiohub.api import (
    BboxInput,
    Connection,
    Ctx,
    NearInput,
    bound,
    column,
    computed,
    field,
    filters,
    near,
    to_many,
    to_one,
    value,
    where,
    within_bbox,
)
from regiohub_lorawan.graphql.enums import AggregateStep, ObservationQuality, Origin
from regiohub_lorawan.graphql.types import DeviceType, ThingType
from regiohub_lorawan.mapping.units import unit
from regiohub_lorawan.mapping.values import Quality
from regiohub_lorawan.models import Datastream, Observation, Thing
from regiohub_lorawan.service import reading, silence
from regiohub_lorawan.settings import LorawanSettings

MOST_OBSERVATIONS = 1000
"""Values that one page of a series brings at most: numbers are light, and a chart wants many."""


def _quality(row: Any, _ctx: Ctx) -> ObservationQuality:
    return ObservationQuality.of(row.quality)


def _stored_words(words: type[ObservationQuality]) -> list[str]:
    return [word.value for word in words]


def _quality_in_sql() -> ColumnElement[ObservationQuality]:
    kind = Enum(ObservationQuality, native_enum=False, values_callable=_stored_words)
    good, other = (literal(word, kind) for word in ObservationQuality)
    return case((Observation.quality == Quality.GOOD.value, good), else_=other)


@bound(Observation)
class ObservationType:
    """One measured value."""

    time: datetime = column("When it was measured.", of=Observation.ts)
    value: float = column("The value, in the unit of its datastream.")
    quality: ObservationQuality = computed(
        "How far it can be trusted.", sql=_quality_in_sql, python=_quality, reads=(Observation.quality,)
    )


def _from(moment: datetime) -> ColumnElement[bool]:
    return Observation.ts >= moment


def _to(moment: datetime) -> ColumnElement[bool]:
    return Observation.ts < moment


def _in_order(span: "ObservationSpan") -> None:
    reading.check_span(span.from_, span.to)


@filters(Observation, check=_in_order)
class ObservationSpan:
    """Which values of a series."""

    from_: datetime = where("First moment.", _from, required=True)
    to: datetime = where("First moment after the span.", _to, required=True)


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


def _latest(row: Any, _ctx: Ctx) -> LatestValue | None:
    if row.latest_at is None or row.latest_value is None:
        return None
    quality = ObservationQuality.of(row.latest_quality or 0)
    return LatestValue(time=row.latest_at, value=row.latest_value, quality=quality)  # pyright: ignore[reportCallIssue]


def latest() -> LatestValue | None:
    """The field `latest` of a datastream: it stands in the datastream's own row."""
    return computed(
        "The newest value; null before the first.",
        python=_latest,
        reads=(Datastream.latest_at, Datastream.latest_value, Datastream.latest_quality),
        cacheable=True,
    )


def _unit_label(row: Any, _ctx: Ctx) -> str:
    return unit(row.unit).label


def _silent(row: Any, ctx: Ctx) -> bool:
    return silence.is_silent(row, ctx.now(), ctx.settings(LorawanSettings).silent_after_intervals)


@bound(Datastream)
class DatastreamType:
    """One observed property of one device: the series of its values."""

    id: UUID = column("Identifier.")
    observed_property: str = column("The property observed, a stable word such as `air_temperature`.")
    title: str = column("Its name for readers.")
    unit: str = column("Unit as a UCUM symbol.")
    unit_label: str = computed(
        "Unit as readers write it.", python=_unit_label, reads=(Datastream.unit,), cacheable=True
    )
    minimum: float | None = column("Smallest plausible value.")
    maximum: float | None = column("Largest plausible value.")
    origin: Origin = column("Whose sensor it is.")
    expected_interval_s: int | None = column("Seconds between two values, if they come regularly.")
    device: DeviceType = to_one("The sensor.", Datastream.device)
    thing: ThingType = to_one("What is observed.", Datastream.thing)
    is_silent: bool = computed(
        "Whether values have been missing for several expected intervals.",
        python=_silent,
        reads=(Datastream.expected_interval_s, Datastream.latest_at, Datastream.created_at),
    )
    silent_since: datetime | None = column("When that was noticed.")

    latest: LatestValue | None = latest()
    observations: Connection[ObservationType] = to_many(
        "Values as they were measured, oldest first.",
        Datastream.observations,
        order_by=Observation.ts,
        arguments=ObservationSpan,
        most=MOST_OBSERVATIONS,
    )

    # A resolver: days are the town's calendar days, which SQLite does not know, and what has changed since its rollup
    # was made is added up from its hours.
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
