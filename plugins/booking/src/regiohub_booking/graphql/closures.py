"""Types of blocked times: the public sees when and the public reason, staff see everything and the conflicts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func

from regiohub.api import Connection, Ctx, batched, bound, column, computed, to_many, to_one, value
from regiohub_booking.graphql.bookings import BookingType
from regiohub_booking.graphql.places import PlaceType
from regiohub_booking.graphql.resources import ResourceType
from regiohub_booking.models import Block, Closure, ClosureKind, ConflictState
from regiohub_booking.permissions import VIEW
from regiohub_booking.rules.recurrence import Frequency
from regiohub_booking.service.closure_lists import conflicts_of


def _public_reason(ctx: Ctx) -> Any:
    if ctx.locale == "en":
        return func.coalesce(Closure.public_reason_en, Closure.public_reason)
    return Closure.public_reason


@bound(Block, name="BlockedDate")
class BlockedDateType:
    """One date of a blocked time on one undivided resource."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    first_unit: int = column("First unit that is blocked.")
    last_unit: int = column("Last unit that is blocked.")
    released_at: datetime | None = column("When it was given back.")


@value
class BlockConflictInfo:
    """A booking that lay in a blocked time before it was blocked."""

    booking: BookingType = column("The booking.")
    state: ConflictState = column("Whether it has been decided on.")


@bound(Closure, name="BlockedTime")
class ClosureType:
    """Time that is kept free of bookings, once or by a rule."""

    id: UUID = column("Identifier.")
    kind: ClosureKind = column("Why, roughly.")
    starts_at: datetime = column("Start of its first date.")
    ends_at: datetime = column("End of its first date.")
    last_ends_at: datetime = column("End of its last date.")
    reason: str | None = column("Why, for staff.", permission=VIEW)
    public_reason: str | None = computed(
        "Why, for residents, in the caller's language where known.", sql=_public_reason
    )
    frequency: Frequency | None = column("How often it repeats; null for a single time.")
    interval: int = column("Every so many days, weeks or months.")
    count: int | None = column("How many dates were asked for.")
    until: date | None = column("Last day that was asked for.")
    released_at: datetime | None = column("When the rest of it was given back.")
    resource: ResourceType | None = to_one("The resource; null for a whole house.", Closure.resource)
    place: PlaceType | None = to_one("The house; null for a single resource.", Closure.place)
    dates: Connection[BlockedDateType] = to_many("Its dates, by resource.", Closure.dates, order_by=Block.starts_at)

    # A resolver: a booking is in the way of a blocked time once, however many halves of a hall it takes.
    @batched("Bookings that were there before, each to be decided on; for staff.", permission=VIEW)
    @staticmethod
    async def conflicts(rows: Sequence[Closure], ctx: Ctx) -> list[list[BlockConflictInfo] | None]:
        """Conflicts of all rows of the level."""
        found = await conflicts_of(ctx, [row.id for row in rows])
        result: list[list[BlockConflictInfo] | None] = []
        for row in rows:
            here = found.get(row.id, [])
            result.append([BlockConflictInfo(booking=item.booking, state=item.state) for item in here])  # pyright: ignore[reportArgumentType] - rows stand for their types
        return result


@value
class BlockPreview:
    """What blocking a time would mean."""

    dates: int = column("How many dates.")
    bookings: list[BookingType] = column("The bookings to decide on, earliest first.")
