"""Which units a booking has, and where they lie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from regiohub.api import Ctx
from regiohub_booking.models import Booking, Lot, Owner, Place, Slot

M = TypeVar("M", Place, Owner)


@dataclass(slots=True)
class Portion:
    """Units of one owner at one place; no place and no owner for units without a lot."""

    units: list[int]
    place: Place | None = None
    owner: Owner | None = None


async def pick_ups_of(ctx: Ctx, bookings: Sequence[Booking]) -> dict[UUID, list[Portion]]:
    """The portions of each booking, by a fixed number of statements. A whole (a hall) has none."""
    ids = [booking.id for booking in bookings]
    resources = {booking.resource_id for booking in bookings}
    slots = await ctx.session.execute(
        select(Slot.booking_id, Slot.resource_id, Slot.unit).where(Slot.booking_id.in_(ids)).order_by(Slot.unit)
    )
    lots = (await ctx.session.scalars(select(Lot).where(Lot.resource_id.in_(resources)))).all()
    places = await _by_id(ctx, Place, {lot.place_id for lot in lots})
    owners = await _by_id(ctx, Owner, {lot.owner_id for lot in lots})
    found: dict[UUID, dict[UUID | None, Portion]] = {}
    own = {booking.id: booking.resource_id for booking in bookings}
    for booking_id, resource_id, unit in slots:
        if booking_id is None or own[booking_id] != resource_id:
            continue
        lot = next((item for item in lots if item.resource_id == resource_id and unit in _units(item)), None)
        portions = found.setdefault(booking_id, {})
        portion = portions.get(lot.id if lot else None)
        if portion is None:
            portion = Portion([], places.get(lot.place_id) if lot else None, owners.get(lot.owner_id) if lot else None)
            portions[lot.id if lot else None] = portion
        if unit not in portion.units:
            portion.units.append(unit)
    return {booking_id: list(portions.values()) for booking_id, portions in found.items()}


def _units(lot: Lot) -> range:
    return range(lot.first_unit, lot.first_unit + lot.units)


async def _by_id(ctx: Ctx, model: type[M], ids: set[UUID]) -> dict[UUID, M]:
    rows = (await ctx.session.scalars(select(model).where(model.id.in_(ids)))).all() if ids else []
    return {row.id: row for row in rows}
