"""Where a declaration stands, and what is known about that place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, cast

import sqlalchemy as sa
from graphql import GraphQLField, GraphQLNonNull, GraphQLObjectType
from sqlalchemy.orm import InstrumentedAttribute, Mapper

from regiohub.graphql.authoring.spec import Bound, FieldSpec
from regiohub.graphql.engine.shape import Kind, nullable, shape_of


class Room(Enum):
    """What sort of type a field stands in."""

    BOUND = "a bound type"
    VALUE = "a value type"
    QUERY = "a query"


@dataclass(frozen=True, slots=True)
class Place:
    """One declared field. `bound`: the binding of its type, None elsewhere."""

    room: Room
    field: GraphQLField
    spec: FieldSpec
    attribute: str
    bound: Bound | None

    @property
    def model(self) -> type[Any]:
        """The model of the type that the field stands in."""
        assert self.bound is not None
        return self.bound.model

    @property
    def mapper(self) -> Mapper[Any]:
        """What SQLAlchemy knows about that model."""
        return sa.inspect(self.model)

    @property
    def must_be(self) -> bool:
        """Whether the field cannot be null."""
        return isinstance(self.field.type, GraphQLNonNull)

    @property
    def type(self) -> Any:
        """The field's type without its outer non-null."""
        return nullable(self.field.type)

    @property
    def target(self) -> Bound | None:
        """The binding of the rows that the field brings: of its own type, or of a connection's entries."""
        found = self.type
        if isinstance(found, GraphQLObjectType):
            shape = shape_of(found)
            found = shape.node if shape.kind is Kind.CONNECTION else found
        return shape_of(found).bound if isinstance(found, GraphQLObjectType) else None

    @property
    def is_connection(self) -> bool:
        """Whether the field is a connection."""
        return isinstance(self.type, GraphQLObjectType) and shape_of(self.type).kind is Kind.CONNECTION


Faults = Iterator[str]
"""What is wrong at a place, each with its remedy."""


def near_to(name: str, names: Any) -> str:
    """A guess which name was meant, as the end of a sentence."""
    found = get_close_matches(name, [str(one) for one in names], n=1)
    return f"; did you mean {found[0]!r}?" if found else ""


def belongs(attribute: Any, model: type[Any]) -> bool:
    """Whether an attribute is one of a model's."""
    return isinstance(attribute, InstrumentedAttribute) and issubclass(model, cast(type[Any], attribute.class_))


def shown(attribute: Any) -> str:
    """An attribute as its author wrote it."""
    if isinstance(attribute, InstrumentedAttribute):
        return f"{attribute.class_.__name__}.{attribute.key}"
    return repr(attribute) if isinstance(attribute, str) else str(attribute)


def called(function: Any) -> str:
    """A function's name."""
    return getattr(function, "__qualname__", None) or repr(function)
