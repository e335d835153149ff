"""Mutations and subscriptions: functions that become root fields."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Protocol, get_args, get_origin

import strawberry
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.field import StrawberryField

from regiohub.auth.permissions import Permission

from . import spec as specs
from .errors import DomainError
from .fields import camel, make_field, read_signature, returned


class Operation(Protocol):
    """A function that `mutation` or `subscription` has made a root field."""

    __name__: str
    __regiohub_field__: StrawberryField


def mutation(
    description: str,
    *,
    permission: Permission,
    returns: str | None = None,
    args: Mapping[str, str] | None = None,
    deprecated: str | None = None,
) -> Callable[[Any], Any]:
    """Make `async def create_booking(ctx, input)` the mutation `createBooking`.

    It runs in a writing unit of work of its own, repeated after a deadlock, and returns the row (or value) for the
    payload's field `returns`. A `DomainError` undoes everything and becomes an entry of the payload's `errors`; a
    missing right is an error of the response. `permission`: a declared one, `SIGNED_IN`, or `PUBLIC` (rate-limited).
    """

    def declare(function: Any) -> Any:
        signature, arguments = read_signature(function, args or {}, subject=False)
        record = specs.MutationSpec(function, signature, returns, permission=permission)
        payload = _payload(function, returns, description)
        made = make_field(description, record, deprecated=deprecated, annotation=StrawberryAnnotation(payload | None))
        return _operation(function, made, arguments)

    return declare


def subscription(
    description: str,
    *,
    permission: Permission,
    args: Mapping[str, str] | None = None,
    deprecated: str | None = None,
) -> Callable[[Any], Any]:
    """Make `async def observation_added(scope, …) -> AsyncIterator[X]` the subscription `observationAdded`.

    It yields rows, ids of rows, or values of X. It is ended from outside when the plugin is switched off, the right is
    taken away or the token ends.
    """

    def declare(function: Any) -> Any:
        signature, arguments = read_signature(function, args or {}, subject=False)
        record = specs.SubscriptionSpec(function, signature, permission=permission)
        made = make_field(description, record, deprecated=deprecated, annotation=_streamed(function))
        return _operation(function, made, arguments)

    return declare


def _operation(function: Any, made: StrawberryField, arguments: Any) -> Any:
    made.python_name = function.__name__
    made.arguments = arguments
    function.__regiohub_field__ = made
    return function


def _payload(function: Any, returns: str | None, description: str) -> type[Any]:
    name = "".join(word.capitalize() for word in function.__name__.split("_")) + "Payload"
    members: dict[str, Any] = {"__module__": function.__module__, "__annotations__": {}}
    if returns:
        text = f"What came of it: {description[0].lower()}{description[1:]} Null if there are errors."
        members[returns] = make_field(text, specs.ColumnSpec(), annotation=_nullable(function))
        members[returns].python_name = returns
    refused = make_field(
        "Why it was refused; empty if it was done.",
        specs.ColumnSpec(),
        annotation=StrawberryAnnotation(list[DomainError]),
    )
    refused.python_name = "errors"
    members["errors"] = refused
    return strawberry.type(type(name, (), members), name=name, description=f"Result of `{camel(function.__name__)}`.")


def _nullable(function: Any) -> StrawberryAnnotation:
    found = returned(function)
    raw: Any = found.raw_annotation
    if isinstance(raw, str):
        return StrawberryAnnotation(raw if "None" in raw else f"{raw} | None", namespace=found.namespace)
    return StrawberryAnnotation(raw | None, namespace=found.namespace)


def _streamed(function: Any) -> StrawberryAnnotation:
    annotation = inspect.signature(function).return_annotation
    if isinstance(annotation, str):
        head, _, tail = annotation.partition("[")
        if head.rsplit(".", 1)[-1] in ("AsyncIterator", "AsyncGenerator", "AsyncIterable") and tail.endswith("]"):
            return StrawberryAnnotation(tail[:-1].removesuffix(", None"), namespace=function.__globals__)
    elif get_origin(annotation) is not None:
        return StrawberryAnnotation(get_args(annotation)[0], namespace=function.__globals__)
    raise TypeError(f"{function.__qualname__}: annotate the result as AsyncIterator[…]")
