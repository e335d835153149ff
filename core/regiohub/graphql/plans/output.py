"""Functions that write Python values as GraphQL wants them, made once per plan: no executor looks at each leaf."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    is_leaf_type,
)

from regiohub.graphql.authoring.spec import ColumnSpec, ComputedSpec
from regiohub.graphql.completion import leaf_writer
from regiohub.graphql.engine.shape import Kind, shape_of

from .errors import Unplannable, Unusual
from .facts import Facts
from .tree import TYPENAME, Details, Pick, Selection

Write = Callable[[Any, Facts], Any]


def of_value(selection: Selection, type_: Any, details: Details) -> Write:
    """A writer for what a Python function returns: scalars, lists, and values made with `@value`.

    Raises `Unplannable` for what needs more than the value itself.
    """
    return _writer(type_, lambda object_type: _attributes(selection, object_type, details))


def of_tree(selection: Selection, type_: Any, details: Details) -> Write:
    """A writer for what the engine answers: objects are dicts by the keys of the answer."""
    return _writer(type_, lambda object_type: _keys(selection, object_type, details))


def _writer(type_: Any, objects: Callable[[GraphQLObjectType], Write]) -> Write:
    if isinstance(type_, GraphQLNonNull):
        write = _writer_present(type_.of_type, objects)

        def write_present(value: Any, facts: Facts) -> Any:
            if value is None:
                raise Unusual("null in a field that cannot be null")
            return write(value, facts)

        return write_present
    write_some = _writer_present(type_, objects)
    return lambda value, facts: None if value is None else write_some(value, facts)


def _writer_present(type_: Any, objects: Callable[[GraphQLObjectType], Write]) -> Write:
    if isinstance(type_, GraphQLList):
        item = _writer(type_.of_type, objects)

        def write_list(values: Any, facts: Facts) -> Any:
            if not isinstance(values, (list, tuple)):
                raise Unusual("a list is wanted")
            return [item(value, facts) for value in values]

        return write_list
    if isinstance(type_, GraphQLObjectType):
        return objects(type_)
    if is_leaf_type(type_):
        leaf = leaf_writer(type_)
        return lambda value, _facts: leaf(value)
    if isinstance(type_, GraphQLInterfaceType):
        raise Unplannable(f"interface {type_.name}")
    raise Unplannable(str(type_))


def _attributes(selection: Selection, type_: GraphQLObjectType, details: Details) -> Write:
    if shape_of(type_).kind is not Kind.VALUE:
        raise Unplannable(f"{type_.name} is read from tables")
    entries = [(pick.key, _attribute(selection, pick)) for pick in selection.below(type_, details)]
    return lambda value, facts: {key: read(value, facts) for key, read in entries}


def _attribute(selection: Selection, pick: Pick) -> Write:
    if pick.name == TYPENAME:
        name = pick.parent.name
        return lambda _value, _facts: name
    write = of_value(selection, pick.type, pick.details)
    spec = pick.spec
    if spec.permission is not None:
        raise Unplannable(f"{pick.parent.name}.{pick.name} needs a permission")
    if isinstance(spec, ComputedSpec) and spec.python is not None:
        call = spec.python
        return lambda value, facts: write(call(value, facts.ctx), facts)
    if isinstance(spec, ColumnSpec) and pick.shape is not None:
        attribute = pick.shape.attribute if spec.of is None else spec.of if isinstance(spec.of, str) else spec.of.key
        return lambda value, facts: write(getattr(value, attribute), facts)
    raise Unplannable(f"{pick.parent.name}.{pick.name} is a function")


def _keys(selection: Selection, type_: GraphQLObjectType, details: Details) -> Write:
    entries: list[tuple[str, Write]] = []
    for pick in selection.below(type_, details):
        if pick.name == TYPENAME:
            entries.append((pick.key, lambda _node, _facts, name=type_.name: name))
        else:
            write = of_tree(selection, pick.type, pick.details)
            entries.append((pick.key, lambda node, facts, key=pick.key, write=write: write(node[key], facts)))

    def write_object(node: Any, facts: Facts) -> Any:
        if type(node) is not dict:
            raise Unusual("an object is wanted")
        return {key: write(node, facts) for key, write in entries}

    return write_object
