"""What an operation asks for, read from its document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLError, GraphQLField, GraphQLObjectType, GraphQLResolveInfo
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_subfields
from graphql.execution.values import get_argument_values

from regiohub.graphql.authoring.spec import FieldSpec

from .shape import FieldShape, attribute_of, shape_of

Details = list[FieldDetails]
Info = GraphQLResolveInfo[Any]
"""What a resolver is told about its place; the context is the running execution."""


@dataclass(slots=True)
class Asked:
    """One field of a selection: the key it gets in the answer, its record, its arguments, the type it stands in.

    `slot`: name of its value in a record, where the field's name does not tell it from others.
    """

    key: str
    name: str
    field: GraphQLField
    shape: FieldShape
    details: Details
    arguments: dict[str, Any]
    fault: Exception | None = None
    owner: GraphQLObjectType | None = None
    slot: str = ""

    @property
    def spec(self) -> FieldSpec:
        """What stands behind the field."""
        return self.shape.spec

    @property
    def column(self) -> str:
        """Name of the attribute that a plain field reads."""
        return attribute_of(self.shape)


class Document:
    """The running operation as far as selections are concerned."""

    def __init__(self, info: Info) -> None:
        self.schema = info.schema
        self.variables: Any = info.variable_values
        self.operation = info.operation
        self.fragments = {name: FragmentDetails(found, None) for name, found in info.fragments.items()}

    def fields(self, type_: GraphQLObjectType, details: Details) -> list[Asked]:
        """The fields selected on a type, merged per key; fields of the meta schema are left to the executor."""
        grouped = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, details, hide_suggestions=True
        ).grouped_field_set
        shape = shape_of(type_)
        found: list[Asked] = []
        for key, group in grouped.items():
            name = group[0].node.name.value
            if name.startswith("__"):
                continue
            field = type_.fields[name]
            asked = Asked(key, name, field, shape.fields[name], group, {}, owner=type_)
            if field.args:
                try:
                    asked.arguments = get_argument_values(field, group[0].node, self.variables, hide_suggestions=True)
                except GraphQLError as error:
                    asked.fault = error
            found.append(asked)
        return found


def details_of(info: Info) -> Details:
    """The nodes of the field that is being resolved."""
    return [FieldDetails(node, None) for node in info.field_nodes]
