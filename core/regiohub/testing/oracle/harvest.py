"""Reads what the data holds through the ordinary executor, so that random arguments meet something."""

from __future__ import annotations

import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    get_named_type,
)

from regiohub.auth.principal import Principal
from regiohub.graphql.answer import Answer
from regiohub.graphql.execute import Request, Terms, prepare
from regiohub.graphql.limits.bounds import Limits

from .documents.arguments import Arguments, Wishes
from .documents.known import Known
from .documents.scalars import Scalars
from .run import Oracle

_WIDE = Limits(depth=60, aliases=10_000, tokens=100_000, directives=10, roots=10_000, cost=10**9)
_DEPTH = 2
"""Objects within objects that are looked into below a root field."""


async def harvest(oracle: Oracle, town: str, principal: Principal) -> Known:
    """The values that this caller can see in a town, or in "region": of every field, cursors of every list."""
    composed = oracle.schema(town)
    known = Known()
    source = oracle.source(town, principal, "en")
    for _ in range(2):  # what needs arguments is asked again with what was seen in the first round
        for text in _documents(composed.schema, known):
            prepared = prepare(composed, Request(text), source, Terms(_WIDE, 60.0))
            assert not isinstance(prepared, Answer), (text, prepared.errors)
            answer = await prepared.ordinary()
            if isinstance(answer.data, dict):
                assert composed.schema.query_type is not None
                _walk(composed.schema.query_type, answer.data, known)
    return known


def _documents(schema: GraphQLSchema, known: Known) -> list[str]:
    """One document for each field of the root and of the plugins' namespaces."""
    rng = random.Random("harvest")  # noqa: S311 - for variety, not for secrets
    arguments = Arguments(Scalars(rng, known, 0.0), 0.0, literally=True)
    assert schema.query_type is not None
    found: list[str] = []
    for name, field in schema.query_type.fields.items():
        below = get_named_type(field.type)
        if isinstance(below, GraphQLObjectType) and not field.args and below.name.endswith("Query"):
            found += [f"{{ {name} {{ {_field(arguments, below, inner, _DEPTH)} }} }}" for inner in below.fields]
        else:
            found.append(f"{{ {_field(arguments, schema.query_type, name, _DEPTH)} }}")
    return found


def _field(arguments: Arguments, owner: GraphQLObjectType, name: str, depth: int) -> str:
    field = owner.fields[name]
    below = get_named_type(field.type)
    about = below
    paged = isinstance(below, GraphQLObjectType) and {"edges", "nodes"} <= below.fields.keys()
    if paged:
        about = get_named_type(below.fields["nodes"].type)
    if not isinstance(about, GraphQLObjectType):
        given = arguments.of(owner.name, name, field, owner.name, Wishes(20, calm=True)) if field.args else ""
        return f"{name}{given}" if not hasattr(below, "fields") else f"{name}{given} {{ __typename }}"
    given = arguments.of(owner.name, name, field, about.name, Wishes(40, calm=True)) if field.args else ""
    if not paged:
        return f"{name}{given} {{ {_selection(arguments, about, depth)} }}"
    texts = [f"{name}{given} {{ edges {{ cursor node {{ {_selection(arguments, about, depth)} }} }} }}"]
    order = get_named_type(field.args["orderBy"].type) if "orderBy" in field.args else None
    if isinstance(order, GraphQLEnumType):
        texts += [
            f"by_{value}_{name}: {name}(first: 30, orderBy: {value}) {{ edges {{ cursor }} }}" for value in order.values
        ]
    return " ".join(texts)


def _selection(arguments: Arguments, owner: GraphQLObjectType, depth: int) -> str:
    parts: list[str] = ["__typename"]
    for name, field in owner.fields.items():
        if hasattr(get_named_type(field.type), "fields"):
            if depth > 0:
                parts.append(_field(arguments, owner, name, depth - 1))
        else:
            given = arguments.of(owner.name, name, field, owner.name, Wishes(20, calm=True)) if field.args else ""
            parts.append(f"{name}{given}")
    return " ".join(parts)


def _walk(owner: Any, node: Any, known: Known) -> None:
    if not isinstance(node, dict) or isinstance(owner, GraphQLInterfaceType):
        return
    for key, value in node.items():
        name, order = key, None
        if key.startswith("by_"):
            order, _, name = key[3:].rpartition("_")
        if name == "__typename" or value is None:
            continue
        type_: Any = owner.fields[name].type
        named = get_named_type(type_)
        if not hasattr(named, "fields"):
            for entry in value if _listed(type_) and isinstance(value, list) else [value]:
                known.see(owner.name, name, named.name, entry)
            continue
        for entry in value if isinstance(value, list) else [value]:
            for edge in (entry.get("edges") or ()) if isinstance(entry, dict) else ():
                if "cursor" in edge:
                    known.see_cursor(owner.name, name, order, edge["cursor"])
            _walk(named, entry, known)


def _listed(type_: Any) -> bool:
    return isinstance(type_.of_type if isinstance(type_, GraphQLNonNull) else type_, GraphQLList)
