"""Prices in exact euros: hours are elapsed time, days are calendar days, minima never make a free booking cost."""

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.prices import PriceBasis, Rate, cost

BERLIN = ZoneInfo("Europe/Berlin")


def span(start: str, end: str) -> Interval:
    return Interval(
        datetime.fromisoformat(start).replace(tzinfo=BERLIN), datetime.fromisoformat(end).replace(tzinfo=BERLIN)
    )


@pytest.mark.parametrize(
    ("rate", "wanted", "quantity", "amount", "price"),
    [
        (Rate(PriceBasis.HOUR, Decimal("12.50")), span("2026-06-10T18:00", "2026-06-10T20:30"), 1, "2.5", "31.25"),
        (Rate(PriceBasis.HOUR, Decimal(10)), span("2026-06-10T18:00", "2026-06-10T18:20"), 1, "0.333", "3.33"),
        # The night in which the clocks go forward is an hour shorter.
        (Rate(PriceBasis.HOUR, Decimal(10)), span("2027-03-28T00:00", "2027-03-28T06:00"), 1, "5", "50.00"),
        (Rate(PriceBasis.DAY, Decimal(8)), span("2026-06-12T00:00", "2026-06-15T00:00"), 2, "3", "48.00"),
        (Rate(PriceBasis.DAY, Decimal(8)), span("2026-06-12T18:00", "2026-06-13T02:00"), 1, "2", "16.00"),
        (Rate(PriceBasis.FLAT, Decimal(150)), span("2026-06-12T18:00", "2026-06-13T02:00"), 1, "1", "150.00"),
        (
            Rate(PriceBasis.HOUR, Decimal(5), minimum=Decimal(20)),
            span("2026-06-10T18:00", "2026-06-10T19:00"), 1, "1", "20.00",
        ),
        (
            Rate(PriceBasis.HOUR, Decimal(0), minimum=Decimal(20)),
            span("2026-06-10T18:00", "2026-06-10T19:00"), 1, "1", "0.00",
        ),
    ],
)  # fmt: skip
def test_a_price_is_exact_to_the_cent(rate: Rate, wanted: Interval, quantity: int, amount: str, price: str) -> None:
    found = cost(rate, wanted, quantity, BERLIN)
    assert round(found.amount, 3) == Decimal(amount)
    assert str(found.price) == price


amounts = st.decimals(min_value=0, max_value=1000, places=2)


@given(amounts, amounts, st.integers(1, 5000), st.integers(1, 20), st.sampled_from(PriceBasis))
def test_twice_the_units_never_cost_less_and_deposits_double(
    price: Decimal, deposit: Decimal, minutes: int, quantity: int, basis: PriceBasis
) -> None:
    start = datetime(2026, 6, 10, 8, tzinfo=BERLIN)
    wanted = Interval(start, start + timedelta(minutes=minutes))
    rate = Rate(basis, price, None, deposit)
    one, two = cost(rate, wanted, quantity, BERLIN), cost(rate, wanted, 2 * quantity, BERLIN)
    assert abs(two.price - 2 * one.price) <= Decimal("0.01")
    assert two.deposit == 2 * one.deposit
    assert one.price == one.price.quantize(Decimal("0.01"))
