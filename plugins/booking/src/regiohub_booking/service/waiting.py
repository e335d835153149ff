"""Blocked times take what is free, and wait for the rest: the moment a booking lets go, its time is theirs."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, insert, or_, select, update

from regiohub.api import Ctx, uuid7
from regiohub_booking.models import Block, BlockConflict, ConflictState, Slot
from regiohub_booking.rules.interval import Interval, without

ROWS = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """Units of one undivided resource that are to be blocked for one span; ``block_id`` is None in a preview."""

    resource_id: UUID
    first_unit: int
    last_unit: int
    span: Interval
    block_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Clash:
    """A booking that lies in a piece."""

    piece: Piece
    booking_id: UUID


async def clashes_of(ctx: Ctx, pieces: Sequence[Piece]) -> list[Clash]:
    """Bookings that hold units of the pieces, each once per piece; holds that have run out do not count."""
    return (await _sorted_out(ctx, pieces))[0]


async def fill(ctx: Ctx, pieces: Sequence[Piece]) -> list[Clash]:
    """Take all that is free of the pieces for their blocks, and return the bookings that stand in the way.

    The caller holds the locks of the resources. Raises IntegrityError when a writer without locks was faster.
    """
    clashes, gaps = await _sorted_out(ctx, pieces)
    rows = [
        {
            "id": uuid7(),
            "tenant_id": ctx.tenant.id,
            "resource_id": piece.resource_id,
            "booking_id": None,
            "block_id": piece.block_id,
            "unit": unit,
            "starts_at": gap.start,
            "ends_at": gap.end,
            "occupies": True,
            "expires_at": None,
        }
        for piece, unit, gap in gaps
    ]
    for start in range(0, len(rows), ROWS):
        await ctx.session.execute(insert(Slot).values(rows[start : start + ROWS]))
    return clashes


async def _sorted_out(ctx: Ctx, pieces: Sequence[Piece]) -> tuple[list[Clash], list[tuple[Piece, int, Interval]]]:
    if not pieces:
        return [], []
    taken = await _taken(ctx, pieces)
    clashes: dict[tuple[Piece, UUID], None] = {}
    gaps: list[tuple[Piece, int, Interval]] = []
    for piece in pieces:
        for unit in range(piece.first_unit, piece.last_unit + 1):
            here = taken[piece.resource_id, unit]
            touching = [(span, booking) for span, booking in here if span.overlaps(piece.span)]
            clashes |= {(piece, booking): None for _, booking in touching if booking is not None}
            free = without([piece.span], [span for span, _ in touching])
            gaps += [(piece, unit, gap) for gap in free]
            # Dates of one rule may overlap each other: what the first has taken the second must not take again.
            here += [(gap, None) for gap in free]
    return [Clash(piece, booking) for piece, booking in clashes], gaps


async def _taken(ctx: Ctx, pieces: Sequence[Piece]) -> dict[tuple[UUID, int], list[tuple[Interval, UUID | None]]]:
    start, end = min(piece.span.start for piece in pieces), max(piece.span.end for piece in pieces)
    rows = await ctx.session.execute(
        select(Slot.resource_id, Slot.unit, Slot.starts_at, Slot.ends_at, Slot.booking_id)
        .where(
            Slot.resource_id.in_({piece.resource_id for piece in pieces}),
            Slot.occupies,
            Slot.starts_at < end,
            Slot.ends_at > start,
            or_(Slot.expires_at.is_(None), Slot.expires_at > ctx.now()),
        )
        .order_by(Slot.starts_at, Slot.unit)
    )
    found: dict[tuple[UUID, int], list[tuple[Interval, UUID | None]]] = defaultdict(list)
    for row in rows:
        found[row.resource_id, row.unit].append((Interval(row.starts_at, row.ends_at), row.booking_id))
    return found


async def blocks_behind(ctx: Ctx, booking_ids: Collection[UUID]) -> list[Block]:
    """Blocked times that wait for time that these bookings hold or have held."""
    if not booking_ids:
        return []
    waiting = (
        select(Block)
        .join(
            Slot,
            and_(
                Slot.tenant_id == Block.tenant_id,
                Slot.resource_id == Block.resource_id,
                Slot.starts_at < Block.ends_at,
                Slot.ends_at > Block.starts_at,
                Slot.unit >= Block.first_unit,
                Slot.unit <= Block.last_unit,
            ),
        )
        .where(Slot.booking_id.in_(booking_ids), Block.released_at.is_(None))
        .order_by(Block.starts_at, Block.id)
    )
    return list((await ctx.session.scalars(waiting)).unique())


async def settle(ctx: Ctx, blocks: Sequence[Block], booking_ids: Collection[UUID]) -> None:
    """Let the blocks take what these bookings have given back, and close the conflicts that are none any more."""
    if not blocks:
        return
    clashes = await fill(ctx, [piece_of(block) for block in blocks])
    still = {(clash.piece.block_id, clash.booking_id) for clash in clashes}
    conflicts = await ctx.session.scalars(
        select(BlockConflict).where(
            BlockConflict.block_id.in_([block.id for block in blocks]),
            BlockConflict.booking_id.in_(booking_ids),
            BlockConflict.state != ConflictState.SOLVED,
        )
    )
    for conflict in conflicts:
        if (conflict.block_id, conflict.booking_id) not in still:
            conflict.state, conflict.decided_at = ConflictState.SOLVED, ctx.now()
    await ctx.session.flush()


def piece_of(block: Block) -> Piece:
    """What a stored block wants."""
    return Piece(
        block.resource_id, block.first_unit, block.last_unit, Interval(block.starts_at, block.ends_at), block.id
    )


async def close_conflicts(
    ctx: Ctx, block_ids: Sequence[UUID], state: ConflictState, *, booking_id: UUID | None = None
) -> int:
    """Decide on conflicts that are not solved yet, of all bookings or of one; returns how many there were."""
    statement = update(BlockConflict).where(
        BlockConflict.block_id.in_(block_ids), BlockConflict.state != ConflictState.SOLVED
    )
    if booking_id is not None:
        statement = statement.where(BlockConflict.booking_id == booking_id)
    result = await ctx.session.execute(
        statement.values(state=state, decided_at=ctx.now(), updated_at=ctx.now()).execution_options(
            synchronize_session=False
        )
    )
    return int(getattr(result, "rowcount", 0))
