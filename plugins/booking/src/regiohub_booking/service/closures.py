"""Blocked times of a resource or of a house: planned, previewed, made, released; conflicts are decided one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from regiohub.api import Conflict, Ctx, InvalidInput, NotFound, t, uuid7
from regiohub_booking.errors import StartInPast
from regiohub_booking.migrations.no_overlap import CONSTRAINT
from regiohub_booking.models import (
    Block,
    BlockConflict,
    Booking,
    Closure,
    ClosureKind,
    ConflictState,
    Lot,
    Place,
    Resource,
    Slot,
)
from regiohub_booking.permissions import MANAGE
from regiohub_booking.rules.clock import edge
from regiohub_booking.rules.interval import Interval
from regiohub_booking.rules.recurrence import Recurrence, occurrences
from regiohub_booking.service.slots import LOCK, lock_targets
from regiohub_booking.service.target import Target, load_target, load_targets
from regiohub_booking.service.waiting import Clash, Piece, clashes_of, close_conflicts, fill, piece_of
from regiohub_booking.service.wishes import LONGEST_TEXT, When
from regiohub_booking.settings import BookingSettings


@dataclass(frozen=True, slots=True)
class ClosureWish:
    """Time to be blocked, of exactly one of a resource (with all its parts) and a house (with all it holds)."""

    when: When
    reason: str
    resource_id: UUID | None = None
    place_id: UUID | None = None
    kind: ClosureKind = ClosureKind.MAINTENANCE
    public_reason: str | None = None
    public_reason_en: str | None = None
    rule: Recurrence | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """The dates of a wish and the bookings in them, earliest first."""

    dates: list[Interval]
    conflicts: list[Booking] = field(default_factory=list[Booking])


async def preview_closure(ctx: Ctx, wish: ClosureWish) -> Plan:
    """What would happen: the dates, and the bookings to decide on. Raises what making it raises."""
    ctx.require(MANAGE)
    dates = _dates(ctx, wish)
    pieces, _ = await _pieces(ctx, wish, dates)
    return Plan(dates, await _bookings(ctx, await clashes_of(ctx, pieces)))


async def block_time(ctx: Ctx, wish: ClosureWish) -> Closure:
    """Block time. What is free is taken at once; bookings stay until each is decided on, and then give way.

    Raises Forbidden, NotFound, the errors of times and series, StartInPast, and Conflict in a race without locks.
    """
    ctx.require(MANAGE)
    words = {name: _words(getattr(wish, name), name) for name in ("public_reason", "public_reason_en")}
    reason = _words(wish.reason, "reason")
    if reason is None:
        raise InvalidInput(t("Bitte einen kurzen Grund nennen.", "Please give a short reason."), field="reason")
    dates = _dates(ctx, wish)
    pieces, targets = await _pieces(ctx, wish, dates)
    await lock_targets(ctx, targets)
    rule = wish.rule or Recurrence(count=1)
    closure = Closure(
        id=uuid7(),
        resource_id=wish.resource_id,
        place_id=wish.place_id,
        kind=wish.kind,
        reason=reason,
        **words,
        frequency=wish.rule.frequency if wish.rule else None,
        interval=rule.interval,
        count=rule.count if wish.rule else None,
        until=rule.until,
        starts_at=dates[0].start,
        ends_at=dates[0].end,
        last_ends_at=max(date.end for date in dates),
        released_at=None,
        example=False,
    )
    ctx.session.add(closure)
    await ctx.session.flush()
    blocks = [_block(closure, piece) for piece in pieces]
    ctx.session.add_all(blocks)
    await ctx.session.flush()
    for clash in await _fill(ctx, [piece_of(block) for block in blocks]):
        ctx.session.add(
            BlockConflict(
                block_id=clash.piece.block_id, booking_id=clash.booking_id, state=ConflictState.OPEN, decided_at=None
            )
        )
    await ctx.session.flush()
    span = {"starts_at": closure.starts_at.isoformat(), "ends_at": closure.ends_at.isoformat(), "dates": len(dates)}
    await ctx.audit("booking.block", kind="closure", id=str(closure.id), after={**span, "reason": reason})
    return closure


async def release_closure(ctx: Ctx, closure_id: UUID) -> Closure:
    """Give back all dates that are not over; repeating it changes nothing. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    closure = await ctx.session.find(Closure, closure_id)
    if closure is None:
        raise closure_not_found()
    if closure.released_at is None:
        closure.released_at = ctx.now()
        await _release(ctx, Block.closure_id == closure.id)
        await ctx.audit("booking.unblock", kind="closure", id=str(closure.id))
    return closure


