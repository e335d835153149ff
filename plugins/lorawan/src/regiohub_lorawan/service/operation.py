"""What the operator of the radio network looks at: traffic, coverage, gateways."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, func, select, type_coerce

from regiohub.api import Ctx, InvalidInput, t
from regiohub_lorawan.models import GatewayHour, RadioHour
from regiohub_lorawan.models.kinds import Step
from regiohub_lorawan.models.moments import from_millis, to_millis
from regiohub_lorawan.service.reading import check_span
from regiohub_lorawan.service.rollups import day_of
from regiohub_lorawan.store.observations import HOUR_MS

LONGEST = timedelta(days=731)
_BUCKET = type_coerce(RadioHour.bucket, BigInteger)


@dataclass(frozen=True, slots=True)
class Traffic:
    """One interval of the whole network; ``lost_share`` is between 0 and 1."""

    starts_at: datetime
    uplinks: int
    alone: int
    lost: int
    repeated: int
    failed: int
    airtime_ms: float

    @property
    def lost_share(self) -> float:
        """Lost frames as a share of all that were sent."""
        return self.lost / (self.uplinks + self.lost) if self.lost else 0.0


@dataclass(frozen=True, slots=True)
class FactorShare:
    """Uplinks with one spreading factor; 0 stands for "not told"."""

    spreading_factor: int
    uplinks: int
    airtime_ms: float


@dataclass(frozen=True, slots=True)
class GatewayTraffic:
    """One hour of one gateway: uplinks heard, mean and best signal."""

    starts_at: datetime
    uplinks: int
    rssi_mean: float
    rssi_best: float
    snr_mean: float


_SUMS = tuple(
    func.sum(column)
    for column in (
        RadioHour.uplinks, RadioHour.alone, RadioHour.lost, RadioHour.repeated, RadioHour.failed, RadioHour.airtime_ms,
    )
)  # fmt: skip


async def traffic(ctx: Ctx, start: datetime, stop: datetime, step: Step) -> list[Traffic]:
    """Hours or local days with traffic in [start, stop), in order. Raises InvalidInput for more than two years."""
    _check(start, stop)
    rows = await ctx.session.execute(
        select(_BUCKET, *_SUMS)
        .where(RadioHour.bucket >= start, RadioHour.bucket < stop)
        .group_by(RadioHour.bucket)
        .order_by(RadioHour.bucket)
    )
    sums: defaultdict[int, list[float]] = defaultdict(lambda: [0.0] * len(_SUMS))
    for bucket, *values in rows.all():
        at = bucket if step is Step.HOUR else day_of(bucket, ctx.tenant.timezone)[0]
        sums[at] = [known + float(value) for known, value in zip(sums[at], values, strict=True)]
    return [_traffic(at, sums[at]) for at in sorted(sums)]


async def total(ctx: Ctx, start: datetime, stop: datetime) -> Traffic:
    """The whole span in one. Raises InvalidInput for more than two years."""
    _check(start, stop)
    row = (await ctx.session.execute(select(*_SUMS).where(RadioHour.bucket >= start, RadioHour.bucket < stop))).one()
    return _traffic(to_millis(start), [float(value or 0) for value in row])


def _traffic(at: int, sums: Sequence[float]) -> Traffic:
    uplinks, alone, lost, repeated, failed = (max(0, round(value)) for value in sums[:5])
    return Traffic(from_millis(at), uplinks, alone, lost, repeated, failed, sums[5])


async def factors(ctx: Ctx, start: datetime, stop: datetime) -> list[FactorShare]:
    """How the uplinks of a span spread over the spreading factors, smallest first."""
    _check(start, stop)
    rows = await ctx.session.execute(
        select(RadioHour.spreading_factor, func.sum(RadioHour.uplinks), func.sum(RadioHour.airtime_ms))
        .where(RadioHour.bucket >= start, RadioHour.bucket < stop, RadioHour.uplinks > 0)
        .group_by(RadioHour.spreading_factor)
        .order_by(RadioHour.spreading_factor)
    )
    return [FactorShare(factor, int(uplinks), float(airtime)) for factor, uplinks, airtime in rows.all()]


async def gateway_traffic(ctx: Ctx, gateway_id: str, start: datetime, stop: datetime) -> list[GatewayTraffic]:
    """Hours in which a gateway heard something, in order. Raises InvalidInput for more than two years."""
    _check(start, stop)
    rows = await ctx.session.scalars(
        select(GatewayHour)
        .where(GatewayHour.gateway_id == gateway_id, GatewayHour.bucket >= start, GatewayHour.bucket < stop)
        .order_by(GatewayHour.bucket)
    )
    return [
        GatewayTraffic(r.bucket, r.uplinks, r.rssi_total / r.uplinks, r.rssi_best, r.snr_total / r.uplinks)
        for r in rows
    ]


def hour_before(moment: datetime, hours: int) -> datetime:
    """The beginning of the hour so many hours before a moment."""
    at = to_millis(moment) - hours * HOUR_MS
    return from_millis(at - at % HOUR_MS)


def _check(start: datetime, stop: datetime) -> None:
    check_span(start, stop)
    if stop - start > LONGEST:
        raise InvalidInput(t("Höchstens zwei Jahre auf einmal.", "At most two years at once."), field="to")
