"""Gives a built schema its lean way of running: no wrapper per leaf, inputs as the declared classes.

Strawberry's own resolvers are replaced throughout: the engine answers a whole tree per root field, and below it the
executor only looks values up by their response key.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any, cast

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from regiohub.graphql.authoring.spec import MutationSpec, SubscriptionSpec
from regiohub.graphql.engine.asked import Info
from regiohub.graphql.engine.shape import BACKREF, attach_shape, shape_of
from regiohub.graphql.engine.values import TYPENAME


def attach(schema: GraphQLSchema) -> None:
    """Prepare every type of a schema; called once, right after it was built."""
    roots = {id(root) for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root}
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        if isinstance(type_, GraphQLObjectType):
            attach_shape(type_)
            type_.is_type_of = None
            for field in type_.fields.values():
                _arguments(field)
                field.resolve = _root_resolver(field) if id(type_) in roots else by_key
            if id(type_) in roots:
                _subscribers(type_)
        elif isinstance(type_, GraphQLInterfaceType):
            type_.resolve_type = _concrete
        elif isinstance(type_, GraphQLInputObjectType):
            _input(type_)
        elif isinstance(type_, GraphQLEnumType):
            _enum(type_)


def by_key(source: Any, info: Info, **_given: Any) -> Any:
    """What the engine has put under the response key."""
    return source[info.path.key]


def _root_resolver(field: GraphQLField) -> Callable[..., Any]:
    if isinstance(field.extensions[BACKREF].metadata.get("regiohub"), MutationSpec):

        def change(_source: Any, info: Info, **given: Any) -> Any:
            return info.context.change(info, given)

        return change

    def read(_source: Any, info: Info, **given: Any) -> Any:
        return info.context.read(info, given)

    return read


def _subscribers(root: GraphQLObjectType) -> None:
    for name, field in root.fields.items():
        if isinstance(shape_of(root).fields[name].spec, SubscriptionSpec):

            def follow(_source: Any, info: Info, **given: Any) -> Any:
                return info.context.follow(info, given)

            def show(source: Any, info: Info, **_given: Any) -> Any:
                return info.context.show(info, source)

            field.subscribe, field.resolve = follow, show


def _arguments(field: GraphQLField) -> None:
    for argument in field.args.values():
        argument.out_name = argument.extensions[BACKREF].python_name


def _concrete(source: Any, _info: Any, _type: Any) -> str:
    return cast(str, source[TYPENAME])


def _input(type_: GraphQLInputObjectType) -> None:
    origin = type_.extensions[BACKREF].origin
    for field in type_.fields.values():
        field.out_name = field.extensions[BACKREF].python_name
    optional = {f.name: None for f in fields(origin) if f.default is MISSING and f.default_factory is MISSING}

    def make(given: dict[str, Any]) -> Any:
        return origin(**{**optional, **given})

    type_.out_type = make  # type: ignore[method-assign]


def _enum(type_: GraphQLEnumType) -> None:
    enum = type_.extensions[BACKREF].wrapped_cls
    type_.description = type_.description or _own_doc(enum)
    by_member = {enum(value.value): name for name, value in type_.values.items()}
    by_member.update({value.value: name for name, value in type_.values.items()})

    def write(member: Any) -> str:
        return by_member[member]

    # Strawberry searches all members for each value that it writes.
    type_.coerce_output_value = write  # type: ignore[method-assign]


def _own_doc(enum: type[Any]) -> str | None:
    text = enum.__dict__.get("__doc__")
    return inspect.cleandoc(text) if text else None
