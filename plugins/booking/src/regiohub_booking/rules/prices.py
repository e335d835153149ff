"""What a booking costs, in exact euros."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from regiohub_booking.rules.clock import local_day
from regiohub_booking.rules.interval import Interval

CENT = Decimal("0.01")
HOUR = timedelta(hours=1)
TICK = timedelta(microseconds=1)


class PriceBasis(StrEnum):
    """What a price is multiplied with."""

    HOUR = "hour"
    DAY = "day"
    FLAT = "flat"


@dataclass(frozen=True, slots=True)
class Rate:
    """A price in euros per hour, per begun calendar day, or for the whole booking; for one unit or seat each."""

    basis: PriceBasis
    price: Decimal
    minimum: Decimal | None = None
    deposit: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cost:
    """What comes of it. ``amount`` is the number of hours or days that were counted, 1 for a flat price."""

    amount: Decimal
    price: Decimal
    deposit: Decimal


def cents(value: Decimal) -> Decimal:
    """The value in whole cents, half a cent up."""
    return value.quantize(CENT, rounding=ROUND_HALF_UP)


def cost(rate: Rate, wanted: Interval, quantity: int, zone: ZoneInfo) -> Cost:
    """What ``quantity`` units cost for ``wanted``.

    Hours are elapsed time to the minute, so that a night with a change of the clocks costs what it lasts; days are the
    town's calendar days that the booking touches. The minimum holds for the booking and never makes a free one cost.
    """
    amount = _amount(rate.basis, wanted, zone)
    price = cents(rate.price * amount * quantity)
    if rate.minimum is not None and rate.price > 0:
        price = max(price, cents(rate.minimum))
    return Cost(amount, price, cents(rate.deposit * quantity))


def _amount(basis: PriceBasis, wanted: Interval, zone: ZoneInfo) -> Decimal:
    if basis is PriceBasis.FLAT:
        return Decimal(1)
    if basis is PriceBasis.DAY:
        days = local_day(wanted.end - TICK, zone) - local_day(wanted.start, zone)
        return Decimal(days.days + 1)
    minutes = wanted.length // timedelta(minutes=1)
    return Decimal(minutes) / Decimal(60)
