"""How much of the schema an operation asks for, against what the usual introspection query asks for.

Questions about the schema are for everybody, and their answers grow with it: the whole schema once is some hundred
kilobytes, twenty times under aliases are seconds of work for two kilobytes of question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_introspection_query,
    parse,
)

from .bounds import exceeded

_TIMES = 2
"""So often may one operation ask for what the usual introspection query asks for."""
_WRAPPED = 0.25
"""Share of types that wrap another one: documents ask nine levels deep, and nearly all of the answer is null."""
_ABOUT = frozenset({"__schema", "__type"})
_KNOWN: WeakKeyDictionary[GraphQLSchema, _Scale] = WeakKeyDictionary()
Fragments = Mapping[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class _Scale:
    """`numbers`: how many entries each list of the meta schema has on average; `usual`: what is asked usually."""

    numbers: Mapping[str, float]
    usual: float


def too_much_schema(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> GraphQLError | None:
    """The error of an operation that asks for the schema too often, otherwise None. The document must be valid."""
    fragments = fragments_of(document)
    asked = [node for node in roots(operation.selection_set, fragments) if node.name.value in _ABOUT]
    if not asked:
        return None
    scale = _KNOWN.get(schema) or _KNOWN.setdefault(schema, _scale_of(schema))
    weight, allowed = _Weight(fragments, scale.numbers), _TIMES * scale.usual
    found = sum(weight.of(node.selection_set) for node in asked if node.selection_set)
    if found > allowed:
        return exceeded("introspection", round(found), round(allowed), "The operation asks for too much of the schema")
    return None


def is_about_schema(document: DocumentNode, operation: OperationDefinitionNode) -> bool:
    """Whether the answer is the same for everybody until the schema changes."""
    nodes = list(roots(operation.selection_set, fragments_of(document)))
    return not operation.variable_definitions and all(node.name.value in _ABOUT for node in nodes)


def fragments_of(document: DocumentNode) -> Fragments:
    """The fragments of a document by their names."""
    return {node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)}


def roots(selection: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    """The fields of a selection, those of its fragments included."""
    for node in selection.selections:
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from roots(node.selection_set, fragments)
        elif isinstance(node, FragmentSpreadNode) and node.name.value in fragments:
            yield from roots(fragments[node.name.value].selection_set, fragments)


class _Weight:
    """Counts the values that a selection brings. Fragments are counted once, wherever they are spread."""

    def __init__(self, fragments: Fragments, numbers: Mapping[str, float]) -> None:
        self._fragments, self._numbers = fragments, numbers
        self._known: dict[str, float] = {}

    def of(self, selection: SelectionSetNode) -> float:
        total = 0.0
        for node in selection.selections:
            if isinstance(node, FieldNode):
                below = self.of(node.selection_set) if node.selection_set else 0
                total += self._numbers.get(node.name.value, 1) * (1 + below)
            elif isinstance(node, InlineFragmentNode):
                total += self.of(node.selection_set)
            elif isinstance(node, FragmentSpreadNode):
                total += self._spread(node.name.value)
        return total

    def _spread(self, name: str) -> float:
        if name not in self._known:
            fragment = self._fragments.get(name)
            self._known[name] = self.of(fragment.selection_set) if fragment else 0
        return self._known[name]


def _scale_of(schema: GraphQLSchema) -> _Scale:
    types = list(schema.type_map.values())
    objects = [type_ for type_ in types if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType)]
    fields = [field for type_ in objects for field in type_.fields.values()]
    values = sum(len(type_.values) for type_ in types if isinstance(type_, GraphQLEnumType))
    inputs = sum(len(type_.fields) for type_ in types if isinstance(type_, GraphQLInputObjectType))
    numbers = {
        "types": len(types),
        "fields": _each(len(fields), len(types)),
        "args": _each(sum(len(field.args) for field in fields), len(fields)),
        "enumValues": _each(values, len(types)),
        "inputFields": _each(inputs, len(types)),
        "directives": len(schema.directives),
        "ofType": _WRAPPED,
    }
    document = parse(
        get_introspection_query(
            specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
        )
    )
    (operation,) = (node for node in document.definitions if isinstance(node, OperationDefinitionNode))
    weight = _Weight(fragments_of(document), numbers)
    return _Scale(numbers, weight.of(operation.selection_set))


def _each(total: int, number: int) -> int:
    return max(1, -(-total // max(number, 1)))
