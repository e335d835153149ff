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
    """Base of all records.

    `permission`: without it the field is null, with an error FORBIDDEN or UNAUTHENTICATED.
    `cacheable`: whether answers may be kept and given to others with the same rights. None: a root field is not, a
    field inside a bound type is what its type says (`Bound.cacheable`). False excludes a field of a cacheable type.
    """

    permission: Permission | None = field(default=None, kw_only=True)
    cacheable: bool | None = field(default=None, kw_only=True)


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
class ColumnSpec(FieldSpec):
    """An attribute of the row or value. `of`: the model's attribute, or None for the one of the same name."""

    of: Any = None


@dataclass(frozen=True, slots=True)
class ToOneSpec(FieldSpec):
    """The row that a relation points to. `always`: whoever sees this row may see that one too."""

    relation: Any
    always: bool = False


class Otherwise(Exception):
    """Raised by `ManySpec.source`: for these arguments `otherwise` has to be asked."""


@dataclass(frozen=True, slots=True)
class ListSpec(FieldSpec):
    """What lists have in common.

    `order_by`: the order; `orders`: those that a caller may choose instead, by the value of the enum `orderBy`.
    `filter`: class made by `@filters`, the argument `filter`. `arguments`: another such class, each of whose fields is
    an argument of the list itself, beside `first` and `after`. `page`: entries when the caller names no number;
    `most`: entries that one page has at most.
    """

    order_by: Order = ()
    orders: Mapping[str, Order] = field(default_factory=dict[str, Order])
    filter: type | None = None
    arguments: type | None = None
    page: int = DEFAULT_PAGE
    most: int = MAX_PAGE

    def order(self, _ctx: Any, given: Mapping[str, Any]) -> Order:
        """The order for the given arguments (by their Python names): the chosen one, else the usual one."""
        chosen = given.get("order_by")
        return self.order_by if chosen is None else self.orders[chosen.value]


@dataclass(frozen=True, slots=True)
class ToManySpec(ListSpec):
    """A page of the rows that point here, for each parent."""

    relation: Any = None


@dataclass(frozen=True, slots=True)
class ManySpec(ListSpec):
    """A page of all rows of a type, or of the rows of a SELECT that a function makes.

    `dataset`: only towns that share it with the region (region schema). `select`: synchronous function
    `([ctx,] **arguments) -> Select` of the bound model, with conditions and joins; `signature` says what it takes.
    `order_call`, `order_signature`: function `([ctx,] **arguments)` of the same arguments that returns the order.
    `otherwise`: asynchronous function of the same arguments that answers where `select` returns None.
    """

    dataset: str | None = None
    select: Callable[..., Any] | None = None
    signature: Signature | None = None
    order_call: Callable[..., Any] | None = None
    order_signature: Signature | None = None
    otherwise: Callable[..., Any] | None = None

    def source(self, ctx: Any, given: Mapping[str, Any]) -> Any:
        """The SELECT to page through for the given arguments; None: all rows of the type.

        Raises `Otherwise` where these arguments are for the function `otherwise`.
        """
        if self.select is None or self.signature is None:
            return None
        found = self.select(*([ctx] if self.signature.ctx else ()), **self.signature.arguments(given))
        if found is None and self.otherwise is not None:
            raise Otherwise
        return found

    def order(self, ctx: Any, given: Mapping[str, Any]) -> Order:
        """The order for the given arguments (by their Python names): the chosen one, else the usual one."""
        chosen = given.get("order_by")
        if chosen is not None:
            return self.orders[chosen.value]
        if self.order_call is None or self.order_signature is None:
            return self.order_by
        takes = self.order_signature
        return one_order(self.order_call(*([ctx] if takes.ctx else ()), **takes.arguments(given)))


@dataclass(frozen=True, slots=True)
class OneSpec(FieldSpec):
    """One row by an attribute that is unique in a town (`by`; None: the key)."""

    by: Any = None


