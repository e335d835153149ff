"""Functions that write Python values as GraphQL wants them, generated once per plan: no executor looks at each leaf.

What is generated is one Python expression: dicts, comprehensions and checks of types. Whatever does not fit exactly
raises `Unusual`; then the ordinary way, which is slower and says what is wrong, answers the operation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphql import GraphQLList, GraphQLNonNull, GraphQLObjectType, is_leaf_type

from regiohub.graphql.authoring.spec import ColumnSpec, ComputedSpec
from regiohub.graphql.completion import leaf_writer
from regiohub.graphql.engine.shape import Kind, attribute_of, shape_of

from .errors import Unplannable, Unusual
from .facts import Facts
from .tree import TYPENAME, Details, Pick, Selection

Write = Callable[[Any, Facts], Any]
_PLAIN = {
    "String": "type({0}) is str",
    "Boolean": "type({0}) is bool",
    "Int": "type({0}) is int and -2147483648 <= {0} <= 2147483647",
    "Float": "type({0}) is float and finite({0})",
}
"""Scalars whose values are written as they are if they fit exactly."""


def of_value(selection: Selection, type_: Any, details: Details) -> Write:
    """A writer for what a Python function returns: scalars, lists, and values made with `@value`.

    Raises `Unplannable` for what needs more than the value itself.
    """
    return _Source(selection, attributes=True).function(type_, details)


def of_tree(selection: Selection, type_: Any, details: Details) -> Write:
    """A writer for what the engine answers: objects are dicts by the keys of the answer."""
    return _Source(selection, attributes=False).function(type_, details)


class _Source:
    """Collects the source of one writer, and the Python objects that it names."""

    def __init__(self, selection: Selection, *, attributes: bool) -> None:
        self._selection, self._attributes = selection, attributes
        self._names: dict[str, Any] = {"no": no, "each": each, "finite": math.isfinite}
        self._count = 0

    def function(self, type_: Any, details: Details) -> Write:
        """The writer for values of a type."""
        source = self._value(type_, details, "v")
        # The source consists of keys of the validated document, written by repr, and of names given out here.
        return eval(f"lambda v, f: {source}", self._names)  # noqa: S307

    def _fresh(self) -> str:
        self._count += 1
        return f"x{self._count}"

    def _known(self, value: Any) -> str:
        name = f"k{len(self._names)}"
        self._names[name] = value
        return name

    def _value(self, type_: Any, details: Details, source: str) -> str:
        here = self._fresh()
        if isinstance(type_, GraphQLNonNull):
            # The checks of what is present refuse a null too, except where any value is taken.
            return self._present(type_.of_type, details, source, here)
        present = self._present(type_, details, here, self._fresh())
        return f"(None if ({here} := {source}) is None else {present})"

    def _present(self, type_: Any, details: Details, source: str, here: str) -> str:
        if isinstance(type_, GraphQLList):
            item = self._fresh()
            entry = self._value(type_.of_type, details, item)
            return f"[{entry} for {item} in each({source})]"
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, details, source, here)
        if not is_leaf_type(type_):
            raise Unplannable(str(type_))
        plain = _PLAIN.get(type_.name)
        if plain is not None:
            return f"({here} if ({here} := {source}) is not None and {plain.format(here)} else no())"
        return f"{self._known(leaf_writer(type_))}({source})"

    def _object(self, type_: GraphQLObjectType, details: Details, source: str, here: str) -> str:
        if self._attributes and shape_of(type_).kind is not Kind.VALUE:
            raise Unplannable(f"{type_.name} is read from tables")
        pairs = [f"{pick.key!r}: {self._field(pick, here)}" for pick in self._selection.below(type_, details)]
        check = "({0} := {1}) is not None" if self._attributes else "type({0} := {1}) is dict"
        fits = check.format(here, source)
        return f"({{{', '.join(pairs)}}} if {fits} else no())"

    def _field(self, pick: Pick, owner: str) -> str:
        if pick.name == TYPENAME:
            return repr(pick.parent.name)
        if not self._attributes:
            return self._value(pick.type, pick.details, f"{owner}[{pick.key!r}]")
        spec = pick.spec
        if spec.permission is not None:
            raise Unplannable(f"{pick.parent.name}.{pick.name} needs a permission")
        if isinstance(spec, ComputedSpec) and spec.python is not None:
            return self._value(pick.type, pick.details, f"{self._known(spec.python)}({owner}, f.ctx)")
        if isinstance(spec, ColumnSpec) and pick.shape is not None:
            return self._value(pick.type, pick.details, f"{owner}.{attribute_of(pick.shape)}")
        raise Unplannable(f"{pick.parent.name}.{pick.name} is a function")


def each(values: Any) -> Any:
    """The entries of a list."""
    return values if isinstance(values, (list, tuple)) else no()


def no() -> Any:
    """A value that does not fit its type."""
    raise Unusual("a value that does not fit its type")
