"""What the engine knows about each type of a composed schema, looked up once and kept with the type."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    get_named_type,
)

from regiohub.graphql.authoring.connection import Connection, Edge, PageInfo
from regiohub.graphql.authoring.errors import ERROR
from regiohub.graphql.authoring.spec import SPEC, Bound, ColumnSpec, FieldSpec
from regiohub.graphql.authoring.types import BOUND

BACKREF = "strawberry-definition"
SHAPE = "regiohub"


class Kind(Enum):
    """How values of a type are read."""

    BOUND = "bound"
    CONNECTION = "connection"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """One field: its record, its Python name, and the object type below it (None for leaves)."""

    spec: FieldSpec
    attribute: str
    below: GraphQLNamedType | None


def attribute_of(field: FieldShape) -> str:
    """Name of the attribute that a plain field reads."""
    of = field.spec.of if isinstance(field.spec, ColumnSpec) else None
    if of is None:
        return field.attribute
    return of if isinstance(of, str) else str(of.key)


@dataclass(frozen=True, slots=True)
class Shape:
    """One object type. `node`: the entry type of a connection."""

    kind: Kind
    origin: type[Any]
    fields: dict[str, FieldShape]
    bound: Bound | None = None
    node: GraphQLObjectType | None = None
    error: type[Exception] | None = None


def shape_of(type_: Any) -> Shape:
    """The shape kept with a type of a composed schema."""
    return cast(Shape, type_.extensions[SHAPE])


def attach_shape(type_: GraphQLObjectType) -> None:
    """Work out a type's shape from its Strawberry definition."""
    definition = type_.extensions[BACKREF]
    origin: type[Any] = definition.origin
    generic = definition.concrete_of.origin if definition.concrete_of else origin
    fields = {name: _field(field) for name, field in type_.fields.items()}
    bound = origin.__dict__.get(BOUND)
    kind = Kind.BOUND if bound else Kind.VALUE
    node = None
    if generic is Connection:
        kind = Kind.CONNECTION
        node = cast(GraphQLObjectType, get_named_type(type_.fields["nodes"].type))
    type_.extensions[SHAPE] = Shape(kind, generic, fields, bound, node, origin.__dict__.get(ERROR))


def is_page_part(origin: type[Any]) -> bool:
    """Whether a type only exists inside connections."""
    return origin in (Edge, PageInfo)


def _field(field: GraphQLField) -> FieldShape:
    declared = field.extensions[BACKREF]
    spec = declared.metadata.get(SPEC) or ColumnSpec()
    named = get_named_type(field.type)
    below = named if isinstance(named, (GraphQLObjectType, GraphQLInterfaceType)) else None
    return FieldShape(spec, declared.python_name, below)


def is_list(type_: Any) -> bool:
    """Whether values of this type are lists."""
    return isinstance(nullable(type_), GraphQLList)


def nullable(type_: Any) -> Any:
    """The type without its outer non-null."""
    return type_.of_type if isinstance(type_, GraphQLNonNull) else type_
