"""How often a document names the same field in the same place.

Validation compares every two of such fields, and their selections with each other. Without a bound a small document
of repetitions keeps the server busy for seconds before any other limit is looked at.
"""

from __future__ import annotations

from collections import Counter

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

from .bounds import exceeded

_REPEATS = 50
"""Fragments of one type that ask for the same field count together, so this is more than anybody writes by hand."""
_Path = tuple[str, ...]


def repeated(document: DocumentNode) -> GraphQLError | None:
    """The error of a document that repeats a field too often, otherwise None. Takes time in proportion to its length.

    The document must be known to be shallow.
    """
    found: Counter[_Path] = Counter()
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            _count(node.selection_set, (node.operation.value,), found)
        elif isinstance(node, FragmentDefinitionNode):
            _count(node.selection_set, (node.type_condition.name.value,), found)
    most = max(found.values(), default=0)
    if most > _REPEATS:
        return exceeded("repeats", most, _REPEATS, "The document repeats a field too often")
    return None


def _count(selection: SelectionSetNode, path: _Path, found: Counter[_Path]) -> None:
    for node in selection.selections:
        if isinstance(node, FieldNode):
            here = (*path, (node.alias or node.name).value)
            found[here] += 1
            if node.selection_set:
                _count(node.selection_set, here, found)
        elif isinstance(node, InlineFragmentNode):
            _count(node.selection_set, path, found)
