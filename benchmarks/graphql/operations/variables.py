"""Values for variables that must be given: plans depend on which are there, not on what they are."""

from __future__ import annotations

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
    "ID": str(UUID(int=1)), "String": "a", "Int": 1, "Float": 1.0, "Boolean": True, "Date": "2026-06-01",
    "DateTime": "2026-06-01T08:00:00Z", "Time": "08:00", "Duration": "PT1H", "Decimal": "1", "BigInt": "1",
    "GeoJSON": {"type": "Point", "coordinates": [13.0, 52.4]}, "JSON": {},
}  # fmt: skip


def values(schema: GraphQLSchema, operation: OperationDefinitionNode) -> dict[str, Any]:
    """A value for each variable without a default that must not be null."""
    return {
        definition.variable.name.value: _value(type_.of_type)
        for definition in operation.variable_definitions or ()
        if definition.default_value is None
        and isinstance(type_ := type_from_ast(schema, definition.type), GraphQLNonNull)
    }


def _value(type_: Any) -> Any:
    if isinstance(type_, GraphQLNonNull):
        return _value(type_.of_type)
    if isinstance(type_, GraphQLList):
        return [_value(type_.of_type)]
    if isinstance(type_, GraphQLEnumType):
        return next(iter(type_.values))
    if isinstance(type_, GraphQLInputObjectType):
        return {name: _value(field.type) for name, field in type_.fields.items() if _required(field)}
    return _SCALARS[type_.name]


def _required(field: Any) -> bool:
    return isinstance(field.type, GraphQLNonNull) and field.default_value is Undefined
