"""What an operation selects, merged per key of the answer, as graphql-core collects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import GraphQLField, GraphQLObjectType, OperationDefinitionNode
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields

from regiohub.graphql.authoring.spec import FieldSpec
from regiohub.graphql.engine.shape import FieldShape, shape_of

TYPENAME = "__typename"
Details = list[FieldDetails]


@dataclass(frozen=True, slots=True)
class Pick:
    """One key of the answer. `field` and `shape` are None for the fields of the meta schema."""

    key: str
    name: str
    parent: GraphQLObjectType
    field: GraphQLField | None
    shape: FieldShape | None
    details: Details

    @property
    def spec(self) -> FieldSpec:
        """What stands behind the field."""
        assert self.shape is not None
        return self.shape.spec

    @property
    def type(self) -> Any:
        """The field's output type."""
        assert self.field is not None
        return self.field.type


class Selection:
    """The selections of one operation with its variables."""

    def __init__(self, schema: Any, fragments: Any, operation: OperationDefinitionNode, variables: Any) -> None:
        self.schema, self.operation, self.variables = schema, operation, variables
        self.fragments = {name: FragmentDetails(node, None) for name, node in fragments.items()}

    def roots(self) -> list[Pick]:
        """The root fields."""
        root = self.schema.get_root_type(self.operation.operation)
        found = collect_fields(
            self.schema, self.fragments, self.variables, root, self.operation, hide_suggestions=True
        )  # fmt: skip
        return self._picks(root, found.grouped_field_set)

    def below(self, type_: GraphQLObjectType, details: Details) -> list[Pick]:
        """The fields selected on an object type."""
        found = collect_subfields(
            self.schema, self.fragments, self.variables, self.operation, type_, details, hide_suggestions=True
        )
        return self._picks(type_, found.grouped_field_set)

    def _picks(self, type_: GraphQLObjectType, grouped: Any) -> list[Pick]:
        picks: list[Pick] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            known = None if name.startswith("__") else type_.fields[name]
            shape = None if known is None else shape_of(type_).fields[name]
            picks.append(Pick(key, name, type_, known, shape, details))
        return picks
