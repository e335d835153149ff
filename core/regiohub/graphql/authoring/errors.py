"""Domain errors as GraphQL types: an interface for all, a type with details for some."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import strawberry

from regiohub import errors

from .fields import column
from .types import described

T = TypeVar("T", bound=type[Any])
ERROR = "__regiohub_error__"

TOP_LEVEL = (errors.Forbidden, errors.Unauthenticated, errors.TooMany, errors.Unavailable)
"""Refusals that concern the request and not the thing: entries of `errors` in the response, never of a payload."""


@strawberry.interface(description="Why something was refused: what a rule of the domain says, in words and as a code.")
class DomainError:
    """Why something was refused."""

    code: str = column("Stable code in upper case, for programs.")
    message: str = column("What is wrong, in the caller's language (Accept-Language: de or en).")
    field: str | None = column("Input field that it is about; null if it is about the whole.")


@strawberry.type(description="A refusal that needs no details beyond its code and message.")
class PlainError(DomainError):
    """A refusal without details."""


def error_type(error: type[errors.DomainError]) -> Callable[[T], T]:
    """Give a domain error a GraphQL type with its details; list it in `GraphQLPart(errors=…)`.

    Fields other than code, message and field are read from the details that the error was raised with. A row of a
    model may be a detail: annotate the field with the bound type.
    """

    def declare(cls: T) -> T:
        members = {key: entry for key, entry in vars(cls).items() if key not in ("__dict__", "__weakref__")}
        made = type(cls.__name__, (DomainError,), members)
        typed = strawberry.type(made, name=cls.__name__, description=described(cls))
        setattr(typed, ERROR, error)
        return cast(T, typed)

    return declare
