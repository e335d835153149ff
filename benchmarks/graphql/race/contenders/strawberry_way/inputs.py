"""Inputs and small types that both ways share."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Generic, TypeVar

import sqlalchemy as sa
import strawberry

from regiohub_booking.models import Booking, ResourceKind
from regiohub_booking.rules.states import BookingState

T = TypeVar("T")
From = Annotated[datetime, strawberry.argument(name="from")]
"""A keyword of Python as the name of an argument."""

Kind = strawberry.enum(ResourceKind, name="ResourceKind")


@strawberry.enum(name="AtlasProceduresOrder")
class Order(Enum):
    """Orders of procedures."""

    NEWEST_FIRST = "newest_first"


@strawberry.input(name="ResourceFilter")
class ResourceFilter:
    """Which resources."""

    kind: ResourceKind | None = None


@strawberry.input(name="BusyTimeFilter")
class BusyTimeFilter:
    """Which busy times."""

    from_: datetime | None = strawberry.field(name="from", default=None)


@strawberry.type
class Nodes(Generic[T]):
    """A page of a list."""

    nodes: list[T]


@strawberry.type
class Town:
    """The town."""

    slug: str
    name: str


def occupying(after: datetime | None) -> sa.ColumnElement[bool]:
    """Bookings that keep others away and end after the moment."""
    held = sa.and_(Booking.state == BookingState.HELD, Booking.expires_at > datetime.now(UTC))
    states = sa.or_(Booking.state.in_((BookingState.PENDING, BookingState.CONFIRMED)), held)
    return sa.and_(states, Booking.ends_at > after) if after is not None else states