async def release_date(ctx: Ctx, closure_id: UUID, start: Interval) -> Closure:
    """Give back one date of a blocked time, on all its resources. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    closure = await ctx.session.find(Closure, closure_id)
    if closure is None:
        raise closure_not_found()
    released = await _release(
        ctx, Block.closure_id == closure.id, Block.starts_at == start.start, Block.ends_at == start.end
    )
    if not released:
        raise closure_not_found()
    after = {"starts_at": start.start.isoformat(), "ends_at": start.end.isoformat()}
    await ctx.audit("booking.unblock", kind="closure", id=str(closure.id), after=after)
    return closure


async def keep_booking(ctx: Ctx, closure_id: UUID, booking_id: UUID) -> Closure:
    """Decide that a booking stays although the time is blocked. Raises Forbidden, NotFound."""
    ctx.require(MANAGE)
    closure = await ctx.session.find(Closure, closure_id)
    if closure is None:
        raise closure_not_found()
    blocks = (await ctx.session.scalars(select(Block.id).where(Block.closure_id == closure.id))).all()
    if not await close_conflicts(ctx, blocks, ConflictState.KEPT, booking_id=booking_id):
        raise NotFound(t("Diese Buchung steht nicht im Weg.", "This booking is not in the way."), field="bookingId")
    await ctx.audit("booking.keep", kind="booking", id=str(booking_id), after={"closure": str(closure.id)})
    return closure


def closure_not_found() -> NotFound:
    """The answer for a blocked time that is not there."""
    return NotFound(t("Diese Sperrzeit gibt es nicht.", "There is no such blocked time."), field="id")


def _words(text: str | None, name: str) -> str | None:
    said = (text or "").strip()
    if len(said) > LONGEST_TEXT:
        head, *rest = name.split("_")
        raise InvalidInput(
            t(f"Höchstens {LONGEST_TEXT} Zeichen.", f"At most {LONGEST_TEXT} characters."),
            field=head + "".join(map(str.title, rest)),
        )
    return said or None


def _dates(ctx: Ctx, wish: ClosureWish) -> list[Interval]:
    first, zone = wish.when.interval(ctx), ctx.tenant.timezone
    if wish.rule is None:
        dates = [first]
    else:
        limit = ctx.settings(BookingSettings).series_dates
        # A wall-clock time that the change to summer time skips begins or ends at the change: closed is closed.
        spans = [(edge(o.starts, zone), edge(o.ends, zone, closing=True), o.interval) for o in
                 occurrences(wish.rule, first, zone, limit=limit)]  # fmt: skip
        dates = [known or Interval(start, end) for start, end, known in spans if known or start < end]
    if not dates or dates[-1].end <= ctx.now():
        raise StartInPast
    return dates


async def _pieces(ctx: Ctx, wish: ClosureWish, dates: Sequence[Interval]) -> tuple[list[Piece], list[Target]]:
    if (wish.resource_id is None) == (wish.place_id is None):
        raise InvalidInput(
            t("Bitte entweder ein Haus oder ein Angebot wählen.", "Please choose either a house or a resource."),
            field="resourceId",
        )
    if wish.resource_id is not None:
        target = await load_target(ctx, wish.resource_id, inactive=True)
        targets, ranges = [target], [(leaf.id, 1, leaf.units) for leaf in target.leaves]
    else:
        targets, ranges = await _of_house(ctx, wish.place_id)
    return [Piece(leaf, first, last, date) for date in dates for leaf, first, last in ranges], targets


async def _of_house(ctx: Ctx, place_id: UUID | None) -> tuple[list[Target], list[tuple[UUID, int, int]]]:
    """Everything in the house: its rooms, and the units that are picked up there."""
    if place_id is None or await ctx.session.find(Place, place_id) is None:
        raise NotFound(t("Dieses Haus gibt es nicht.", "There is no such house."), field="placeId")
    stored = select(Lot.resource_id).where(Lot.place_id == place_id)
    rows = await ctx.session.scalars(
        select(Resource).where(or_(Resource.place_id == place_id, Resource.id.in_(stored))).order_by(Resource.id)
    )
    targets = list((await load_targets(ctx, rows.all())).values())
    ranges: set[tuple[UUID, int, int]] = set()
    for target in targets:
        if target.is_whole:
            ranges |= {(leaf.id, 1, leaf.units) for leaf in target.leaves}
            continue
        there = [_is_there(target, unit, place_id) for unit in range(1, target.resource.units + 1)]
        for inside, units in groupby(range(1, len(there) + 1), key=lambda unit, there=there: there[unit - 1]):
            span = list(units)
            if inside:
                ranges.add((target.resource.id, span[0], span[-1]))
    return targets, sorted(ranges)


def _is_there(target: Target, unit: int, place_id: UUID) -> bool:
    lot = next((lot for lot in target.lots if unit in lot.units), None)
    return (lot.place if lot else target.resource.place_id) == place_id


def _block(closure: Closure, piece: Piece) -> Block:
    return Block(
        id=uuid7(),
        closure_id=closure.id,
        resource_id=piece.resource_id,
        first_unit=piece.first_unit,
        last_unit=piece.last_unit,
        starts_at=piece.span.start,
        ends_at=piece.span.end,
        released_at=None,
    )


async def _fill(ctx: Ctx, pieces: Sequence[Piece]) -> list[Clash]:
    try:
        return await fill(ctx, pieces)
    except IntegrityError as error:
        if CONSTRAINT not in str(error.orig):
            raise
        raise Conflict(
            t("Gerade wurde hier gebucht. Bitte erneut versuchen.", "Somebody has just booked. Please try again."),
            field="startsAt",
        ) from error


async def _bookings(ctx: Ctx, clashes: Sequence[Clash]) -> list[Booking]:
    ids = {clash.booking_id for clash in clashes}
    rows = await ctx.session.scalars(select(Booking).where(Booking.id.in_(ids)).order_by(Booking.starts_at, Booking.id))
    return list(rows)


async def _release(ctx: Ctx, *which: object) -> int:
    blocks = (
        await ctx.session.scalars(
            select(Block).where(*which, Block.released_at.is_(None), Block.ends_at > ctx.now())  # pyright: ignore[reportArgumentType] - conditions
        )
    ).all()
    await ctx.session.lock(LOCK, *{block.resource_id for block in blocks})
    for block in blocks:
        block.released_at = ctx.now()
    await ctx.session.flush()
    ids = [block.id for block in blocks]
    await ctx.session.execute(
        update(Slot).where(Slot.block_id.in_(ids)).values(occupies=False).execution_options(synchronize_session=False)
    )
    await close_conflicts(ctx, ids, ConflictState.SOLVED)
    await _let_others_follow(ctx, blocks)
    return len(blocks)


async def _let_others_follow(ctx: Ctx, released: Sequence[Block]) -> None:
    """A second blocked time over the same hours takes what the first has given back."""
    if not released:
        return
    others = await ctx.session.scalars(
        select(Block).where(
            Block.resource_id.in_({block.resource_id for block in released}),
            Block.released_at.is_(None),
            Block.starts_at < max(block.ends_at for block in released),
            Block.ends_at > min(block.starts_at for block in released),
        )
    )
    await fill(ctx, [piece_of(block) for block in others])
