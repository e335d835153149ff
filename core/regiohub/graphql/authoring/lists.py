"""Functions that declare lists and single rows: the fields that read rows of a bound type."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from regiohub.auth.permissions import Permission

from . import spec as specs
from .fields import make_field, read_signature


def to_many(
    description: str,
    relation: Any,
    *,
    order_by: Any = None,
    orders: Mapping[str, Any] | None = None,
    filter: type | None = None,
    arguments: type | None = None,
    page: int = specs.DEFAULT_PAGE,
    most: int = specs.MAX_PAGE,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """A connection over a to-many relation: each parent has its own page, one statement serves all parents.

    `order_by`: attributes of the target (`Slot.starts_at`, `.desc()` of it, a tuple); without it the order is that of
    the key. `orders`: orders to choose from, by the name of the value of the enum argument `orderBy`. `filter`: a
    class made by `@filters`, the argument `filter`. `arguments`: another such class, whose fields are arguments of the
    list itself (`observations(from:, to:)`) and may be required. `page`: entries when the caller names no number;
    `most`: entries that one page has at most (a series of numbers may have 1,000). `cacheable=False`: excludes the
    field of a type that is cacheable.
    """
    record = specs.ToManySpec(
        relation=relation, order_by=specs.one_order(order_by), orders=_orders(orders), filter=filter,
        arguments=arguments, page=page, most=most, permission=permission, cacheable=cacheable,
    )  # fmt: skip
    return make_field(description, record, deprecated=deprecated)


def many(
    description: str,
    *,
    of: Callable[..., Any] | None = None,
    otherwise: Callable[..., Any] | None = None,
    args: Mapping[str, str] | None = None,
    order_by: Any = None,
    orders: Mapping[str, Any] | None = None,
    filter: type | None = None,
    arguments: type | None = None,
    page: int = specs.DEFAULT_PAGE,
    most: int = specs.MAX_PAGE,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """A connection over rows of a bound type: all that the caller may read, or those of a SELECT.

    `of`: synchronous function `(ctx, **arguments) -> Select` of the bound model with conditions and joins (`ctx` may be
    left out). Its parameters are arguments of the field, described by `args`. With it `order_by` may be a function of
    the same arguments, taken by name ("nearest first"). Order, limit and columns of the SELECT are the platform's; what
    it raises is an error at the field. Everything else is as in `to_many`.

    `otherwise`: `async def f(ctx, **arguments) -> Connection[…]` of the same arguments, asked where `of` returns None:
    for searches and rankings that only Python can do. It answers with `connection(…)`.

    `cacheable`: the answer depends on neither person nor clock, and may be kept for callers with the same rights.
    """
    return _many(
        description, of, args, order_by, deprecated, orders=_orders(orders), filter=filter, arguments=arguments,
        page=page, most=most, permission=permission, cacheable=cacheable, otherwise=otherwise,
    )  # fmt: skip


def region_many(
    description: str,
    *,
    dataset: str,
    of: Callable[..., Any] | None = None,
    args: Mapping[str, str] | None = None,
    order_by: Any = None,
    orders: Mapping[str, Any] | None = None,
    filter: type | None = None,
    arguments: type | None = None,
    page: int = specs.DEFAULT_PAGE,
    most: int = specs.MAX_PAGE,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """A connection over the rows of all towns that share `dataset` with the region; otherwise as `many`."""
    return _many(
        description, of, args, order_by, deprecated, orders=_orders(orders), filter=filter, arguments=arguments,
        page=page, most=most, dataset=dataset, cacheable=cacheable,
    )  # fmt: skip


def one(
    description: str,
    *,
    by: Any = None,
    permission: Permission | None = None,
    cacheable: bool | None = None,
    deprecated: str | None = None,
) -> Any:
    """One row, or null. `by`: attribute that is unique in a town (default `id`); it names the argument too."""
    record = specs.OneSpec(by, permission=permission, cacheable=cacheable)
    return make_field(description, record, deprecated=deprecated)


def _many(
    description: str,
    of: Callable[..., Any] | None,
    args: Mapping[str, str] | None,
    order_by: Any,
    deprecated: str | None,
    **common: Any,
) -> Any:
    order = order_by if inspect.isfunction(order_by) else None
    if of is None and (order is not None or args or common.get("otherwise")):
        raise TypeError(f"many({description!r}): a function as order_by=, otherwise= and args= belong to of=")
    signature, own = (None, []) if of is None else read_signature(of, args or {}, subject=False)
    record = specs.ManySpec(
        order_by=() if order is not None else specs.one_order(order_by),
        select=of,
        signature=signature,
        order_call=order,
        order_signature=read_signature(order, {}, subject=False)[0] if order is not None else None,
        **common,
    )
    made = make_field(description, record, deprecated=deprecated)
    made.arguments = own
    return made


def _orders(orders: Mapping[str, Any] | None) -> dict[str, specs.Order]:
    return {name: specs.one_order(value) for name, value in (orders or {}).items()}
