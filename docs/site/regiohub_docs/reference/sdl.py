"""Schemas in the definition language: the core's, what each plugin adds to it, and the region's."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_introspection_type,
    is_specified_scalar_type,
    print_schema,
    print_type,
)

from regiohub.graphql.transport.routes import schema_text
from regiohub_docs.reference.installation import platform

CORE, REGION = "core", "region"
Composite = GraphQLObjectType | GraphQLInterfaceType


@cache
def core_schema() -> GraphQLSchema:
    """The schema of a town without any plugin."""
    return build_schema(schema_text(platform(), frozenset()))


@cache
def schema_with(plugin: str) -> GraphQLSchema:
    """The schema of a town that has only this plugin on."""
    return build_schema(schema_text(platform(), frozenset({plugin})))


@cache
def region_schema() -> GraphQLSchema:
    """The region's schema with all plugins."""
    return build_schema(schema_text(platform(), region=True))


def names() -> list[str]:
    """The core, the plugins that add anything to a town's schema, the region."""
    added = [name for name in sorted(platform().plugins.healthy) if additions(name).strip()]
    return [CORE, *added, REGION]


def text_of(name: str) -> str:
    """What is recorded for one of `names`: two of them beside each other show what a change changes."""
    if name == CORE:
        return f"{print_schema(core_schema())}\n"
    return f"{print_schema(region_schema())}\n" if name == REGION else additions(name)


@cache
def additions(plugin: str) -> str:
    """What a plugin adds to the core's schema, as definitions and extensions.

    The core's text and this one together are the schema of a town that has this plugin only.
    """
    core, full = core_schema(), schema_with(plugin)
    parts = [
        f"extend schema {{\n  {kind}: {root.name}\n}}"
        for kind in ("mutation", "subscription")
        if (root := getattr(full, f"{kind}_type")) and getattr(core, f"{kind}_type") is None
    ]
    for name, type_ in sorted(full.type_map.items()):
        if is_introspection_type(type_) or is_specified_scalar_type(type_):
            continue
        if name not in core.type_map:
            parts.append(print_type(type_))
        elif extended := _extension(core.type_map[name], type_):
            parts.append(extended)
    return "\n\n".join(parts) + "\n"


def own_types(name: str) -> Mapping[str, GraphQLNamedType]:
    """The types that a text of `names` defines, root types left out, by name."""
    schema = _schema_of(name)
    known = core_schema().type_map if name not in (CORE, REGION) else {}
    roots = {root.name for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root}
    return {
        key: type_
        for key, type_ in sorted(schema.type_map.items())
        if key not in known
        and key not in roots
        and not is_introspection_type(type_)
        and not is_specified_scalar_type(type_)
    }


def roots_of(name: str) -> list[tuple[str, GraphQLObjectType]]:
    """Queries, mutations and subscriptions that a text of `names` defines: kind and a type with just those fields."""
    schema, core = _schema_of(name), core_schema()
    before = (core.query_type, core.mutation_type, core.subscription_type)
    now = (schema.query_type, schema.mutation_type, schema.subscription_type)
    found: list[tuple[str, GraphQLObjectType]] = []
    for kind, old, new in zip(("Queries", "Mutations", "Subscriptions"), before, now, strict=True):
        if new is None:
            continue
        known = old.fields if old and name not in (CORE, REGION) else {}
        fields = {key: field for key, field in new.fields.items() if key not in known}
        if fields:
            found.append((kind, GraphQLObjectType(new.name, fields, description=new.description)))
    return found


def _schema_of(name: str) -> GraphQLSchema:
    return {CORE: core_schema, REGION: region_schema}[name]() if name in (CORE, REGION) else schema_with(name)


def _extension(before: GraphQLNamedType, after: GraphQLNamedType) -> str:
    if isinstance(before, Composite) and isinstance(after, Composite):
        fields = {key: field for key, field in after.fields.items() if key not in before.fields}
        if not fields:
            return ""
        text = print_type(GraphQLObjectType(after.name, fields))
        return (
            f"extend {text}" if isinstance(after, GraphQLObjectType) else text.replace("type ", "extend interface ", 1)
        )
    if isinstance(before, GraphQLEnumType) and isinstance(after, GraphQLEnumType):
        values = {key: value for key, value in after.values.items() if key not in before.values}
        return f"extend {print_type(GraphQLEnumType(after.name, values))}" if values else ""
    return ""
