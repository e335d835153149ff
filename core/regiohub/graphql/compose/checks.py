"""What must be right before a plugin's part may be merged: its own names, words for everything, bindings that fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
)

from regiohub.graphql.authoring.spec import SPEC
from regiohub.graphql.engine.shape import BACKREF, is_page_part
from regiohub.plugins.errors import PluginConflict, PluginError
from regiohub.plugins.parts import GraphQLPart

from .bindings.walk import wrong_bindings
from .build import Parts, build, root_fields

CORE = "regiohub"


class Names:
    """Names that are taken: by whom, and for types by which class."""

    def __init__(self) -> None:
        self._taken: dict[str, tuple[str, Any]] = {}

    def clash(self, name: str, plugin: str, origin: Any) -> str | None:
        """The plugin that has the name already for something else."""
        owner, other = self._taken.get(name, (plugin, origin))
        return None if owner == plugin or (origin is not None and origin is other) else owner

    def take(self, names: Mapping[str, Any], plugin: str) -> None:
        """Note names as taken; the first owner stays."""
        for name, origin in names.items():
            self._taken.setdefault(name, (plugin, origin))


def check(core: GraphQLPart, parts: Mapping[str, GraphQLPart]) -> dict[str, PluginError]:
    """The faults of plugins' parts, by plugin, in the order given: of two that clash, the later one is at fault."""
    if _sound(core, tuple(parts.items())):
        return {}
    return _blame(core, parts)


def _sound(core: GraphQLPart, parts: Parts) -> bool:
    """Whether all parts fit together, found out by building them together once: the usual case."""
    names = [name for part in (core, *(part for _, part in parts)) for name in _root_names(part)]
    always = {field.python_name for field in root_fields(core)}
    if len(names) != len(set(names)) or always & {plugin for plugin, part in parts if part.query is not None}:
        return False
    try:
        schema = build(core, parts)
    except Exception:  # whose fault it is, and which, is found out by building each part alone
        return False
    return not _problems(schema)


def _problems(schema: GraphQLSchema) -> list[str]:
    """Everything that is wrong, so that its author need not start again for each fault."""
    return [*missing_words(schema), *_hidden_non_null(schema), *wrong_bindings(schema)]


def _root_names(part: GraphQLPart) -> list[str]:
    return [
        *(f"mutation {function.__name__}" for function in part.mutations),
        *(f"subscription {function.__name__}" for function in part.subscriptions),
    ]


def _blame(core: GraphQLPart, parts: Mapping[str, GraphQLPart]) -> dict[str, PluginError]:
    """Each part is built alone, so that a fault names its plugin and stops no other."""
    taken = Names()
    taken.take(_names(build(core, ())), CORE)
    faults: dict[str, PluginError] = {}
    for plugin, part in parts.items():
        try:
            names = _examine(core, plugin, part)
            for name, origin in names.items():
                owner = taken.clash(name, plugin, origin)
                if owner is not None:
                    raise PluginConflict(plugin, owner, name)
        except PluginError as fault:
            faults[plugin] = fault
        except Exception as fault:  # whatever a plugin's declarations make Strawberry raise is that plugin's fault
            faults[plugin] = PluginError(plugin, f"its GraphQL part cannot be built: {fault}")
        else:
            taken.take(names, plugin)
    return faults


def _examine(core: GraphQLPart, plugin: str, part: GraphQLPart) -> Mapping[str, Any]:
    _own_names(core, plugin, part)
    schema = build(core, ((plugin, part),))
    problems = _problems(schema)
    if problems:
        raise PluginError(plugin, ". ".join(problems))
    return _names(schema)


def _own_names(core: GraphQLPart, plugin: str, part: GraphQLPart) -> None:
    """Names that would silently replace each other within one class of root fields."""
    always = {field.python_name for field in root_fields(core)}
    if part.query is not None and plugin in always:
        raise PluginConflict(plugin, CORE, f"Query.{plugin}")
    for kind, functions in (("Mutation", part.mutations), ("Subscription", part.subscriptions)):
        names = [function.__name__ for function in functions]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise PluginError(plugin, f"{kind}.{twice[0]} is declared twice")


def _names(schema: GraphQLSchema) -> dict[str, Any]:
    """Everything that must be unique: types with their classes, fields of the roots."""
    found: dict[str, Any] = {}
    roots = [root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root]
    for root in roots:
        found.update({f"{root.name}.{name}": _origin_of_field(field) for name, field in root.fields.items()})
    for name, type_ in schema.type_map.items():
        if not name.startswith("__") and type_ not in roots and not isinstance(type_, GraphQLScalarType):
            found[f"type {name}"] = _origin(type_)
    return found


def _origin_of_field(field: Any) -> Any:
    # The record, not the field: Strawberry copies fields for each schema.
    return field.extensions[BACKREF].metadata.get(SPEC)


def _origin(type_: GraphQLNamedType) -> Any:
    definition: Any = type_.extensions.get(BACKREF)
    if definition is None:
        return None
    if getattr(definition, "concrete_of", None):
        # Generic types are made anew for each schema; what they are made of tells them apart.
        return _same((definition.concrete_of.origin, *map(_class_of, definition.type_var_map.values())))
    return getattr(definition, "wrapped_cls", None) or definition.origin


@lru_cache(maxsize=4096)
def _same(parts: tuple[Any, ...]) -> tuple[Any, ...]:
    """One tuple object for equal ones, so that identity means equality."""
    return parts


def _class_of(argument: Any) -> Any:
    definition = getattr(argument, "__strawberry_definition__", argument)
    return getattr(definition, "origin", argument)


def missing_words(schema: GraphQLSchema) -> Iterator[str]:
    """Types, fields and arguments without a description, each in words that name it."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__") or isinstance(type_, GraphQLScalarType):
            continue
        if not type_.description:
            yield f"type {name} has no description (give it a docstring)"
        if isinstance(type_, GraphQLEnumType):
            continue
        if isinstance(type_, (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType)):
            for field_name, field in type_.fields.items():
                if not field.description:
                    yield f"{name}.{field_name} has no description"
                for argument_name, argument in getattr(field, "args", {}).items():
                    if not argument.description:
                        yield f'{name}.{field_name}({argument_name}:) has no description (args={{"…": "…"}})'


def _hidden_non_null(schema: GraphQLSchema) -> Iterator[str]:
    """Fields that a caller may be refused but that cannot be null: one refusal would take the whole object."""
    roots = {id(root) for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root}
    for name, type_ in schema.type_map.items():
        if not isinstance(type_, GraphQLObjectType) or name.startswith("__") or id(type_) in roots:
            continue
        origin = type_.extensions[BACKREF].origin
        if is_page_part(origin) or _is_namespace(schema, type_):
            continue
        for field_name, field in type_.fields.items():
            spec = field.extensions[BACKREF].metadata.get(SPEC)
            if spec is not None and spec.permission is not None and isinstance(field.type, GraphQLNonNull):
                yield f"{name}.{field_name} has a permission, so it must be nullable (… | None)"


def _is_namespace(schema: GraphQLSchema, type_: GraphQLObjectType) -> bool:
    query = schema.query_type
    return query is not None and any(
        isinstance(field.type, GraphQLNonNull) and field.type.of_type is type_ for field in query.fields.values()
    )
