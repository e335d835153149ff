"""What is free and what is busy, for one resource or for many at once."""

import itertools
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx, DomainError, InvalidInput, t
from regiohub_booking.errors import EndBeforeStart
from regiohub_booking.models import Resource, Session
from regiohub_booking.rules.clock import day_edge, local_day
from regiohub_booking.rules.free import FreeSlot, free_slots
from regiohub_booking.rules.interval import Interval, merged
from regiohub_booking.rules.policy import BookingMode, earliest_start, latest_day_end
from regiohub_booking.rules.units import check_quantity
from regiohub_booking.service.slots import Taken, by_unit, choose, taken_between
from regiohub_booking.service.target import Target, load_targets
from regiohub_booking.service.wishes import When, check_time
from regiohub_booking.settings import BookingSettings

BUFFER_REACH = timedelta(days=2)


def asked_span(ctx: Ctx, start: datetime, end: datetime) -> Interval:
    """The span of a question about free times. Raises EndBeforeStart, or InvalidInput for one that is too long."""
    if end <= start:
        raise EndBeforeStart("to")
    most = ctx.settings(BookingSettings).free_slot_days
    if end - start > timedelta(days=most):
        raise InvalidInput(t(f"Höchstens {most} Tage auf einmal.", f"At most {most} days at once."), field="to")
    return Interval(start, end)


async def free_of(
    ctx: Ctx, resources: Sequence[Resource], asked: Interval, quantity: int = 1
) -> dict[UUID, list[FreeSlot]]:
    """Free spans of each resource in ``asked``, by a number of statements that does not grow with their number.

    What lies in the past, inside the notice or beyond the horizon of a resource is not offered.
    """
    targets = await load_targets(ctx, resources)
    taken = await _taken_of(ctx, list(targets.values()), asked)
    dates = await _sessions_of(ctx, resources, asked)
    return {
        resource.id: _free(ctx, targets[resource.id], asked, taken, dates.get(resource.id, []), quantity)
        for resource in resources
    }


async def _taken_of(ctx: Ctx, targets: Sequence[Target], asked: Interval) -> list[Taken]:
    leaves = {leaf for target in targets for leaf in target.leaf_ids}
    return await taken_between(ctx, leaves, asked.padded(BUFFER_REACH, BUFFER_REACH)) if leaves else []


async def _sessions_of(ctx: Ctx, resources: Sequence[Resource], asked: Interval) -> dict[UUID, list[Interval]]:
    ids = [resource.id for resource in resources if resource.mode is BookingMode.SESSIONS]
    found: dict[UUID, list[Interval]] = {}
    if ids:
        rows = await ctx.session.scalars(
            select(Session)
            .where(Session.resource_id.in_(ids), Session.starts_at >= asked.start, Session.ends_at <= asked.end)
            .order_by(Session.starts_at, Session.id)
        )
        for row in rows:
            found.setdefault(row.resource_id, []).append(Interval(row.starts_at, row.ends_at))
    return found


def _free(
    ctx: Ctx, target: Target, asked: Interval, taken: Sequence[Taken], dates: Sequence[Interval], quantity: int
) -> list[FreeSlot]:
    bounds = _bookable_bounds(ctx, target, asked)
    if bounds is None:
        return []
    leaves = set(target.leaf_ids)
    units = by_unit(target, [item for item in taken if item.resource_id in leaves])
    if target.policy.mode is BookingMode.SESSIONS:
        return _free_seats(target, dates, units, bounds, quantity)
    return free_slots(
        target.policy, target.plan, bounds, units, ctx.tenant.timezone, quantity=quantity, all_units=target.is_whole
    )


def _bookable_bounds(ctx: Ctx, target: Target, asked: Interval) -> Interval | None:
    now, zone = ctx.now(), ctx.tenant.timezone
    first = earliest_start(target.policy, now)
    if target.policy.mode is BookingMode.DAYS and target.policy.notice:
        # A day that has begun before the notice is over cannot be the first one.
        first = day_edge(local_day(first - timedelta(microseconds=1), zone), 1440, zone)
    last = latest_day_end(target.policy, now, zone)
    start, end = max(asked.start, first), min(asked.end, last) if last else asked.end
    return Interval(start, end) if start < end else None


def _free_seats(
    target: Target, dates: Sequence[Interval], units: Sequence[Sequence[Interval]], bounds: Interval, quantity: int
) -> list[FreeSlot]:
    result: list[FreeSlot] = []
    for date in dates:
        kept = target.policy.occupied(date)
        free = sum(not any(kept.overlaps(item) for item in unit) for unit in units)
        if free >= quantity and date.start >= bounds.start:
            result.append(FreeSlot(date.start, date.end, free))
    return result


async def bookable_ids(ctx: Ctx, start: datetime, end: datetime, quantity: int = 1) -> list[UUID]:
    """Resources that the caller could book from ``start`` to ``end``: open, free, within their limits.

    Raises EndBeforeStart, InvalidInput and the clock-change errors for a span that nobody could mean.
    """
    wanted = When(starts_at=start, ends_at=end).interval(ctx)
    asked_span(ctx, wanted.start, wanted.end)
    resources = (await ctx.session.scalars(select(Resource).where(Resource.active))).all()
    targets = await load_targets(ctx, resources)
    dates = await _sessions_of(ctx, resources, wanted)
    fitting = [
        targets[resource.id]
        for resource in resources
        if _fits(ctx, targets[resource.id], wanted, quantity, frozenset(dates.get(resource.id, ())))
    ]
    taken = await _taken_of(ctx, fitting, wanted)
    return [target.resource.id for target in fitting if _is_free(ctx, target, wanted, taken, quantity)]


def _fits(ctx: Ctx, target: Target, wanted: Interval, quantity: int, dates: frozenset[Interval]) -> bool:
    try:
        check_quantity(quantity, target.capacity)
        check_time(ctx, target, wanted, dates)
    except DomainError:
        return False
    return True


def _is_free(ctx: Ctx, target: Target, wanted: Interval, taken: Sequence[Taken], quantity: int) -> bool:
    leaves = set(target.leaf_ids)
    try:
        choose(ctx, target, wanted, [item for item in taken if item.resource_id in leaves], quantity)
    except DomainError:
        return False
    return True


async def busy_of(ctx: Ctx, resources: Sequence[Resource], asked: Interval) -> dict[UUID, list[Interval]]:
    """When each resource is completely taken: no unit of it is free. No persons, no purposes."""
    targets = await load_targets(ctx, resources)
    taken = await _taken_of(ctx, list(targets.values()), asked)
    result: dict[UUID, list[Interval]] = {}
    for resource in resources:
        target = targets[resource.id]
        leaves = set(target.leaf_ids)
        units = by_unit(target, [item for item in taken if item.resource_id in leaves])
        result[resource.id] = _busy(target, units, asked)
    return result


def _busy(target: Target, units: Sequence[Sequence[Interval]], asked: Interval) -> list[Interval]:
    if target.is_whole:
        return [item for item in merged([span for unit in units for span in unit]) if item.overlaps(asked)]
    edges = sorted({moment for unit in units for span in unit for moment in (span.start, span.end)})
    full = [
        Interval(start, end)
        for start, end in itertools.pairwise(edges)
        if all(any(span.start <= start < span.end for span in unit) for unit in units)
    ]
    return [item for item in merged(full) if item.overlaps(asked)]
