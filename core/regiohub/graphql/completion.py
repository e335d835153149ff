"""Writes the answer of a whole tree at once where nothing unusual is in it.

The engine has put every value in place, so the executor's general machinery (a path, an info object, a search for
awaitables per field) has nothing left to find out. Whatever is unusual, a null where none may be, an error, a value
that does not fit its type, is left to that machinery: it knows how GraphQL wants it reported.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphql import (
    GraphQLBoolean,
    GraphQLFloat,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLString,
    is_leaf_type,
)
from graphql.execution import Executor

from .plans.errors import Unusual

Write = Callable[[Any], Any]
_INT = 2**31


class Completion(Executor[Any]):
    """The executor of all operations."""

    def execute_fields(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Any,
        grouped_field_set: Any,
        position_context: Any,
    ) -> Any:
        """Fields of one object; an answer of the engine is a plain dict, a root is not."""
        if type(source_value) is dict and parent_type.name != self.operation.operation.value.title():
            try:
                return self._writer(parent_type, grouped_field_set)(source_value)
            except Exception:  # the general way says what is wrong, and where
                return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)
        return super().execute_fields(parent_type, source_value, path, grouped_field_set, position_context)

    def _writer(self, type_: GraphQLObjectType, grouped: Any) -> Write:
        known: dict[Any, tuple[Any, Write]] = self.__dict__.setdefault("_writers", {})
        found = known.get((type_, id(grouped)))
        if found is None:
            # The selection is kept beside its writer, so that its id is not given to another one meanwhile.
            found = known[type_, id(grouped)] = (grouped, self._object(type_, grouped))
        return found[1]

    def _object(self, type_: GraphQLObjectType, grouped: Any) -> Write:
        entries: list[tuple[str, Write]] = []
        for key, details in grouped.items():
            name = details[0].node.name.value
            if name == "__typename":
                entries.append((key, _constant(type_.name)))
            else:
                entries.append((key, self._value(type_.fields[name].type, details)))
        typenames = {key for key, details in grouped.items() if details[0].node.name.value == "__typename"}
        plain = [(key, write) for key, write in entries if key not in typenames]

        def write_plain(node: Any) -> Any:
            if type(node) is not dict:
                raise Unusual
            return {key: write(node[key]) for key, write in plain}

        def write_all(node: Any) -> Any:
            if type(node) is not dict:
                raise Unusual
            return {key: write(None if key in typenames else node[key]) for key, write in entries}

        return write_all if typenames else write_plain

    def _value(self, type_: Any, details: Any) -> Write:
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type, details)
        write = self._present(type_, details)
        return lambda value: None if value is None else write(value)

    def _present(self, type_: Any, details: Any) -> Write:
        if isinstance(type_, GraphQLList):
            item = self._value(type_.of_type, details)

            def write_list(values: Any) -> Any:
                if type(values) is not list:
                    raise Unusual
                return [item(value) for value in values]

            return write_list
        if isinstance(type_, GraphQLObjectType):
            return self._object(type_, self.collect_subfields(type_, details).grouped_field_set)
        if is_leaf_type(type_):
            return leaf_writer(type_)
        return _unusual


def leaf_writer(type_: Any) -> Write:
    """Writes values of a scalar or an enum; anything that does not fit exactly is `Unusual`."""
    return _LEAVES.get(type_.name) or _leaf(type_)


def _constant(value: str) -> Write:
    return lambda _node: value


def _unusual(_value: Any) -> Any:
    raise Unusual


def _leaf(type_: Any) -> Write:
    coerce = type_.coerce_output_value

    def write(value: Any) -> Any:
        if value is None or isinstance(value, Exception):
            raise Unusual
        return coerce(value)

    return write


def _text(value: Any) -> Any:
    if type(value) is str:
        return value
    raise Unusual


def _whole(value: Any) -> Any:
    if type(value) is int and -_INT <= value < _INT:
        return value
    raise Unusual


def _real(value: Any) -> Any:
    if type(value) is float and math.isfinite(value):
        return value
    raise Unusual


def _truth(value: Any) -> Any:
    if value is True or value is False:
        return value
    raise Unusual


_LEAVES: dict[str, Write] = {
    GraphQLString.name: _text,
    GraphQLInt.name: _whole,
    GraphQLFloat.name: _real,
    GraphQLBoolean.name: _truth,
}
