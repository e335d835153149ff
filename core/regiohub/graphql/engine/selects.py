"""Parts that statements of lists are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .keyset import Term
from .need import Need


@dataclass(slots=True)
class Cut:
    """What a caller wants of a list."""

    first: int
    order: tuple[Term, ...]
    after: Sequence[Any] | None = None
    conditions: Sequence[Any] = ()
    cursors: bool = False
    total: bool = False


def computed(need: Need) -> list[Any]:
    """The computed expressions of a SELECT."""
    return [expression.label(f"computed_{name}") for name, expression in need.computed.items()]


def marks(order: Sequence[Term]) -> list[Any]:
    """The expressions that a cursor is made of."""
    return [term.expression.label(f"mark_{number}") for number, term in enumerate(order)]


def inlined(number: int) -> Any:
    """A limit written into the statement: as a parameter, a generic plan would assume a tenth of the table."""
    return sa.literal_column(str(int(number)))
