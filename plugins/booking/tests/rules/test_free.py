"""Free slots: whatever is offered can be booked, whatever can be booked is offered."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from regiohub.api import DomainError
from regiohub_booking.rules.free import FreeSlot, free_slots, together
from regiohub_booking.rules.hours import OpeningPlan, Window
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.policy import BookingMode, Policy, check_wish
from regiohub_booking.rules.wish import whole_days

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2027, 1, 1, tzinfo=UTC)
PLAN = OpeningPlan(((Window(8 * 60, 12 * 60), Window(14 * 60, 26 * 60)),) * 6 + ((),))


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)


def span(start: str, end: str) -> Interval:
    return Interval(local(start), local(end))


def test_buffers_on_both_sides_shrink_the_free_time() -> None:
    policy = Policy(raster=15, buffer_before=timedelta(minutes=15), buffer_after=timedelta(minutes=30))
    taken = policy.occupied(span("2027-01-09T16:00", "2027-01-09T18:00"))
    found = free_slots(policy, PLAN, span("2027-01-09T14:00", "2027-01-09T22:00"), [[taken]], BERLIN)
    assert found == [
        FreeSlot(local("2027-01-09T14:00"), local("2027-01-09T15:15"), 1),
        FreeSlot(local("2027-01-09T18:45"), local("2027-01-09T22:00"), 1),
    ]


def test_two_units_free_one_after_the_other_are_not_one_unit_free_all_the_time() -> None:
    first, second = [span("2027-01-09T10:00", "2027-01-09T11:00")], [span("2027-01-09T11:00", "2027-01-09T12:00")]
    assert [(slot.start, slot.end) for slot in together([first, second])] == [
        (local("2027-01-09T10:00"), local("2027-01-09T11:00")),
        (local("2027-01-09T11:00"), local("2027-01-09T12:00")),
    ]


def test_units_that_are_free_together_for_too_short_a_time_are_not_offered() -> None:
    policy = Policy(raster=15, shortest=timedelta(hours=1))
    taken = [[span("2027-01-09T16:00", "2027-01-09T18:00")], [span("2027-01-09T14:00", "2027-01-09T15:30")]]
    asked = span("2027-01-09T14:00", "2027-01-09T18:00")
    # Each is free for two hours or more, both together only from 15:30 to 16:00.
    assert free_slots(policy, PLAN, asked, taken, BERLIN, quantity=2) == []
    assert [(slot.start, slot.end) for slot in free_slots(policy, PLAN, asked, taken, BERLIN)] == [
        (local("2027-01-09T14:00"), local("2027-01-09T16:00")),
        (local("2027-01-09T15:30"), local("2027-01-09T18:00")),
    ]


def test_a_hall_is_free_only_where_both_halves_are() -> None:
    policy = Policy(raster=60)
    halves = [[span("2027-01-09T14:00", "2027-01-09T16:00")], [span("2027-01-09T18:00", "2027-01-09T20:00")]]
    found = free_slots(policy, PLAN, span("2027-01-09T14:00", "2027-01-09T22:00"), halves, BERLIN, all_units=True)
    assert [(slot.start, slot.end) for slot in found] == [
        (local("2027-01-09T16:00"), local("2027-01-09T18:00")),
        (local("2027-01-09T20:00"), local("2027-01-09T22:00")),
    ]


def test_a_loan_is_offered_from_open_day_to_open_day() -> None:
    policy = Policy(mode=BookingMode.DAYS)
    taken = [whole_days(date(2027, 1, 6), date(2027, 1, 7), BERLIN)]
    asked = Interval(local("2027-01-03T00:00"), local("2027-01-11T00:00"))
    found = free_slots(policy, PLAN, asked, [taken], BERLIN)
    assert [(slot.start, slot.end) for slot in found] == [
        (local("2027-01-04T00:00"), local("2027-01-06T00:00")),
        (local("2027-01-08T00:00"), local("2027-01-10T00:00")),
    ]


# Around both clock changes, where rounding on a raster goes wrong most easily.
anchors = st.sampled_from([local("2027-03-27T12:00"), local("2027-10-30T12:00"), local("2027-06-05T12:00")])


@st.composite
def scenes(draw: st.DrawFn) -> tuple[Policy, OpeningPlan, Interval, list[list[Interval]]]:
    anchor = draw(anchors)
    policy = Policy(
        raster=draw(st.sampled_from([5, 15, 30, 60, 120])),
        shortest=draw(st.sampled_from([None, timedelta(hours=1)])),
        buffer_before=timedelta(minutes=draw(st.sampled_from([0, 15]))),
        buffer_after=timedelta(minutes=draw(st.sampled_from([0, 30]))),
    )
    plan = draw(st.sampled_from([PLAN, OpeningPlan(((Window(0, 1440),),) * 7), OpeningPlan(((Window(90, 215),),) * 7)]))

    def taken() -> list[Interval]:
        result: list[Interval] = []
        for start, length in draw(st.lists(st.tuples(st.integers(0, 1800), st.integers(5, 300)), max_size=3)):
            begin = anchor + timedelta(minutes=start)
            result.append(Interval(begin, begin + timedelta(minutes=length)))
        return result

    units = [taken() for _ in range(draw(st.integers(1, 3)))]
    return policy, plan, Interval(anchor, anchor + timedelta(hours=36)), units


@settings(max_examples=150, deadline=None)
@given(scenes(), st.integers(1, 3))
def test_each_offered_slot_passes_the_check_and_has_the_units_free(
    scene: tuple[Policy, OpeningPlan, Interval, list[list[Interval]]], quantity: int
) -> None:
    policy, plan, asked, units = scene
    for slot in free_slots(policy, plan, asked, units, BERLIN, quantity=quantity):
        wanted = Interval(slot.start, slot.end)
        check_wish(policy, plan, wanted, now=NOW, zone=BERLIN)
        kept = policy.occupied(wanted)
        free = sum(not any(kept.overlaps(item) for item in taken) for taken in units)
        assert free >= quantity
        assert slot.units == free


@settings(max_examples=60, deadline=None)
@given(scenes(), st.integers(1, 3))
def test_no_offered_slot_lies_within_another(
    scene: tuple[Policy, OpeningPlan, Interval, list[list[Interval]]], quantity: int
) -> None:
    policy, plan, asked, units = scene
    offered = free_slots(policy, plan, asked, units, BERLIN, quantity=quantity)
    inside = [(a, b) for a in offered for b in offered if a != b and b.start <= a.start and a.end <= b.end]
    assert inside == []


@settings(max_examples=150, deadline=None)
@given(scenes(), st.integers(0, 140), st.integers(1, 16))
def test_whatever_can_be_booked_lies_in_an_offered_slot(
    scene: tuple[Policy, OpeningPlan, Interval, list[list[Interval]]], step: int, length: int
) -> None:
    policy, plan, asked, units = scene
    start = asked.start + timedelta(minutes=15 * step)
    wanted = Interval(start, start + timedelta(minutes=15 * length))
    try:
        check_wish(policy, plan, wanted, now=NOW, zone=BERLIN)
    except DomainError:
        return
    kept = policy.occupied(wanted)
    possible = asked.contains(wanted) and any(not any(kept.overlaps(i) for i in taken) for taken in units)
    offered = free_slots(policy, plan, asked, units, BERLIN)
    assert any(slot.start <= wanted.start and wanted.end <= slot.end for slot in offered) == possible
