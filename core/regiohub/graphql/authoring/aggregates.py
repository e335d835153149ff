"""Functions that declare what is gathered from many rows: counts, first rows, rollups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from regiohub.auth.permissions import Permission

from . import spec as specs
from .fields import make_field, read_signature


def count_of(
    description: str,
    relation: Any,
    *,
    of: Any,
    where: Callable[..., Any] | None = None,
    filter: type | None = None,
    arguments: type | None = None,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """How many rows a to-many relation leads to: an `int`, 0 if there are none. One statement serves all parents.

    `of`: the bound type as which they are counted, or a function that returns it where the type is declared further
    down: rows that the caller may not see in that type are not counted. `where`: function of nothing, or of the
    context, that returns a further predicate or None. `filter`, `arguments`: as in `to_many`.
    """
    record = specs.CountSpec(
        relation, of, where=where, filter=filter, arguments=arguments, permission=permission, cacheable=cacheable
    )
    return make_field(description, record, deprecated=deprecated)


def first_of(
    description: str,
    relation: Any,
    *,
    order_by: Any,
    where: Callable[..., Any] | None = None,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """The first row of a to-many relation by an order: "last value", "next date". Annotate it `X | None`.

    The row predicate of the field's type holds; null if no row is left. `where`: function of nothing, or of the
    context, that returns a further predicate or None. One statement serves all parents.
    """
    record = specs.FirstOfSpec(
        relation, specs.one_order(order_by), where=where, permission=permission, cacheable=cacheable
    )
    return make_field(description, record, deprecated=deprecated)


def nested(
    description: str,
    *,
    of: Callable[..., Any],
    args: Mapping[str, str] | None = None,
    many: bool = True,
    items: int = 10,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """Values that one SELECT brings for each row, as a `@value` type: rollups, groups, figures.

    `of`: synchronous function `(parent, ctx, **arguments) -> Select` (`ctx` may be left out) of labelled scalar
    columns; each label is the Python name of a plain field of the value type. `parent` is the model or an alias of it:
    compare with `parent.id`, never with the class. Group, order and limit as you like (but not by columns of the
    parent, which are the same throughout): the SELECT runs for each parent by itself, in one statement for all
    parents. Tables in its FROM are held to the parent's town; in sub-queries compare `tenant_id` yourself and say
    `.correlate(parent)`. Its other parameters are arguments of the field, described by `args`.

    `many`: the field is `list[V]`; else it is `V | None`, the first row. `items`: the usual length of the list, for the
    cost estimate.
    """
    signature, arguments = read_signature(of, args or {}, subject=True)
    record = specs.NestedSpec(of, signature, many=many, items=items, permission=permission, cacheable=cacheable)
    made = make_field(description, record, deprecated=deprecated)
    made.arguments = arguments
    return made


def rows_of(
    description: str,
    *,
    of: Callable[..., Any],
    args: Mapping[str, str] | None = None,
    many: bool = True,
    items: int = 10,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """Rows of a bound type that one SELECT brings for each row: along a table between, or by a rule of yours.

    `of`: as in `nested`, but the SELECT is one of the model of the field's type: `select(Topic).join(…)`, in the order
    that the list shall have. The row predicate of the type holds besides. `many`: the field is `list[T]`, for lists
    that are short by nature; else it is `T | None`, the first row. For long lists declare a relation and use `to_many`.
    """
    signature, arguments = read_signature(of, args or {}, subject=True)
    record = specs.RowsSpec(of, signature, many=many, items=items, permission=permission, cacheable=cacheable)
    made = make_field(description, record, deprecated=deprecated)
    made.arguments = arguments
    return made
