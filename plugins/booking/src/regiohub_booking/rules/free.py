"""What is still free: open time without what is taken, for one unit or for several at once."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from regiohub_booking.rules.clock import day_edge, is_missing, local_day, wall_time
from regiohub_booking.rules.hours import OpeningPlan
from regiohub_booking.rules.interval import Interval, common, merged, without
from regiohub_booking.rules.policy import BookingMode, Policy

CLOCK_CHANGE = timedelta(hours=2)


@dataclass(frozen=True, order=True, slots=True)
class FreeSlot:
    """A span in which ``units`` units are free from its start to its end. Spans of different units may overlap."""

    start: datetime
    end: datetime
    units: int


def bookable_time(policy: Policy, plan: OpeningPlan, asked: Interval, zone: ZoneInfo) -> list[Interval]:
    """The time in ``asked`` in which a booking may lie if nobody else had booked, widened to whole days for DAYS."""
    if policy.mode is BookingMode.DAYS:
        start = day_edge(local_day(asked.start, zone), 0, zone)
        end = day_edge(local_day(asked.end - timedelta(microseconds=1), zone), 1440, zone)
        return [Interval(start, end)]
    return common(plan.open_between(asked.start, asked.end, zone), [asked])


def unit_free(policy: Policy, usable: Sequence[Interval], taken: Iterable[Interval]) -> list[Interval]:
    """Where one unit can be booked: taken spans contain their own buffers, and this booking brings its own."""
    kept_away = [item.padded(policy.buffer_after, policy.buffer_before) for item in taken]
    return without(usable, kept_away)


def trimmed(policy: Policy, plan: OpeningPlan, span: Interval, zone: ZoneInfo) -> Interval | None:
    """The largest part of ``span`` that one booking could fill: on the raster, or from an open day to an open day."""
    if policy.mode is BookingMode.DAYS:
        return _trimmed_days(policy, plan, span, zone)
    start, end = _raster_up(span.start, policy.raster, zone), _raster_down(span.end, policy.raster, zone)
    if start >= end:
        return None
    if policy.shortest is not None and end - start < policy.shortest:
        return None
    return Interval(start, end)


def _raster_up(moment: datetime, raster: int, zone: ZoneInfo) -> datetime:
    """The first raster point at or after ``moment``."""
    return min(point for point in _points_around(moment, raster, zone) if point >= moment)


def _raster_down(moment: datetime, raster: int, zone: ZoneInfo) -> datetime:
    """The last raster point at or before ``moment``."""
    return max(point for point in _points_around(moment, raster, zone) if point <= moment)


def _points_around(moment: datetime, raster: int, zone: ZoneInfo) -> list[datetime]:
    """Raster points near ``moment``, at least one on each side of it.

    Where the clocks change nearby the wall clock does not run with time: then all points of some hours are looked at,
    because in the repeated hour the next one may have an earlier wall-clock time.
    """
    wall, step = _floor(moment, raster, zone), timedelta(minutes=raster)
    reach = step + CLOCK_CHANGE
    quiet = (moment - reach).astimezone(zone).utcoffset() == (moment + reach).astimezone(zone).utcoffset()
    around = 1 if quiet else reach // step + 1
    return [point for number in range(-around, around + 2) for point in _instants(wall + number * step, zone)]


def _floor(moment: datetime, raster: int, zone: ZoneInfo) -> datetime:
    wall = wall_time(moment, zone)
    midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0)
    return wall - (wall - midnight) % timedelta(minutes=raster)


def _instants(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """None in the skipped hour, two in the repeated one, else one."""
    if is_missing(wall, zone):
        return []
    return sorted({wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)})


def _trimmed_days(policy: Policy, plan: OpeningPlan, span: Interval, zone: ZoneInfo) -> Interval | None:
    first, last = local_day(span.start, zone), local_day(span.end, zone)
    if day_edge(first, 0, zone) < span.start:
        first += timedelta(days=1)
    # ``last`` is the day after the final whole one.
    last -= timedelta(days=1)
    while first <= last and not plan.is_open_day(first):
        first += timedelta(days=1)
    while first <= last and not plan.is_open_day(last):
        last -= timedelta(days=1)
    days = (last - first).days + 1
    if days < 1 or (policy.shortest is not None and days < policy.shortest.days):
        return None
    return Interval(day_edge(first, 0, zone), day_edge(last, 1440, zone))


def together(per_unit: Sequence[Sequence[Interval]], quantity: int = 1) -> list[FreeSlot]:
    """The longest spans in which at least ``quantity`` units are free throughout, sorted by start.

    Counting per instant would promise too much: two units free one after the other are not one unit free all the time.
    """
    spans = [span for unit in per_unit for span in unit]
    found: list[FreeSlot] = []
    for start in sorted({span.start for span in spans}):
        ends = sorted((span.end for span in spans if span.start <= start < span.end), reverse=True)
        if len(ends) < quantity:
            continue
        end = ends[quantity - 1]
        if found and end <= found[-1].end:
            continue
        found.append(FreeSlot(start, end, sum(1 for item in ends if item >= end)))
    return found


def whole_free(parts: Sequence[Sequence[Interval]]) -> list[Interval]:
    """Where every part is free: the free time of a hall is what its halves have in common."""
    result = merged(parts[0]) if parts else []
    for part in parts[1:]:
        result = common(result, part)
    return result


def free_slots(
    policy: Policy,
    plan: OpeningPlan,
    asked: Interval,
    taken_by_unit: Sequence[Iterable[Interval]],
    zone: ZoneInfo,
    *,
    quantity: int = 1,
    all_units: bool = False,
) -> list[FreeSlot]:
    """The free spans of a resource in ``asked``.

    ``taken_by_unit`` has one entry for each unit, or for each part of a whole: then ``all_units`` is set and a span
    counts only where all of them are free.
    """
    usable = bookable_time(policy, plan, asked, zone)
    units = [unit_free(policy, usable, taken) for taken in taken_by_unit]
    if all_units:
        units = [whole_free(units)]
    bookable = [[fit for span in unit if (fit := trimmed(policy, plan, span, zone)) is not None] for unit in units]
    # What several units have in common may be shorter than what each of them offers.
    return [slot for slot in together(bookable, quantity) if _long_enough(policy, slot.start, slot.end, zone)]


def _long_enough(policy: Policy, start: datetime, end: datetime, zone: ZoneInfo) -> bool:
    if policy.shortest is None:
        return True
    if policy.mode is BookingMode.DAYS:
        return local_day(end, zone) - local_day(start, zone) >= policy.shortest
    return end - start >= policy.shortest
