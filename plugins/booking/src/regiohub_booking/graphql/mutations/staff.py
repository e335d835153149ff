"""Mutations of staff: decisions, blocked times, calendar links."""

from datetime import datetime
from uuid import UUID

from regiohub.api import Ctx, bound, column, mutation
from regiohub_booking.graphql.bookings import BookingType
from regiohub_booking.graphql.inputs import BlockTimeInput
from regiohub_booking.graphql.values import SecretCalendar
from regiohub_booking.models import Block, CalendarFeed
from regiohub_booking.permissions import APPROVE, MANAGE
from regiohub_booking.service import blocks, decide, feeds


@bound(Block, name="BlockedTime")
class BlockType:
    """Time that staff keep free of bookings."""

    id: UUID = column("Identifier.")
    starts_at: datetime = column("Start.")
    ends_at: datetime = column("End.")
    reason: str | None = column("Why.", permission=MANAGE)
    released_at: datetime | None = column("When it was given back.")


@bound(CalendarFeed)
class CalendarFeedType:
    """A secret calendar link of a resource."""

    id: UUID = column("Identifier.")
    label: str = column("For whom it is.")
    revoked_at: datetime | None = column("Since when it no longer works.")


@mutation("Confirms a request.", permission=APPROVE, returns="booking", args={"id": "The booking."})
async def approve_booking(ctx: Ctx, id: UUID) -> BookingType:
    """The booker is told."""
    return await decide.approve_booking(ctx, id)  # pyright: ignore[reportReturnType] - a row stands for its type


@mutation(
    "Refuses a request.",
    permission=APPROVE,
    returns="booking",
    args={"id": "The booking.", "reason": "Why; the booker is told."},
)
async def deny_booking(ctx: Ctx, id: UUID, reason: str) -> BookingType:
    """The time is free again at once."""
    return await decide.deny_booking(ctx, id, reason)  # pyright: ignore[reportReturnType]


@mutation("Keeps a time free of bookings.", permission=MANAGE, returns="block")
async def block_time(ctx: Ctx, input: BlockTimeInput) -> BlockType:
    """Refused where something is booked already."""
    return await blocks.block_time(ctx, input.resource_id, input.when(), input.reason)  # pyright: ignore[reportReturnType]


@mutation("Gives blocked time back.", permission=MANAGE, returns="block", args={"id": "The blocked time."})
async def release_time(ctx: Ctx, id: UUID) -> BlockType:
    """Repeating it changes nothing."""
    return await blocks.release_block(ctx, id)  # pyright: ignore[reportReturnType]


@mutation(
    "Makes a secret calendar link for a resource.",
    permission=MANAGE,
    returns="calendar",
    args={"resource_id": "The resource.", "label": "For whom it is."},
)
async def create_calendar_feed(ctx: Ctx, resource_id: UUID, label: str) -> SecretCalendar:
    """The token is in the answer and nowhere else."""
    made = await feeds.create_feed(ctx, resource_id, label)
    return SecretCalendar(id=made.feed.id, path=f"/{ctx.tenant.slug}/booking/calendar/{made.token}.ics")


@mutation("Makes a calendar link useless.", permission=MANAGE, returns="feed", args={"id": "The link."})
async def revoke_calendar_feed(ctx: Ctx, id: UUID) -> CalendarFeedType:
    """Repeating it changes nothing."""
    return await feeds.revoke_feed(ctx, id)  # pyright: ignore[reportReturnType]


STAFF = (approve_booking, deny_booking, block_time, release_time, create_calendar_feed, revoke_calendar_feed)
