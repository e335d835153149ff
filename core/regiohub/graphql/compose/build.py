"""Builds a schema from the core's fields and the parts of some plugins, with Strawberry as the language."""

from __future__ import annotations

import copy
import gc
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import strawberry
from graphql import GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.schema.config import StrawberryConfig
from strawberry.types.field import StrawberryField

from regiohub.graphql.authoring.errors import PlainError
from regiohub.graphql.authoring.fields import make_field
from regiohub.graphql.authoring.scalars import SCALARS
from regiohub.graphql.authoring.spec import NamespaceSpec
from regiohub.graphql.authoring.types import described
from regiohub.plugins.parts import GraphQLPart

from .attach import attach

QUERY = "Reading fields: the town's own, and one per plugin that is switched on."
MUTATION = "Changes. Each is carried out completely or not at all."
SUBSCRIPTION = "Live news, over the protocol graphql-transport-ws."


Parts = tuple[tuple[str, GraphQLPart], ...]


@lru_cache(maxsize=64)
def build(core: GraphQLPart, parts: Parts) -> GraphQLSchema:
    """A schema ready to run; `core` is what is always there: its query fields stand at the root, without a namespace.

    Built once per process and set of parts: what plugins declare does not change while it runs.
    """
    with _no_collector():
        schema = _declare(core, dict(parts))._schema  # pyright: ignore[reportPrivateUsage] - Strawberry has no public way
        attach(schema)
    return schema


@contextmanager
def _no_collector() -> Generator[None]:
    """A schema is thousands of objects that all stay: the collector would triple the time by walking over them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _declare(core: GraphQLPart, parts: Mapping[str, GraphQLPart]) -> strawberry.Schema:
    query = {field.python_name: copy.copy(field) for field in root_fields(core)}
    query.update({plugin: _namespace(plugin, part.query) for plugin, part in parts.items() if part.query})
    everything = (core, *parts.values())
    mutations = {f.__name__: f.__regiohub_field__ for part in everything for f in part.mutations}
    subscriptions = {f.__name__: f.__regiohub_field__ for part in everything for f in part.subscriptions}
    extra = [kind for part in everything for kind in (*part.types, *part.errors)]
    return strawberry.Schema(
        query=_root("Query", QUERY, query),
        mutation=_root("Mutation", MUTATION, mutations) if mutations else None,
        subscription=_root("Subscription", SUBSCRIPTION, subscriptions) if subscriptions else None,
        types=[*extra, *([PlainError] if mutations else [])],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def root_fields(core: GraphQLPart) -> list[StrawberryField]:
    """The query fields of the core's part, which stand at the root."""
    return core.query.__dict__["__strawberry_definition__"].fields if core.query else []


def _namespace(plugin: str, query: type[Any]) -> StrawberryField:
    field = make_field(described(query) or "", NamespaceSpec(plugin, query), annotation=StrawberryAnnotation(query))
    field.python_name = plugin
    return field


def _root(name: str, description: str, fields: Mapping[str, StrawberryField]) -> type[Any]:
    members: dict[str, Any] = {"__annotations__": {}, "__module__": __name__}
    for python_name, field in fields.items():
        # Strawberry notes on a field which class it stands in; each schema gets its own.
        members[python_name] = copy.copy(field)
    return strawberry.type(type(name, (), members), name=name, description=description)
