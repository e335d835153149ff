"""What the lists of staff read: statements over one table each, so that long lists stay quick."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, true

from regiohub.api import Ctx, TenantScope
from regiohub_booking.models import (
    AccessGrant,
    Block,
    BlockConflict,
    Booking,
    Closure,
    ConflictState,
    Place,
    Question,
    Resource,
)
from regiohub_booking.permissions import APPROVE, CARETAKE, VIEW
from regiohub_booking.rules.clock import day_edge
from regiohub_booking.rules.states import OPEN_REQUESTS, BookingState


@dataclass(frozen=True, slots=True)
class Names:
    """Resources and houses by their ids: towns have hundreds of them, not thousands."""

    resources: dict[UUID, Resource]
    places: dict[UUID, Place]

    def resource(self, id: UUID) -> str:
        """Name of a resource."""
        found = self.resources.get(id)
        return found.name if found else ""

    def place_of(self, resource_id: UUID) -> str:
        """Name of the house that a resource belongs to."""
        found = self.resources.get(resource_id)
        place = self.places.get(found.place_id) if found else None
        return place.name if place else ""

    def in_place(self, place_id: UUID) -> list[UUID]:
        """Ids of the resources of a house."""
        return [item.id for item in self.resources.values() if item.place_id == place_id]


async def names_of(ctx: Ctx) -> Names:
    """All resources and houses of the town, by name, in two statements."""
    resources = (await ctx.session.scalars(select(Resource).order_by(Resource.name, Resource.id))).all()
    places = (await ctx.session.scalars(select(Place).order_by(Place.name, Place.id))).all()
    return Names({item.id: item for item in resources}, {item.id: item for item in places})


def bookings_statement(ctx: Ctx, when: str = "coming") -> Select[Booking]:
    """Bookings for staff: those to come, those that are over, or all. Raises Forbidden."""
    ctx.require(VIEW)
    statement = select(Booking)
    if when == "coming":
        return statement.where(Booking.ends_at > ctx.now(), Booking.state.in_(tuple(LIVE)))
    if when == "past":
        return statement.where(Booking.ends_at <= ctx.now())
    return statement


LIVE = (BookingState.PENDING, BookingState.ASKED, BookingState.CONFIRMED)


def requests_statement(ctx: Ctx) -> Select[Booking]:
    """Requests that wait for the house or for an answer. Raises Forbidden."""
    ctx.require(VIEW)
    return select(Booking).where(Booking.state.in_(tuple(OPEN_REQUESTS)))


async def waiting_requests(ctx: Ctx) -> int:
    """How many requests the house has to decide on; those with an open question wait for somebody else."""
    if not ctx.can(APPROVE):
        return 0
    return (
        await ctx.session.scalar(select(func.count()).select_from(Booking).where(Booking.state == BookingState.PENDING))
        or 0
    )


async def silent_grants(ctx: Ctx) -> int:
    """How many locks have not followed although they were asked."""
    if not ctx.can(CARETAKE):
        return 0
    return await ctx.session.scalar(select(func.count()).select_from(AccessGrant).where(is_silent())) or 0


def is_silent() -> Any:
    """The lock was asked at least once in vain and has not followed yet."""
    return and_(AccessGrant.next_try_at.is_not(None), AccessGrant.attempts > 0)


@dataclass(frozen=True, slots=True)
class Waits:
    """What stands in the way of some requests: blocked times by booking, and open questions by booking."""

    blocked: dict[UUID, str]
    questions: dict[UUID, Question]


async def waits_of(ctx: Ctx, booking_ids: Collection[UUID]) -> Waits:
    """Blocked times and open questions of some requests, in two statements."""
    ctx.require(VIEW)
    blocked = await ctx.session.execute(
        select(BlockConflict.booking_id, Closure.reason)
        .join(Block, and_(Block.tenant_id == BlockConflict.tenant_id, Block.id == BlockConflict.block_id))
        .join(Closure, and_(Closure.tenant_id == Block.tenant_id, Closure.id == Block.closure_id))
        .where(BlockConflict.booking_id.in_(booking_ids), BlockConflict.state == ConflictState.OPEN)
    )
    questions = await ctx.session.scalars(
        select(Question)
        .where(Question.booking_id.in_(booking_ids), Question.answered_at.is_(None))
        .order_by(Question.asked_at)
    )
    return Waits({row.booking_id: row.reason for row in blocked}, {item.booking_id: item for item in questions})


def grants_statement(ctx: Ctx) -> Select[AccessGrant, Booking]:
    """Access with its booking, for the caretaker. Raises Forbidden."""
    ctx.require(CARETAKE)
    return select(AccessGrant, Booking).join(
        Booking, and_(Booking.tenant_id == AccessGrant.tenant_id, Booking.id == AccessGrant.booking_id)
    )


def on_or_after(scope: TenantScope, day: date) -> Any:
    """Bookings that end on a day or later, in the town's time."""
    return Booking.ends_at > day_edge(day, 0, scope.tenant.timezone)


def on_or_before(scope: TenantScope, day: date) -> Any:
    """Bookings that begin on a day or earlier, in the town's time."""
    return Booking.starts_at < day_edge(day + timedelta(days=1), 0, scope.tenant.timezone)


def matches(text: str) -> Any:
    """Bookings with this number, or with these words in name, address or purpose."""
    if len(text) >= 6 and text[:4].isdigit() and text[4] == "-":
        return Booking.number.startswith(text.upper(), autoescape=True)
    columns = (Booking.booker_name, Booking.booker_email, Booking.purpose)
    words = (or_(*(column.icontains(word, autoescape=True) for column in columns)) for word in text.split()[:5])
    return and_(true(), *words)
