"""Measures an operation: depth, aliases, directives, root fields, and how many objects it may bring.

Fragments are measured once per type they are spread on, so that fragments within fragments cost no exponential time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from regiohub.graphql.authoring.spec import SPEC, BatchedSpec, CallSpec, CountSpec, ListSpec, NestedSpec, RowsSpec
from regiohub.graphql.engine.shape import BACKREF, SHAPE, Kind, is_list

from .bounds import Limits, exceeded

_CEILING = 10**12


@dataclass(slots=True)
class Size:
    """What was found below one place. `cost`: objects; `depth`: levels of fields."""

    cost: int = 0
    depth: int = 0
    aliases: int = 0
    directives: int = 0
    fields: int = 0

    def beside(self, other: Size) -> None:
        """Add what stands beside."""
        self.cost = min(self.cost + other.cost, _CEILING)
        self.depth = max(self.depth, other.depth)
        self.aliases += other.aliases
        self.directives += other.directives
        self.fields += other.fields


class Measurement:
    """One operation with its variables: `size` in all, and the number of `roots`."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: dict[str, Any],
    ) -> None:
        self._schema = schema
        self._variables = variables
        self.sizes: dict[str, None] = {}
        """Variables that page sizes were read from."""
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._known: dict[tuple[str, str, int], Size] = {}
        self._defaults = {node.variable.name.value: node.default_value for node in operation.variable_definitions or ()}
        root = schema.get_root_type(operation.operation)
        self.size = self._selection(operation.selection_set, root, 0)
        self.size.directives += len(operation.directives or ())
        self.roots = self._roots(operation.selection_set, set())

    def _roots(self, selection: SelectionSetNode, seen: set[str]) -> int:
        total = 0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                total += 1
            elif isinstance(node, InlineFragmentNode):
                total += self._roots(node.selection_set, seen)
            elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
                seen.add(node.name.value)
                fragment = self._fragments.get(node.name.value)
                total += self._roots(fragment.selection_set, seen) if fragment else 0
        return total

    def _selection(self, selection: SelectionSetNode, type_: GraphQLNamedType | None, page: int) -> Size:
        total = Size()
        for node in selection.selections:
            if isinstance(node, FieldNode):
                total.beside(self._field(node, type_, page))
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._schema.get_type(condition.name.value) if condition else type_
                total.beside(self._selection(node.selection_set, inner, page))
            elif isinstance(node, FragmentSpreadNode):
                total.beside(self._spread(node.name.value, page))
            total.directives += len(node.directives or ())
        return total

    def _spread(self, name: str, page: int) -> Size:
        fragment = self._fragments.get(name)
        if fragment is None:
            return Size()
        key = (name, fragment.type_condition.name.value, page)
        if key not in self._known:
            type_ = self._schema.get_type(fragment.type_condition.name.value)
            self._known[key] = self._selection(fragment.selection_set, type_, page)
        return self._known[key]

    def _field(self, node: FieldNode, type_: GraphQLNamedType | None, page: int) -> Size:
        size = Size(fields=1, aliases=1 if node.alias else 0)
        field: GraphQLField | None = getattr(type_, "fields", {}).get(node.name.value)
        if field is None or BACKREF not in field.extensions:
            # The meta schema has limits of its own in validation; only what could multiply work is counted here.
            if node.selection_set:
                below = self._selection(node.selection_set, None, 0)
                size.beside(Size(aliases=below.aliases, directives=below.directives, fields=below.fields))
            return size
        named = get_named_type(field.type)
        spec = field.extensions[BACKREF].metadata.get(SPEC)
        if isinstance(spec, (CallSpec, BatchedSpec, CountSpec)):
            size.cost = 1
        if node.selection_set is None:
            size.depth = 1
            return size
        shape = getattr(named, "extensions", {}).get(SHAPE)
        is_connection = shape is not None and shape.kind is Kind.CONNECTION
        number = self._number(node, field, spec, page)
        below = self._selection(node.selection_set, named, number if is_connection else 0)
        size.beside(below)
        size.depth = below.depth + 1
        if not is_connection:
            # An edge is only the wrapping of its node.
            each = below.cost if page and node.name.value == "edges" else 1 + below.cost
            size.cost = min(size.cost - below.cost + number * each, _CEILING)
        return size

    def _number(self, node: FieldNode, field: GraphQLField, spec: Any, page: int) -> int:
        """How many objects a field may bring for one parent."""
        argument = field.args.get("first")
        if argument is not None:
            given = next((entry.value for entry in node.arguments or () if entry.name.value == "first"), None)
            default = spec.page if isinstance(spec, ListSpec) else argument.default_value
            return max(self._integer(given, default), 0)
        if page and node.name.value in ("nodes", "edges"):
            return page
        if is_list(field.type):
            return spec.items if isinstance(spec, (CallSpec, BatchedSpec, NestedSpec, RowsSpec)) else 10
        return 1

    def _integer(self, node: Any, default: Any) -> int:
        if isinstance(node, IntValueNode):
            return int(node.value)
        if isinstance(node, VariableNode):
            name = node.name.value
            self.sizes[name] = None
            value = self._variables.get(name)
            if value is None and self._defaults.get(name) is not None:
                return self._integer(self._defaults[name], default)
            if isinstance(value, int):
                return value
        return default if isinstance(default, int) else 20


def refuse(found: Measurement, limits: Limits) -> GraphQLError | None:
    """The error for the first limit that is passed, or None."""
    size = found.size
    checks = (
        ("depth", size.depth, limits.depth, "The operation is nested too deeply"),
        ("aliases", size.aliases, limits.aliases, "The operation has too many aliases"),
        ("directives", size.directives, limits.directives, "The operation has too many directives"),
        ("roots", found.roots, limits.roots, "The operation asks for too many root fields"),
        ("cost", size.cost, limits.cost, "The operation may bring too many objects"),
    )
    for limit, actual, allowed, words in checks:
        if actual > allowed:
            return exceeded(limit, actual, allowed, words)
    return None
