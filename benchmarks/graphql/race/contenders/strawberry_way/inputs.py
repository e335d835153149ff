"""Inputs and small types that both ways share."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Annotated, Generic, TypeVar

import strawberry

from regiohub_booking.models import ResourceKind

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