@dataclass(frozen=True, slots=True)
class ComputedSpec(FieldSpec):
    """A value derived from one row.

    `sql` alone: an expression in the row's own statement. `python` alone: a function of the row and the context. Both:
    twins that always agree. `reads`: the column attributes that `python` needs; it then gets an object with exactly
    these (see `light.py`) and only these columns are read. None: it gets the whole row.
    """

    sql: Callable[..., Any] | None = None
    python: Callable[[Any, Any], Any] | None = None
    reads: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class ExpressionSpec(FieldSpec):
    """A value derived from one row and the caller's arguments by an SQL expression in the row's own statement.

    `sql`: function `([ctx,] **arguments)` that returns a scalar expression.
    """

    sql: Callable[..., Any]
    signature: Signature

    def expression(self, ctx: Any, given: Mapping[str, Any]) -> Any:
        """The expression for the given arguments."""
        return self.sql(*([ctx] if self.signature.ctx else ()), **self.signature.arguments(given))


@dataclass(frozen=True, slots=True)
class CountSpec(FieldSpec):
    """How many rows of a to-many relation: 0 or more.

    `of`: the bound type as which they are counted (or a function that returns it); its row predicate holds.
    `where`: function `([ctx])` that returns a further predicate or None. `filter`, `arguments`: as in lists.
    """

    relation: Any
    of: Any
    where: Callable[..., Any] | None = None
    filter: type | None = None
    arguments: type | None = None


@dataclass(frozen=True, slots=True)
class FirstOfSpec(FieldSpec):
    """The first row of a to-many relation by an order, made unique by the key; null if there is none.

    The row predicate of the field's type holds. `where`: function `([ctx])` that returns a further predicate or None.
    """

    relation: Any
    order_by: Order
    where: Callable[..., Any] | None = None


@dataclass(frozen=True, slots=True)
class NestedSpec(FieldSpec):
    """Values that one SELECT brings for each row: rollups, groups, figures.

    `select`: synchronous function `(parent, [ctx,] **arguments) -> Select` of labelled scalar columns, correlated with
    the parent's columns; `parent` is the model or an alias of it. The labels are the Python names of the plain fields
    of the field's `@value` type. `many`: a list of values; otherwise the first one, or null. `items`: usual length, for
    the cost estimate.
    """

    select: Callable[..., Any]
    signature: Signature
    many: bool = True
    items: int = 10

    def source(self, parent: Any, ctx: Any, given: Mapping[str, Any]) -> Any:
        """The SELECT below a parent for the given arguments, as the function made it."""
        return self.select(parent, *([ctx] if self.signature.ctx else ()), **self.signature.arguments(given))


@dataclass(frozen=True, slots=True)
class RowsSpec(FieldSpec):
    """Rows of a bound type that one SELECT brings for each row: along a table between, or by a rule.

    `select`: synchronous function `(parent, [ctx,] **arguments) -> Select` of the model of the field's type, in its own
    order, correlated with the parent's columns; the row predicate of the type holds besides. `many`: a list; otherwise
    the first one, or null. `items`: usual length, for the cost estimate.
    """

    select: Callable[..., Any]
    signature: Signature
    many: bool = True
    items: int = 10

    def source(self, parent: Any, ctx: Any, given: Mapping[str, Any]) -> Any:
        """The SELECT below a parent for the given arguments, as the function made it."""
        return self.select(parent, *([ctx] if self.signature.ctx else ()), **self.signature.arguments(given))


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
    """A GraphQL type bound to a model.

    `rows`: predicate that every read of this type carries, from the context. `cacheable`: whether what the type shows
    depends on neither person nor clock beyond what permissions say.
    """

    model: type[Any]
    rows: Callable[[Any], Any] | None
    origin: type[Any]
    cacheable: bool = False


@dataclass(frozen=True, slots=True)
class Where:
    """One field of a filter: an attribute (equality), or a function `(value[, ctx])` of a predicate or None."""

    condition: Any


def one_order(value: Any) -> Order:
    """An order given as one expression or as a sequence of them."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, (tuple, list)) else (value,)
