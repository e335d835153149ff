"""Values for variables that must be given: plans depend on which are there, not on what they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    OperationDefinitionNode,
    Undefined,
    type_from_ast,
)

_SCALARS: dict[str, Any] = {
    "ID": str(UUID(int=1)), "String": "a", "Int": 1, "Float": 1.0, "Boolean": True, "Time": "08:00",
    "Duration": "PT1H", "Decimal": "1", "BigInt": "1", "JSON": {},
    "GeoJSON": {"type": "Point", "coordinates": [13.0, 52.4]},
}  # fmt: skip


def values(schema: GraphQLSchema, operation: OperationDefinitionNode) -> dict[str, Any]:
    """A value for each variable without a default that must not be null; moments in the order in which they stand."""
    moments = (f"2026-06-{day:02}" for day in range(1, 31))
    return {
        definition.variable.name.value: _value(type_.of_type, moments)
        for definition in operation.variable_definitions or ()
        if definition.default_value is None
        and isinstance(type_ := type_from_ast(schema, definition.type), GraphQLNonNull)
    }


def _value(type_: Any, moments: Iterator[str]) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type, moments)
    if isinstance(type_, GraphQLList):
        return [_value(type_.of_type, moments)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {name: _value(field.type, moments) for name, field in type_.fields.items() if _required(field)}
    if type_.name == "Date":
        return next(moments)
    if type_.name == "DateTime":
        return f"{next(moments)}T08:00:00Z"
    return _SCALARS[type_.name]


def _required(field: Any) -> bool:
    return isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
