"""Relay connections: the types, and the lazy page that resolvers hand back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import strawberry

from . import spec as specs

T = TypeVar("T")


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    """Where a page stands in its list."""

    has_next_page: bool = strawberry.field(description="Whether entries follow.")
    has_previous_page: bool = strawberry.field(description="Whether entries stand before.")
    start_cursor: str | None = strawberry.field(description="Cursor of the first entry; null on an empty page.")
    end_cursor: str | None = strawberry.field(description="Cursor of the last entry: the next page's `after`.")


@strawberry.type(description="An entry with its cursor.")
class Edge(Generic[T]):
    """An entry with its cursor."""

    cursor: str = strawberry.field(description="Mark of this entry; the next page's `after`.")
    node: T = strawberry.field(description="The entry.")


@strawberry.type(description="One page of a list.")
class Connection(Generic[T]):
    """One page of a list. Annotate list fields with it: `Connection[RoomType]`."""

    edges: list[Edge[T]] = strawberry.field(description="The entries with their cursors.")
    nodes: list[T] = strawberry.field(description="The entries; a shortcut past `edges`.")
    total_count: int = strawberry.field(description="How many entries the whole list has; counted only when asked for.")
    page_info: PageInfo = strawberry.field(description="Where this page stands in the list.")


@dataclass(frozen=True, slots=True)
class Page:
    """What a resolver returns for a `Connection`: not rows, but where they come from.

    `source`: a SELECT of the bound model, or a sequence of rows or values that is complete already.
    """

    source: Any
    order_by: specs.Order


def connection(source: Any, *, order_by: Any = None) -> Any:
    """A page of a SELECT of the bound model, cut and counted by the platform as the caller asks.

    The SELECT may carry conditions and joins; order, limit and columns are the platform's. A sequence (a ranking made
    in Python) is cut too; its cursors count places.
    """
    if isinstance(source, Sequence) and order_by is not None:
        raise TypeError("a sequence has its order already")
    return Page(source, specs.one_order(order_by))
