"""What a GraphQL field stands for, as plain data.

The executor, the cost limits and a query compiler read these records; nothing about a field is hidden in a closure:
model, column, relation, order, filter, SQL expression, permission and row predicate are all here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from regiohub.auth.permissions import Permission

SPEC = "regiohub"
"""Key of the record in the metadata of a Strawberry field."""

DEFAULT_PAGE = 20
MAX_PAGE = 100

Order = tuple[Any, ...]
"""SQL expressions, first one first: attributes of a model, `.desc()` of them, or any comparable expression."""


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """Base of all records. `permission`: without it the field is null, with an error FORBIDDEN or UNAUTHENTICATED."""

    permission: Permission | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class ColumnSpec(FieldSpec):
    """An attribute of the row or value. `of`: the model's attribute, or None for the one of the same name."""

    of: Any = None


@dataclass(frozen=True, slots=True)
class ToOneSpec(FieldSpec):
    """The row that a relation points to."""

    relation: Any


@dataclass(frozen=True, slots=True)
class ListSpec(FieldSpec):
    """What lists have in common: their order, the orders a caller may choose, the filter, the page size."""

    order_by: Order = ()
    orders: Mapping[str, Order] = field(default_factory=dict[str, Order])
    filter: type | None = None
    page: int = DEFAULT_PAGE


@dataclass(frozen=True, slots=True)
class ToManySpec(ListSpec):
    """A page of the rows that point here, for each parent."""

    relation: Any = None


@dataclass(frozen=True, slots=True)
class ManySpec(ListSpec):
    """A page of all rows of a type. `dataset`: only towns that share it with the region (region schema)."""

    dataset: str | None = None


@dataclass(frozen=True, slots=True)
class OneSpec(FieldSpec):
    """One row by an attribute that is unique in a town."""

    by: Any = None


@dataclass(frozen=True, slots=True)
class ComputedSpec(FieldSpec):
    """A value derived from one row: by an SQL expression in the row's own statement, or by Python on the row."""

    sql: Callable[..., Any] | None = None
    python: Callable[[Any, Any], Any] | None = None


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes: the row, the context, arguments (`names`), some of them without a default (`required`)."""

    subject: bool
    ctx: bool
    names: tuple[str, ...]
    required: frozenset[str]

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The keyword arguments of a call; what is required and was not given is null."""
        found = {name: given[name] for name in self.names if name in given}
        for name in self.required:
            found.setdefault(name, None)
        return found


@dataclass(frozen=True, slots=True)
class CallSpec(FieldSpec):
    """An ordinary resolver: awaited once per row. `items`: assumed length of a list result, for the cost estimate."""

    call: Callable[..., Any]
    signature: Signature
    items: int = 10


@dataclass(frozen=True, slots=True)
class BatchedSpec(FieldSpec):
    """A resolver that is awaited once for all rows of a level and answers in their order."""

    call: Callable[..., Any]
    signature: Signature
    items: int = 10


@dataclass(frozen=True, slots=True)
class TownSpec(FieldSpec):
    """The town that a row belongs to."""


@dataclass(frozen=True, slots=True)
class NamespaceSpec(FieldSpec):
    """The root field that holds a plugin's queries. `origin`: the class made by `@query`."""

    plugin: str
    origin: type[Any]


@dataclass(frozen=True, slots=True)
class MutationSpec(FieldSpec):
    """A write in its own unit of work. `returns`: name of the payload's field, None if it returns nothing."""

    call: Callable[..., Any]
    signature: Signature
    returns: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionSpec(FieldSpec):
    """A stream of values; each one is read in a unit of work of its own."""

    call: Callable[..., Any]
    signature: Signature


@dataclass(frozen=True, slots=True)
class Bound:
    """A GraphQL type bound to a model. `rows`: predicate that every read of this type carries, from the context."""

    model: type[Any]
    rows: Callable[[Any], Any] | None
    origin: type[Any]


@dataclass(frozen=True, slots=True)
class Where:
    """One field of a filter: an attribute for equality, or a function of the given value that returns a predicate."""

    condition: Any


def one_order(value: Any) -> Order:
    """An order given as one expression or as a sequence of them."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
