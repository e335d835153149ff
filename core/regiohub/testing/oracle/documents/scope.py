"""What stands under each key of one place in the answer: only fields that can be merged may share a key."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from graphql import GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema, get_named_type

from .nodes import Field, Inline, Node, Spread

Composite = GraphQLObjectType | GraphQLInterfaceType


@dataclass(slots=True)
class Entry:
    """One key: its field with arguments and type as text, and what stands below."""

    field: str
    arguments: str
    type: str
    below: Scope


@dataclass(slots=True)
class Scope:
    """The keys of one place."""

    entries: dict[str, Entry] = field(default_factory=dict[str, Entry])

    def free(self, key: str, name: str, arguments: str, type_: str) -> bool:
        """Whether a field may stand under a key here."""
        known = self.entries.get(key)
        return known is None or (known.field, known.arguments, known.type) == (name, arguments, type_)

    def take(self, key: str, name: str, arguments: str, type_: str) -> Scope:
        """Put a field under a key; returns the place below it."""
        return self.entries.setdefault(key, Entry(name, arguments, type_, Scope())).below


def fits(schema: GraphQLSchema, nodes: Iterable[Node], owner: Composite, scope: Scope) -> bool:
    """Whether all these nodes can be merged with what a place has already."""
    return all(_fits(schema, node, owner, scope) for node in nodes)


def _fits(schema: GraphQLSchema, node: Node, owner: Composite, scope: Scope) -> bool:
    if not isinstance(node, Field):
        on, children = _inner(schema, node, owner)
        return fits(schema, children, on, scope)
    kind = type_text(owner, node.name)
    if not scope.free(node.key, node.name, node.arguments, kind):
        return False
    known = scope.entries.get(node.key)
    if known is None or node.children is None:
        return True
    return fits(schema, node.children, below(owner, node.name), known.below)


def absorb(schema: GraphQLSchema, nodes: Iterable[Node], owner: Composite, scope: Scope) -> None:
    """Note in a place what these nodes put there; they must fit."""
    for node in nodes:
        if isinstance(node, Field):
            inner = scope.take(node.key, node.name, node.arguments, type_text(owner, node.name))
            if node.children is not None:
                absorb(schema, node.children, below(owner, node.name), inner)
        else:
            on, children = _inner(schema, node, owner)
            absorb(schema, children, on, scope)


def type_text(owner: Composite, name: str) -> str:
    """The type of a field as text."""
    return "String!" if name == "__typename" else str(owner.fields[name].type)


def below(owner: Composite, name: str) -> Composite:
    """The object or interface type below a field."""
    found = get_named_type(owner.fields[name].type)
    assert isinstance(found, (GraphQLObjectType, GraphQLInterfaceType))
    return found


def _inner(schema: GraphQLSchema, node: Inline | Spread, owner: Composite) -> tuple[Composite, list[Node]]:
    on = node.fragment.on if isinstance(node, Spread) else node.on
    children = node.fragment.children if isinstance(node, Spread) else node.children
    found = schema.type_map[on] if on else owner
    assert isinstance(found, (GraphQLObjectType, GraphQLInterfaceType))
    return found, children
