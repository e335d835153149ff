"""Steps of a booking, the cancellation rule and the choice of units."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regiohub_booking.errors import CancellationTooLate, NotEnoughUnits, TooManyUnits, WrongState
from regiohub_booking.rules.cancellation import check_cancellation
from regiohub_booking.rules.states import OCCUPYING, STATE_WORDS, BookingState, Step, next_state, possible_steps
from regiohub_booking.rules.units import Lot, check_quantity, choose_units

BERLIN = ZoneInfo("Europe/Berlin")
START = datetime(2027, 1, 9, 17, tzinfo=UTC)
NORTH, SOUTH = UUID(int=1), UUID(int=2)
LOTS = (Lot(1, 4, NORTH), Lot(5, 6, SOUTH))


def test_the_way_of_a_booking_that_needs_approval() -> None:
    state = next_state(BookingState.HELD, Step.REQUEST)
    assert state is BookingState.PENDING
    assert next_state(state, Step.APPROVE) is BookingState.CONFIRMED
    assert next_state(state, Step.DENY) is BookingState.DENIED


@given(st.sampled_from(BookingState), st.lists(st.sampled_from(Step), max_size=12))
def test_denied_cancelled_and_expired_are_final(state: BookingState, steps: list[Step]) -> None:
    for step in steps:
        if state not in OCCUPYING:
            with pytest.raises(WrongState) as caught:
                next_state(state, step)
            assert STATE_WORDS[state].de in caught.value.message.de
        elif step in possible_steps(state):
            state = next_state(state, step)


def test_a_confirmed_booking_never_falls_back_to_held_or_expires() -> None:
    reachable = {next_state(BookingState.CONFIRMED, step) for step in possible_steps(BookingState.CONFIRMED)}
    assert not reachable & {BookingState.HELD, BookingState.EXPIRED}


@pytest.mark.parametrize(("hours_left", "allowed"), [(49, True), (48, True), (47, False), (-1, False)])
def test_cancelling_is_possible_until_the_notice_ends(hours_left: int, allowed: bool) -> None:
    now = START - timedelta(hours=hours_left)
    if allowed:
        check_cancellation(START, timedelta(hours=48), now, BERLIN)
        return
    with pytest.raises(CancellationTooLate) as caught:
        check_cancellation(START, timedelta(hours=48), now, BERLIN)
    assert "07.01.2027, 18:00 Uhr" in caught.value.message.de


def test_without_notice_cancelling_ends_with_the_start() -> None:
    check_cancellation(START, timedelta(), START, BERLIN)
    with pytest.raises(CancellationTooLate):
        check_cancellation(START, timedelta(), START + timedelta(minutes=1), BERLIN)


def test_the_lowest_free_units_are_chosen() -> None:
    assert choose_units({3, 1, 7}, 2) == (1, 3)


def test_one_pick_up_point_is_preferred_when_it_can_serve_the_whole_wish() -> None:
    assert choose_units({2, 6, 7, 8}, 3, LOTS) == (6, 7, 8)
    assert choose_units({2, 6, 7, 8}, 4, LOTS) == (2, 6, 7, 8)


def test_a_wished_pick_up_point_restricts_the_choice() -> None:
    assert choose_units(range(1, 11), 2, LOTS, SOUTH) == (5, 6)
    with pytest.raises(NotEnoughUnits) as caught:
        choose_units(range(1, 11), 5, LOTS, NORTH)
    assert (caught.value.requested, caught.value.available) == (5, 4)


@pytest.mark.parametrize("quantity", [0, -1, 11])
def test_too_many_units_or_none_are_refused(quantity: int) -> None:
    with pytest.raises(TooManyUnits) as caught:
        check_quantity(quantity, 10)
    assert caught.value.field == "quantity"


@given(st.sets(st.integers(1, 10)), st.integers(1, 10))
def test_chosen_units_are_free_distinct_and_as_many_as_asked(free: set[int], quantity: int) -> None:
    if len(free) < quantity:
        with pytest.raises(NotEnoughUnits):
            choose_units(free, quantity, LOTS)
        return
    chosen = choose_units(free, quantity, LOTS)
    assert len(set(chosen)) == quantity
    assert set(chosen) <= free
